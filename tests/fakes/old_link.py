"""A link in MQTT 3.1.1, as bridges of terminals have it, and as RabbitMQ 3.10 alone knows it."""

from collections.abc import Sequence
from typing import Any

from paho.mqtt.client import Client, MQTTMessage, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from comptoir.bus import Address, Arrival, Inbox, LinkUp

QUEUED_MAX = 20_000


class OldLink:
    """Connects again and again; what arrives goes into the inbox."""

    def __init__(self, name: str, at: Address, inbox: Inbox, subscriptions: Sequence[str]) -> None:
        self.link, self._at, self._inbox = name, at, inbox
        self._wanted = [(topic, 1) for topic in subscriptions]
        self._client = Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTv311)
        self._client.reconnect_delay_set(1, 2)
        self._client.max_queued_messages_set(QUEUED_MAX)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = lambda *_: inbox.put(LinkUp(name))
        self._client.on_message = self._on_message

    def start(self) -> None:
        self._client.connect_async(self._at.host, self._at.port, keepalive=5)
        self._client.loop_start()

    def stop(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, topic: str, payload: bytes, *, qos: int = 1) -> bool:
        """Send a message if the link is up; tells whether it was taken."""
        if not self._client.is_connected():
            return False
        return self._client.publish(topic, payload, qos).rc == MQTTErrorCode.MQTT_ERR_SUCCESS

    def _on_connect(self, client: Client, *_: Any) -> None:
        client.subscribe(self._wanted)

    def _on_message(self, _c: Client, _u: Any, message: MQTTMessage) -> None:
        self._inbox.put(Arrival(self.link, message.topic, bytes(message.payload)))
