"""One MQTT 5 connection on paho: connects for ever, never blocks, never queues without bound."""

import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from comptoir.bus.links import Address, Arrival, Inbox, LinkUp, ReplyTo
from comptoir.bus.tls import CloudTls, PeerTls

CONNECT_TIMEOUT_S = 3.0
KEEPALIVE_S = 5
RECONNECT_S_MIN, RECONNECT_S_MAX = 1, 2
QUEUED_MESSAGES_MAX = 500
MIDS = 1 << 16  # how many numbers MQTT has for messages on their way
PAYLOAD_BYTES_MAX = 1 << 20
UNACKED_MS_MAX = (
    4000  # a cable pulled out is noticed after this, not after TCP's quarter of an hour
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A broker to connect to: under which link name, where, as whom, how protected.

    ``client`` is the MQTT client id (a broker of peers replaces it by the certificate's CN).
    """

    link: str
    address: Address
    client: str
    tls: PeerTls | CloudTls | None = None


class _Client(Client):
    """paho's client, whose network thread ends at a goodbye alone, not at what it did not expect.

    Its own thread would be gone with the exception, and the link for good.
    """

    def __init__(self, name: str, failed_with: Callable[[Exception], None]) -> None:
        super().__init__(CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTv5)
        self.ended = threading.Event()
        self._failed_with = failed_with

    def loop_forever(
        self, timeout: float = 1.0, retry_first_connection: bool = False
    ) -> MQTTErrorCode:
        """Serve the connection, a new one after whatever went wrong with the last."""
        failed = False
        while not self.ended.is_set():
            try:
                if failed:
                    self.reconnect()
                return super().loop_forever(timeout, retry_first_connection)
            except Exception as error:  # noqa: BLE001  # a link that ends here is never back
                failed = True
                self._failed_with(error)
                self.ended.wait(RECONNECT_S_MAX)
        return MQTTErrorCode.MQTT_ERR_SUCCESS


class Transport:
    """A named link to one broker; what arrives goes into the inbox, nowhere else.

    A broken link is logged once and its end once. With ``unsettled_max`` the broker hands over no
    more than so many messages until the receiver has settled some; else each at once.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        inbox: Inbox,
        subscriptions: Sequence[str] = (),
        unsettled_max: int = 0,
    ) -> None:
        self.link = endpoint.link
        self.address = endpoint.address
        self._inbox = inbox
        self._subscriptions = tuple(subscriptions)
        self._tls = endpoint.tls
        self._unsettled_max = unsettled_max
        self._connection = 0
        self._up = threading.Event()
        self._fault = ""
        self._name = endpoint.client
        self._context = self._tls.context() if self._tls is not None else None
        self._client: _Client | None = None

    @property
    def connected(self) -> bool:
        """Tell whether the link is up and subscribed."""
        return self._up.is_set()

    def wait_connected(self, timeout_s: float) -> bool:
        """Wait until the link is up and subscribed; tells whether it is."""
        return self._up.wait(timeout_s)

    def start(self) -> None:
        """Connect in the background, again and again."""
        self._client = self._build()
        host, port = self.address.host, self.address.port
        self._client.connect_async(
            host, port, KEEPALIVE_S, clean_start=True, properties=self._bounds()
        )
        self._client.loop_start()

    def hang_up(self) -> None:
        """Say goodbye; the network thread ends soon after."""
        self._up.clear()
        if self._client is not None:
            self._client.ended.set()
            self._client.disconnect()

    def stop(self) -> None:
        """Say goodbye and wait until the network thread has ended."""
        self.hang_up()
        if self._client is not None:
            self._client.loop_stop()
            self._client = None  # paho closes its last sockets when nobody holds it any more

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        qos: int = 1,
        retain: bool = False,
        reply: ReplyTo | None = None,
    ) -> bool:
        """Send a message if the link is up and its queue has room; tells whether it was taken."""
        client = self._client
        if client is None or not self.connected:
            return False
        info = client.publish(topic, payload, qos, retain, _properties(reply))
        return info.rc == MQTTErrorCode.MQTT_ERR_SUCCESS

    def settle(self, mids: Iterable[int]) -> None:
        """Acknowledge messages of this connection, so that others may come.

        A broker hangs up on who acknowledges what it did not send: an earlier connection's numbers.
        """
        client = self._client
        for settled in mids:
            connection, mid = divmod(settled, MIDS)
            if mid and connection == self._connection and client is not None:
                client.ack(mid, 1)

    def _bounds(self) -> Properties | None:
        if not self._unsettled_max:
            return None
        bounds = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho's gap
        bounds.ReceiveMaximum = self._unsettled_max
        return bounds

    def _build(self) -> _Client:
        client = _Client(self._name, self._on_failure)
        client.connect_timeout = CONNECT_TIMEOUT_S
        client.reconnect_delay_set(RECONNECT_S_MIN, RECONNECT_S_MAX)
        client.max_queued_messages_set(QUEUED_MESSAGES_MAX)
        client.manual_ack_set(bool(self._unsettled_max))
        if self._context is not None:
            client.tls_set_context(self._context)
            # paho would ask a function that Python 3.12 removed; the context checks what is right
            client.tls_insecure_set(not self._context.check_hostname)
        client.on_socket_open = _no_endless_silence
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        return client

    def _on_connect(
        self, client: Client, _: Any, _flags: ConnectFlags, reason: ReasonCode, _p: Any
    ) -> None:
        self._connection += 1
        if reason.is_failure:
            self._broken(str(reason))
            return
        if self._tls is not None and not self._tls.accepts(_shown(client)):
            self._broken("it showed another certificate than the listed one")
            _hang_up(client)
            return
        if self._subscriptions:
            options = SubscribeOptions(qos=1, noLocal=True)
            client.subscribe([(topic, options) for topic in self._subscriptions])
        else:
            self._ready()

    def _on_subscribe(
        self, _c: Client, _u: Any, _mid: int, reasons: list[ReasonCode], _p: Any
    ) -> None:
        refused = [str(reason) for reason in reasons if reason.is_failure]
        if refused:
            self._broken(f"a subscription was refused: {refused[0]}")
        else:
            self._ready()

    def _ready(self) -> None:
        if self._fault:
            log.info("link %s: connected again", self.link)
        self._fault = ""
        self._up.set()
        self._inbox.put(LinkUp(self.link))

    def _on_connect_fail(self, _c: Client, _u: Any) -> None:
        self._broken("nobody answers")

    def _on_disconnect(
        self, _c: Client, _u: Any, _flags: DisconnectFlags, reason: ReasonCode, _p: Any
    ) -> None:
        self._up.clear()
        if reason.is_failure:
            self._broken("the connection was lost")

    def _on_failure(self, error: Exception) -> None:
        self._up.clear()
        log.warning("link %s at %s failed: %r; trying again", self.link, self.address, error)

    def _broken(self, why: str) -> None:
        if not self._fault:
            log.warning("link %s at %s: %s; trying again", self.link, self.address, why)
        self._fault = why

    def _on_message(self, _c: Client, _u: Any, message: MQTTMessage) -> None:
        if len(message.payload) > PAYLOAD_BYTES_MAX:
            log.warning("link %s: %d bytes dropped", self.link, len(message.payload))
            return
        properties = message.properties
        self._inbox.put(
            Arrival(
                self.link,
                message.topic,
                bytes(message.payload),
                ReplyTo(
                    getattr(properties, "ResponseTopic", ""),
                    getattr(properties, "CorrelationData", b""),
                ),
                self._connection * MIDS + message.mid if message.qos else 0,
            )
        )


def _properties(reply: ReplyTo | None) -> Properties | None:
    if reply is None:
        return None
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho's gap
    if reply.topic:
        properties.ResponseTopic = reply.topic
    if reply.correlation:
        properties.CorrelationData = reply.correlation
    return properties


def _shown(client: Client) -> bytes | None:
    """Return the DER certificate that the broker showed."""
    connection = client.socket()
    return (
        connection.getpeercert(binary_form=True) if isinstance(connection, ssl.SSLSocket) else None
    )


def _hang_up(client: Client) -> None:
    """Break the connection from within a callback; paho tries again later."""
    connection = client.socket()
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)


def _no_endless_silence(_c: Client, _u: Any, connection: Any) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNACKED_MS_MAX)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
