"""The ingest worker: takes what bridges forward, has it stored, then sends the mark.

The order is the promise: a mark is sent only after the store has committed.
"""

import logging
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from comptoir.bus import Arrival, Endpoint, Inbox, LinkUp, Transport, topics, wire
from comptoir.cloud.store import RestaurantRefused, Store, StoreUnavailable, checked_id
from comptoir.domain.envelope import Sealed

log = logging.getLogger(__name__)
WAIT_S = 0.5
GATHER_S = 0.02
EVENTS_PER_COMMIT_MAX = 2000
MESSAGES_PER_COMMIT_MAX = 500
PAUSE_S = 1.0
PROBLEMS_MAX = 1000


@dataclass(slots=True)
class Gathered:
    """What one commit will hold: events by restaurant, and who asked for its mark."""

    batches: dict[str, list[Sealed]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    events: int = 0
    messages: int = 0

    @property
    def full(self) -> bool:
        """Tell whether to commit now."""
        return self.events >= EVENTS_PER_COMMIT_MAX or self.messages >= MESSAGES_PER_COMMIT_MAX


class Ingest:
    """Feeds a store from the cloud's broker; ``run`` blocks until ``stop``.

    Any number may run beside each other: the store's key makes what two of them store one.
    """

    def __init__(self, store: Store, endpoint: Endpoint) -> None:
        self._store = store
        self._inbox = Inbox()
        self._link = Transport(endpoint, self._inbox, [topics.UP.filter()])
        self._stopping = threading.Event()
        self._problems: set[tuple[str, ...]] = set()
        self._failing = False

    def run(self) -> None:
        """Work until ``stop`` is called from another thread or a signal handler."""
        self._link.start()
        try:
            while not self._stopping.is_set():
                self._turn()
        finally:
            self._link.stop()

    def stop(self) -> None:
        """End ``run`` within a moment."""
        self._stopping.set()

    def _turn(self) -> None:
        gathered = self._gather()
        if not gathered.messages:
            return
        try:
            self.keep(gathered)
            if self._failing:
                log.info("the store works again")
            self._failing = False
        except StoreUnavailable as error:
            if not self._failing:
                log.warning("nothing is kept until the store works: %s", error)
            self._failing = True
            self._stopping.wait(PAUSE_S)

    def _gather(self) -> Gathered:
        """Wait for a message, then take what else is there, up to a commit's worth."""
        gathered = Gathered()
        item = self._inbox.get(WAIT_S)
        while item is not None:
            self._take(item, gathered)
            if gathered.full:
                break
            item = self._inbox.get(GATHER_S if gathered.messages < 2 else 0)
        return gathered

    def _take(self, item: Arrival | LinkUp, gathered: Gathered) -> None:
        place = topics.place(item.topic) if isinstance(item, Arrival) else None
        if not isinstance(item, Arrival) or place is None:
            return
        try:
            restaurant = checked_id(place.restaurant)
            upload = wire.unpack_upload(item.payload)
        except (RestaurantRefused, wire.MessageRefused) as error:
            self._complain((item.topic, "message"), f"{item.topic}: {error}")
            return
        gathered.messages += 1
        if isinstance(upload, wire.AskMark):
            gathered.asked.add(restaurant)
        else:
            gathered.batches.setdefault(restaurant, []).extend(wire.sealed_of(upload))
            gathered.events += len(upload.events)

    def keep(self, gathered: Gathered) -> None:
        """Store, and only then tell how far everything is held."""
        receipts = self._store.admit(gathered.batches)
        for restaurant, receipt in receipts.items():
            for problem in receipt.problems:
                key = (restaurant, problem.reason, problem.terminal)
                self._complain(key, f"{restaurant}: {problem}")
        moved = {name for name, receipt in receipts.items() if receipt.stored}
        self.tell_marks(moved | gathered.asked)

    def tell_marks(self, restaurants: Iterable[str]) -> None:
        """Send each restaurant the vector that the store has committed."""
        for restaurant, heads in self._store.marks(restaurants).items():
            mark = wire.Mark(wire.head_list(heads), time.time_ns() // 1_000_000)
            self._link.publish(topics.MARK.at(restaurant), wire.pack(mark))

    def _complain(self, key: tuple[str, ...], text: str) -> None:
        """Log a fault once."""
        if key not in self._problems and len(self._problems) < PROBLEMS_MAX:
            self._problems.add(key)
            log.warning("refused: %s", text)
