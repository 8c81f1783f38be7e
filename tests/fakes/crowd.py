"""A link to the cloud for each of thousands of restaurants, all in one thread.

Each is a connection of its own in MQTT 3.1.1, as a bridge has it; when the broker is gone, each
comes back by its own dice within the bridge's ``restart_timeout``.
"""

import heapq
import random
import selectors
import threading
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

from paho.mqtt.client import Client, MQTTMessage, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from comptoir.bus import Address, Arrival, Inbox, LinkUp, topics

AGAIN_S = (1.0, 5.0)
KEEPALIVE_S = 60
LOOK_S, MISC_S = 0.05, 5.0


class Crowd:
    """Carries what a fleet says, each restaurant's over its own link."""

    def __init__(self, at: Address, names: Sequence[str], inbox: Inbox) -> None:
        self._at, self._inbox = at, inbox
        self._clients = {name: self._client(name) for name in names}
        self._names = {id(client): name for name, client in self._clients.items()}
        self._selector = selectors.DefaultSelector()
        self._due: list[tuple[float, str]] = []
        self._dice = random.Random(1)
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="crowd")

    @property
    def connected(self) -> int:
        return sum(client.is_connected() for client in self._clients.values())

    def start(self) -> None:
        for name in self._clients:
            heapq.heappush(self._due, (time.monotonic(), name))
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()
        for client in self._clients.values():
            client.disconnect()
        self._selector.close()

    def publish(self, topic: str, payload: bytes, *, qos: int = 1) -> bool:
        """Send over the link of the restaurant that the topic names; tells whether it was taken."""
        client = self._clients[topic.split("/")[1]]
        with self._lock:
            if not client.is_connected():
                return False
            return client.publish(topic, payload, qos).rc == MQTTErrorCode.MQTT_ERR_SUCCESS

    def _client(self, name: str) -> Client:
        client = Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTv311)
        client.on_connect = lambda one, *_: one.subscribe(topics.MARK.at(name), 1)
        client.on_subscribe = lambda *_: self._inbox.put(LinkUp(name))
        client.on_message = partial(self._heard, name)
        client.on_socket_open = self._watch
        client.on_socket_close = self._lost
        client.on_socket_register_write = partial(self._wants, selectors.EVENT_WRITE)
        client.on_socket_unregister_write = partial(self._wants, 0)
        return client

    def _heard(self, name: str, _c: Client, _u: Any, message: MQTTMessage) -> None:
        self._inbox.put(Arrival(name, message.topic, bytes(message.payload)))

    def _watch(self, client: Client, _u: Any, connection: Any) -> None:
        self._selector.register(connection, selectors.EVENT_READ, client)

    def _watches(self, connection: Any) -> bool:
        return connection in (self._selector.get_map() or ())

    def _wants(self, more: int, client: Client, _u: Any, connection: Any) -> None:
        if self._watches(connection):  # paho tells of one that it closed, too
            self._selector.modify(connection, selectors.EVENT_READ | more, client)

    def _lost(self, client: Client, _u: Any, connection: Any) -> None:
        if self._watches(connection):
            self._selector.unregister(connection)
        if not self._stopping.is_set():
            self._later(self._names[id(client)])

    def _later(self, name: str) -> None:
        again_s = time.monotonic() + self._dice.uniform(*AGAIN_S)
        heapq.heappush(self._due, (again_s, name))

    def _run(self) -> None:
        misc_s = time.monotonic()
        while not self._stopping.is_set():
            ready = self._selector.select(LOOK_S)
            with self._lock:
                for key, what in ready:
                    self._serve(key.data, what)
                self._connect_due()
                if time.monotonic() - misc_s > MISC_S:
                    misc_s = time.monotonic()
                    for client in self._clients.values():
                        client.loop_misc()

    def _serve(self, client: Client, what: int) -> None:
        if what & selectors.EVENT_WRITE:
            client.loop_write()
        if what & selectors.EVENT_READ:
            client.loop_read()

    def _connect_due(self) -> None:
        while self._due and self._due[0][0] <= time.monotonic():
            _, name = heapq.heappop(self._due)
            try:
                self._clients[name].connect(self._at.host, self._at.port, KEEPALIVE_S)
            except OSError:
                self._later(name)
