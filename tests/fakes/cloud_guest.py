"""A client at the cloud's broker, with whatever papers it has."""

import ssl
import threading
from pathlib import Path

from paho.mqtt.client import Client, MQTTMessage, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from comptoir.bus import Address
from tests.fakes.restaurant import until

ANSWER_S_MAX = 60.0
SILENCE_S = 3.0  # RabbitMQ 3.10 does not answer a publication that it refused


class Guest:
    """Speaks MQTT 3.1.1, as Mosquitto's bridge does; once thrown out it does not come again."""

    def __init__(
        self, at: Address, ca: Path, client: str, certificate: Path | None = None,
        key: Path | None = None,
    ) -> None:  # fmt: skip
        self.heard: list[str] = []
        self.acknowledged: set[int] = set()
        self._at = at
        self._answered, self._gone = threading.Event(), threading.Event()
        self._told, self._in = threading.Event(), False
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=client,
            protocol=MQTTv311,
            clean_session=True,
            reconnect_on_failure=False,
        )
        shown, proof = (str(file) if file else None for file in (certificate, key))
        self._client.tls_set(str(ca), shown, proof)
        self._client.on_connect = self._admitted
        self._client.on_disconnect = self._thrown_out
        self._client.on_message = self._hear
        self._client.on_publish = lambda _c, _u, mid, _r, _p: self.acknowledged.add(mid)
        self._client.max_queued_messages_set(0)

    def client_id(self, name: str) -> None:
        self._client._client_id = name.encode()

    def say_password(self, name: str, password: str) -> None:
        self._client.username_pw_set(name, password)

    def _admitted(
        self, _c: Client, _about: object, _flags: object, why: ReasonCode, _p: object
    ) -> None:
        self._in = not why.is_failure
        self._answered.set()

    def _thrown_out(self, *_about: object) -> None:
        self._gone.set()
        self._answered.set()

    def _hear(self, _client: Client, _about: object, message: MQTTMessage) -> None:
        self.heard.append(message.topic)
        self._told.set()

    def comes_in(self) -> bool:
        """Tell whether the broker takes this client; others are cut off."""
        try:
            self._client.connect(self._at.host, self._at.port)
        except (ssl.SSLError, ConnectionError, TimeoutError):
            return False
        self._client.loop_start()
        assert self._answered.wait(ANSWER_S_MAX)
        return self._in

    def publish(self, topic: str, payload: bytes) -> bool:
        """Send with QoS 1, wait until it is acknowledged, refused or left unanswered."""
        sent = self._client.publish(topic, payload, qos=1)
        for _ in range(int(SILENCE_S / 0.05)):
            if sent.mid in self.acknowledged or self._gone.wait(0.05):
                break
        return sent.mid in self.acknowledged

    def publish_all(self, topic: str, payloads: list[bytes], seconds: float) -> list[bytes]:
        """Send all at once; returns those that were acknowledged within the time."""
        mids = {self._client.publish(topic, one, qos=1).mid: one for one in payloads}
        for _ in range(int(seconds / 0.05)):
            if len(self.acknowledged) == len(mids) or self._gone.wait(0.05):
                break
        return [one for mid, one in mids.items() if mid in self.acknowledged]

    def listen(self, topic: str) -> None:
        """Subscribe, and wait for the answer or for the end of the connection."""
        answered = threading.Event()
        self._client.on_subscribe = lambda *_: answered.set()
        self._client.subscribe(topic, qos=1)
        until(lambda: answered.is_set() or self._gone.is_set(), ANSWER_S_MAX, topic)

    def heard_within(self, seconds: float) -> bool:
        return self._told.wait(seconds)

    def leave(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()
