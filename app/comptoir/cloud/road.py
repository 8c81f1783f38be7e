"""The way between the cloud's broker and its workers, whichever broker it is."""

from typing import Protocol

from comptoir.bus import Arrival, Endpoint, Inbox, LinkUp, Transport, topics

SHARED = f"$share/ingest/{topics.UP.filter()}"


class Road(Protocol):
    """Brings what terminals upload, each message to one worker; carries marks back."""

    def start(self) -> None:
        """Connect in the background, again and again."""
        ...

    def stop(self) -> None:
        """Say goodbye and wait until all has ended."""
        ...

    def wait_connected(self, timeout_s: float) -> bool:
        """Wait until messages can come; tells whether they can."""
        ...

    def get(self, timeout_s: float) -> Arrival | LinkUp | None:
        """Return what came next, or None after the time."""
        ...

    def settle(self, *, kept: bool) -> None:
        """Tell the broker that all that was got is kept for good, or else must come again."""
        ...

    def publish(self, topic: str, payload: bytes) -> bool:
        """Send a message if the link is up and has room; tells whether it was taken."""
        ...


class MqttRoad:
    """A shared subscription on Mosquitto: workers join and leave as they like.

    The broker forgets what a dying worker had; terminals send again what no mark covers.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._inbox = Inbox()
        self._transport = Transport(endpoint, self._inbox, [SHARED])

    def start(self) -> None:
        self._transport.start()

    def stop(self) -> None:
        self._transport.stop()

    def wait_connected(self, timeout_s: float) -> bool:
        return self._transport.wait_connected(timeout_s)

    def get(self, timeout_s: float) -> Arrival | LinkUp | None:
        return self._inbox.get(timeout_s)

    def settle(self, *, kept: bool) -> None:
        """Do nothing: the broker has forgotten each message when it was handed over."""

    def publish(self, topic: str, payload: bytes) -> bool:
        return self._transport.publish(topic, payload)
