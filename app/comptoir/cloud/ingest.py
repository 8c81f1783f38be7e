"""The ingest worker: takes what bridges forward, has it stored, then sends the mark.

The order is the promise: a mark is sent only after the store has committed.
"""

import logging
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from comptoir.bus import Arrival, LinkUp, topics, wire
from comptoir.cloud.early import OVERTAKEN, Early
from comptoir.cloud.renewer import RenewalRefused, Renewer
from comptoir.cloud.road import Road
from comptoir.cloud.store import Receipt, RestaurantRefused, Store, StoreUnavailable, checked_id
from comptoir.commands.condition import Told
from comptoir.domain.envelope import Sealed, Vector
from comptoir.domain.events import SPEAKS
from comptoir.journal.admission import GAP

log = logging.getLogger(__name__)
WAIT_S = 0.5
GATHER_S = 0.02
EVENTS_PER_COMMIT_MAX = 2000
MESSAGES_PER_COMMIT_MAX = 1000
PULL_EVENTS_MAX, PULL_BYTES_MAX = 200, 256 * 1024
PAUSE_S = 1.0
PROBLEMS_MAX = 1000
HEARD_S = 2.0
HEARD_MAX = 20_000


@dataclass(slots=True)
class Gathered:
    """What one commit will hold: events by restaurant; who asked for its mark, or for events.

    ``tries`` counts how often a restaurant's batch has waited for one that it overtook.
    """

    batches: dict[str, list[Sealed]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    pulls: list[tuple[str, wire.Pull]] = field(default_factory=list)
    renewals: dict[tuple[str, str], wire.Renew] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)
    events: int = 0
    messages: int = 0

    @property
    def full(self) -> bool:
        """Tell whether to commit now."""
        return self.events >= EVENTS_PER_COMMIT_MAX or self.messages >= MESSAGES_PER_COMMIT_MAX

    def add(self, restaurant: str, batch: Iterable[Sealed], tries: int = 0) -> None:
        """Add events of a restaurant."""
        held = self.batches.setdefault(restaurant, [])
        before = len(held)
        held.extend(batch)
        self.events += len(held) - before
        self.tries[restaurant] = max(tries, self.tries.get(restaurant, 0))


class Ingest:
    """Feeds a store from the cloud's broker; ``run`` blocks until ``stop``.

    Any number may run beside each other: the store's key makes what two of them store one.
    """

    def __init__(self, store: Store, road: Road, renewer: Renewer | None = None) -> None:
        self._store = store
        self._link = road
        self._renewer = renewer
        self._early = Early()
        self._untold: set[str] = set()
        self._heard: dict[tuple[str, str], int] = {}
        self._health: dict[tuple[str, str], Told] = {}
        self._heard_due_s = 0.0
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
        heard = self._heard and time.monotonic() >= self._heard_due_s
        if not (gathered.messages or gathered.events or self._untold or heard):
            return
        try:
            self.keep(gathered)
            self._link.settle(kept=True)
            if self._failing:
                log.info("the store works again")
            self._failing = False
        except StoreUnavailable as error:
            self._link.settle(kept=False)
            if not self._failing:
                log.warning("nothing is kept until the store works: %s", error)
            self._failing = True
            self._stopping.wait(PAUSE_S)

    def _gather(self) -> Gathered:
        """Wait for a message, then take what else is there, up to a commit's worth."""
        gathered = Gathered()
        now_s = time.monotonic()
        for waiting in self._early.due(now_s):
            gathered.add(waiting.restaurant, waiting.batch, waiting.tries)
        item = self._link.get(0 if gathered.events else self._early.wait_s(now_s, WAIT_S))
        while item is not None:
            self._take(item, gathered)
            if gathered.full:
                break
            item = self._link.get(GATHER_S if gathered.messages < 2 else 0)
        return gathered

    def _take(self, item: Arrival | LinkUp, gathered: Gathered) -> None:
        if isinstance(item, LinkUp):
            log.info("%s: uploads are taken in", item.link)
            return
        if (place := topics.place(item.topic)) is None:
            return
        gathered.messages += 1
        try:
            restaurant = checked_id(place.restaurant)
            upload = wire.unpack_upload(item.payload)
        except (RestaurantRefused, wire.MessageRefused) as error:
            self._complain((item.topic, "message"), f"{item.topic}: {error}")
            return
        who, now_ms = (restaurant, place.terminal), time.time_ns() // 1_000_000
        if len(self._heard) < HEARD_MAX:
            self._heard[who] = now_ms
        if isinstance(upload, wire.AskMark):
            gathered.asked.add(restaurant)
            if upload.health is not None and who in self._heard:
                self._health[who] = Told(now_ms, upload.health)
        elif isinstance(upload, wire.Pull):
            gathered.pulls.append((restaurant, upload))
        elif isinstance(upload, wire.Renew):
            gathered.renewals[who] = upload
        else:
            gathered.add(restaurant, wire.sealed_of(upload))

    def keep(self, gathered: Gathered) -> None:
        """Store, and only then tell how far everything is held."""
        receipts = self._store.admit(gathered.batches)
        for restaurant, receipt in receipts.items():
            self._look_at(restaurant, receipt, gathered)
        moved = {name: receipt.heads for name, receipt in receipts.items() if receipt.stored}
        self._tell(moved)
        self.tell_marks((gathered.asked | self._untold) - moved.keys())
        for restaurant, pull in gathered.pulls:
            self._send_down(restaurant, pull)
        for (restaurant, terminal), asked in gathered.renewals.items():
            self._renew(restaurant, terminal, asked)
        self._note_heard()

    def _renew(self, restaurant: str, terminal: str, asked: wire.Renew) -> None:
        """Give a terminal's bridge its next certificate; unheard, it asks again."""
        if self._renewer is None:
            return
        try:
            made = self._renewer.renewed(restaurant, terminal, asked)
        except RenewalRefused as error:
            self._complain((restaurant, "renewal", terminal), str(error))
            return
        sent = wire.pack(wire.Renewed(terminal, made))
        if self._link.publish(topics.PAPER.at(restaurant), sent):
            log.info("renewed: the certificate of the bridge of %s/%s", restaurant, terminal)

    def _note_heard(self) -> None:
        """Note now and then who was heard, and how they are; the head office shows both."""
        now_s = time.monotonic()
        if self._heard and now_s >= self._heard_due_s:
            self._store.hear(self._heard)
            self._store.note_health(self._health)
            self._heard.clear()
            self._health.clear()
            self._heard_due_s = now_s + HEARD_S

    def _send_down(self, restaurant: str, pull: wire.Pull) -> None:
        """Send a terminal what it has lost, or never had; unheard, it asks again."""
        bounds = (min(pull.events_max, PULL_EVENTS_MAX), min(pull.bytes_max, PULL_BYTES_MAX))
        batch = self._store.range(restaurant, (pull.terminal, pull.epoch), pull.first, *bounds)
        if batch and not pull.branch:
            self._link.publish(topics.DOWN.at(restaurant), wire.pack(wire.events_of(batch)))

    def _look_at(self, restaurant: str, receipt: Receipt, gathered: Gathered) -> None:
        """Say what was wrong, or wait a moment for what another worker is storing."""
        tries = gathered.tries.get(restaurant, 0)
        if any(problem.reason in OVERTAKEN for problem in receipt.problems):
            self._early.hold(restaurant, gathered.batches[restaurant], time.monotonic(), tries)
        for problem in receipt.problems:
            if problem.reason == GAP:  # a message was lost; the terminal will send it again
                log.debug("%s: %s", restaurant, problem)
            elif problem.reason not in OVERTAKEN or tries:
                key = (restaurant, problem.reason, problem.terminal)
                self._complain(key, f"{restaurant}: {problem}")

    def tell_marks(self, restaurants: Iterable[str]) -> None:
        """Send each restaurant the vector that the store has committed."""
        if names := list(restaurants):
            self._untold.difference_update(names)
            self._tell(self._store.marks(names))

    def _tell(self, vectors: Mapping[str, Vector]) -> None:
        """Send marks; those for which the link has no room now go out with the next commit."""
        for restaurant, heads in vectors.items():
            mark = wire.Mark(wire.head_list(heads), time.time_ns() // 1_000_000, SPEAKS)
            if self._link.publish(topics.MARK.at(restaurant), wire.pack(mark)):
                self._untold.discard(restaurant)
            else:
                self._untold.add(restaurant)

    def _complain(self, key: tuple[str, ...], text: str) -> None:
        """Log a fault once."""
        if key not in self._problems and len(self._problems) < PROBLEMS_MAX:
            self._problems.add(key)
            log.warning("refused: %s", text)
