"""The road on RabbitMQ: durable quorum queues between its MQTT plugin and the ingest workers.

A fixed number of queues part the restaurants by a hash, so that a restaurant's uploads keep their
order; worker i of n takes every n-th queue. A queue has one consumer at a time: where the same
worker runs on two hosts, the second takes over when the first is gone.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pika
from pika.adapters.blocking_connection import BlockingChannel, BlockingConnection
from pika.exceptions import AMQPError

from comptoir.bus import Address, Arrival, CloudTls, Inbox, LinkUp, topics
from comptoir.cloud.road import ALL, Share

log = logging.getLogger(__name__)
MQTT_EXCHANGE = "amq.topic"  # where RabbitMQ's MQTT plugin publishes, and listens
PARTS_EXCHANGE = "comptoir.ingest"
PARTS = 8
QUORUM, CLASSIC = "quorum", "classic"
UNSETTLED_MAX = 1000
TURN_S = 0.02
AGAIN_S = 1.0
HEARTBEAT_S = 10
CONNECT_S_MAX = 5
CONNECTION_SHIFT = 40  # a delivery's number counts anew on each connection
PERSISTENT = pika.BasicProperties(delivery_mode=2)  # what MQTT calls QoS 1


class AmqpRoad:
    """Consumes from any node of a cluster; what was not settled comes again."""

    def __init__(
        self,
        nodes: Sequence[Address],
        tls: CloudTls | None = None,
        share: Share = ALL,
        queue_type: str = QUORUM,
    ) -> None:
        self._nodes = [_parameters(node, tls) for node in nodes]
        self._share = share
        self._kind = {"x-queue-type": queue_type, "x-single-active-consumer": True}
        self._inbox = Inbox()
        self._taken = 0
        self._up = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="amqp", daemon=True)
        self._connection: BlockingConnection | None = None
        self._channel: BlockingChannel | None = None
        self._number = 0
        self._fault = ""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def wait_connected(self, timeout_s: float) -> bool:
        return self._up.wait(timeout_s)

    def get(self, timeout_s: float) -> Arrival | LinkUp | None:
        item = self._inbox.get(timeout_s)
        if isinstance(item, Arrival):
            self._taken = item.mid
        return item

    def settle(self, *, kept: bool) -> None:
        """Acknowledge up to the last message got, or have all of them sent again."""
        taken, self._taken = self._taken, 0
        number, tag = divmod(taken, 1 << CONNECTION_SHIFT)

        def tell(channel: BlockingChannel) -> None:
            if number != self._number:
                return  # of a connection that broke: they come again by themselves
            if kept:
                channel.basic_ack(tag, multiple=True)
            else:
                channel.basic_nack(tag, multiple=True, requeue=True)

        if taken:
            self._ask(tell)

    def publish(self, topic: str, payload: bytes) -> bool:
        key = topic.replace("/", ".")
        return self._ask(
            lambda channel: channel.basic_publish(MQTT_EXCHANGE, key, payload, PERSISTENT)
        )

    def _ask(self, do: Callable[[BlockingChannel], object]) -> bool:
        """Have the connection's own thread do something; tells whether there is a connection."""
        connection, channel = self._connection, self._channel
        if connection is None or channel is None or not self._up.is_set():
            return False
        try:
            connection.add_callback_threadsafe(lambda: do(channel))
        except AMQPError:
            return False
        return True

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                self._serve()
            except (AMQPError, OSError) as error:
                self._broken(f"{type(error).__name__} {error}".strip())
            finally:
                self._up.clear()
                self._connection = self._channel = None
            self._stopping.wait(AGAIN_S)

    def _serve(self) -> None:
        """Connect, and carry both ways until it breaks or is no longer wanted."""
        with BlockingConnection(self._nodes) as connection:
            self._number += 1
            self._channel = channel = connection.channel()
            channel.basic_qos(prefetch_count=UNSETTLED_MAX)
            self._consume(channel)
            self._connection = connection
            self._ready()
            while not self._stopping.is_set():
                connection.process_data_events(time_limit=TURN_S)

    def _consume(self, channel: BlockingChannel) -> None:
        """Declare everything anew, which changes nothing that is there, and take our queues."""
        channel.exchange_declare(PARTS_EXCHANGE, "x-consistent-hash", durable=True)
        for part in range(PARTS):
            queue = f"{PARTS_EXCHANGE}.{part}"
            channel.queue_declare(queue, durable=True, arguments=self._kind)
            channel.queue_bind(queue, PARTS_EXCHANGE, "1")
            if part % self._share.count == self._share.number - 1:
                channel.basic_consume(queue, self._arrived)
        uploads = topics.UP.filter().replace("/", ".").replace("+", "*")
        channel.exchange_bind(PARTS_EXCHANGE, MQTT_EXCHANGE, uploads)

    def _arrived(self, _channel: BlockingChannel, method: Any, _about: Any, body: bytes) -> None:
        mid = (self._number << CONNECTION_SHIFT) + method.delivery_tag
        topic = method.routing_key.replace(".", "/")
        self._inbox.put(Arrival("cloud broker", topic, body, mid=mid))

    def _ready(self) -> None:
        if self._fault:
            log.info("RabbitMQ: connected again")
        self._fault = ""
        self._up.set()
        self._inbox.put(LinkUp("cloud broker"))

    def _broken(self, why: str) -> None:
        if not self._fault:
            log.warning("RabbitMQ: %s; trying again", why)
        self._fault = why


def _parameters(node: Address, tls: CloudTls | None) -> pika.ConnectionParameters:
    """Return how to reach one node; under TLS the certificate says who we are."""
    about: dict[str, Any] = {
        "host": node.host,
        "port": node.port,
        "heartbeat": HEARTBEAT_S,
        "socket_timeout": CONNECT_S_MAX,
        "blocked_connection_timeout": HEARTBEAT_S,
    }
    if tls is not None:
        about["ssl_options"] = pika.SSLOptions(tls.context(), node.host)
        about["credentials"] = pika.credentials.ExternalCredentials()
    return pika.ConnectionParameters(**about)
