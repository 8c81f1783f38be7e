"""What goes into and comes out of a connection: addresses, arrivals, the bounded inbox."""

import queue
from collections import deque
from dataclasses import dataclass
from typing import Protocol, Self

INBOX_ITEMS_MAX = 4096
LINKS_MAX = 64
PORT_MAX = 65535


class AddressRefused(ValueError):
    """A text that is no ``host:port``."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a broker listens."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``host:port`` or ``[v6]:port``; raises AddressRefused."""
        host, _, port = text.rpartition(":")
        host = host.removeprefix("[").removesuffix("]")
        plain = host.isascii() and not any(c.isspace() for c in host)
        if not host or not plain or not port.isdecimal() or not 0 < int(port) <= PORT_MAX:
            raise AddressRefused(f"{text!r} is no address; write it as host:port")
        return cls(host, int(port))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class ReplyTo:
    """Where an answer is awaited, and the mark by which it is known again (MQTT 5)."""

    topic: str = ""
    correlation: bytes = b""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message, and over which link it came; ``mid`` settles it, 0 for none."""

    link: str
    topic: str
    payload: bytes
    reply: ReplyTo = ReplyTo()
    mid: int = 0


@dataclass(frozen=True, slots=True)
class LinkUp:
    """A link is connected and has its subscriptions."""

    link: str


class Link(Protocol):
    """A named connection to one broker; what arrives over it goes into an inbox."""

    link: str

    @property
    def connected(self) -> bool:
        """Tell whether the link is up and subscribed."""
        ...

    def start(self) -> None:
        """Connect in the background, again and again."""
        ...

    def hang_up(self) -> None:
        """Say goodbye."""
        ...

    def stop(self) -> None:
        """Say goodbye and wait until all has ended."""
        ...

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        qos: int = 1,
        retain: bool = False,
        reply: ReplyTo | None = None,
    ) -> bool:
        """Send a message if the link is up and has room; tells whether it was taken."""
        ...


class Inbox:
    """The one bounded queue between network threads and the thread that decides.

    When it is full a message is dropped and counted: vectors and marks bring everything back.
    """

    def __init__(self, items_max: int = INBOX_ITEMS_MAX) -> None:
        self._items: queue.Queue[Arrival | LinkUp] = queue.Queue(items_max)
        self._links: deque[LinkUp] = deque(maxlen=LINKS_MAX)
        self.dropped = 0

    def put(self, item: Arrival | LinkUp) -> None:
        """Add an item, or count it as dropped; never waits. A link's rise is not dropped."""
        try:
            self._items.put_nowait(item)
        except queue.Full:
            if isinstance(item, LinkUp):
                self._links.append(item)
            else:
                self.dropped += 1

    def get(self, timeout_s: float) -> Arrival | LinkUp | None:
        """Return the next item, or None after the time."""
        try:
            if self._links:
                return self._links.popleft()
            if timeout_s <= 0:
                return self._items.get_nowait()
            return self._items.get(timeout=timeout_s)
        except queue.Empty:
            return None
