"""The head office's copies of the restaurants' journals, folded by what folds on a terminal.

So every figure is worked out by the same code from the same events, and one hash says whether it
is the terminals' own. A copy can be thrown away: it is made anew from the store.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from comptoir.cloud.early import OVERTAKEN
from comptoir.cloud.store import Store, checked_id
from comptoir.commands.overview import Overview, overview
from comptoir.commands.sales import Sales
from comptoir.domain.envelope import Head, LogId, Vector
from comptoir.domain.house import Card
from comptoir.journal import Clock, Journal, folding

EVENTS_MAX, BYTES_MAX = 1000, 1 << 20
BATCHES_MAX = 20
NOTHING = Head(0, "")
HEAD_OFFICE = "head-office"


class Source(NamedTuple):
    """A log in the store, and the restaurant's cards that were trusted from the start."""

    restaurant: str
    log: LogId
    cards: Mapping[str, Card]


class Mirror:
    """Copies journals out of a store; one thread calls ``follow``, any may read.

    A journal is open only while it is looked at, so that thousands of restaurants cost no more
    than their files.
    """

    def __init__(self, store: Store, folder: Path, clock: Clock) -> None:
        self._store = store
        self._folder = folder
        self._clock = clock
        self._made: set[str] = set()
        self._refused: dict[tuple[str, LogId], int] = {}

    @contextmanager
    def journal(self, restaurant: str) -> Iterator[Journal]:
        """Open a restaurant's copy for a moment."""
        with closing(Journal(self._folder / f"{checked_id(restaurant)}.db")) as journal:
            if restaurant not in self._made:
                self._folder.mkdir(parents=True, exist_ok=True)
                journal.migrate()
                folding.renew(journal, at_once=True)
                self._made.add(restaurant)
            yield journal

    def follow(self, restaurant: str, mark: Vector) -> tuple[Overview, bool]:
        """Copy what is new up to a mark; returns the figures, and whether all is copied."""
        cards = dict(self._store.cards(restaurant))
        with self.journal(restaurant) as journal:
            room = BATCHES_MAX
            for log in sorted(mark):
                room = self._copy(journal, Source(restaurant, log, cards), mark[log], room)
            held = journal.vector()
            cards.pop(HEAD_OFFICE, None)  # an author, no terminal
            with closing(Sales(journal)) as sales:
                found = overview(restaurant, journal, sales, cards, self._clock.now_ms())
            whole = all(self._done(restaurant, log, held, mark[log]) for log in mark)
            return found, whole and not found.behind

    def try_again(self, restaurant: str) -> None:
        """Ask anew for what a copy refused: more of it may count now."""
        for at in [at for at in self._refused if at[0] == restaurant]:
            self._refused.pop(at, None)

    def _copy(self, journal: Journal, source: Source, head: Head, room: int) -> int:
        """Copy a log's new events; returns how many batches are still allowed."""
        restaurant, log, cards = source
        held = journal.head(log).seq
        while held < head.seq and room and self._refused.get((restaurant, log), 0) < head.seq:
            room -= 1
            batch = self._store.range(restaurant, log, held + 1, EVENTS_MAX, BYTES_MAX)
            if not batch:
                break
            done = journal.admit(batch, restaurant=restaurant, trust=cards)
            if not done.stored and not any(one.reason in OVERTAKEN for one in done.problems):
                self._refused[restaurant, log] = head.seq  # not tried again until the log grows
            if not done.stored:
                break
            held = journal.head(log).seq
        return room

    def _done(self, restaurant: str, log: LogId, held: Vector, head: Head) -> bool:
        refused = self._refused.get((restaurant, log), 0)
        return held.get(log, NOTHING).seq >= head.seq or refused >= head.seq
