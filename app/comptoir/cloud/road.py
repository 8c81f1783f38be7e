"""The way between the cloud's broker and its workers, whichever broker it is."""

import zlib
from dataclasses import dataclass
from typing import Protocol

from comptoir.bus import Arrival, Endpoint, Inbox, LinkUp, Transport, topics

UNSETTLED_MAX = 2000


@dataclass(frozen=True, slots=True)
class Share:
    """Which restaurants a worker takes in: ``number`` of ``count``, from 1.

    A restaurant's uploads continue one another, so one worker gets them all, in their order.
    """

    number: int = 1
    count: int = 1

    def has(self, restaurant: str) -> bool:
        """Tell whether a restaurant is this worker's."""
        return zlib.crc32(restaurant.encode()) % self.count == self.number - 1


ALL = Share()
NOBODYS = Share(0)  # of who only speaks


class Road(Protocol):
    """Brings what terminals of a worker's restaurants upload; carries marks back."""

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
    """A subscription on Mosquitto; every worker hears all and leaves out what is others'.

    The broker keeps what a busy worker has no room for, and forgets what a dying one had; terminals
    send again what no mark covers.
    """

    def __init__(self, endpoint: Endpoint, share: Share = ALL) -> None:
        self._inbox = Inbox()
        heard = [] if share == NOBODYS else [topics.UP.filter()]
        self._transport = Transport(endpoint, self._inbox, heard, UNSETTLED_MAX)
        self._share = share
        self._taken: list[int] = []

    def start(self) -> None:
        self._transport.start()

    def stop(self) -> None:
        self._transport.stop()

    def wait_connected(self, timeout_s: float) -> bool:
        return self._transport.wait_connected(timeout_s)

    def get(self, timeout_s: float) -> Arrival | LinkUp | None:
        item = self._inbox.get(timeout_s)
        while isinstance(item, Arrival) and not self._ours(item):
            self._transport.settle([item.mid])
            item = self._inbox.get(0)
        if isinstance(item, Arrival) and item.mid:
            self._taken.append(item.mid)
        return item

    def _ours(self, item: Arrival) -> bool:
        place = topics.place(item.topic)
        return place is not None and self._share.has(place.restaurant)

    def settle(self, *, kept: bool) -> None:
        """Make room; MQTT has no way to ask for a message again, so what is not kept is left."""
        del kept
        self._transport.settle(self._taken)
        self._taken.clear()

    def publish(self, topic: str, payload: bytes) -> bool:
        return self._transport.publish(topic, payload)
