"""What a joining terminal asks for first, and what it leaves for later.

The present is every event of what is open or in force: menu, staff, floor, open checks. A peer
reads it a page at a time from the live journal; no copy is made, and nobody who sells waits.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from comptoir.domain.envelope import Head, LogId, Sealed
from comptoir.domain.house import Card
from comptoir.journal import ahead, refiling, rows, unfolded
from comptoir.journal.admission import Admission
from comptoir.journal.store import Journal

IN_FORCE = (
    *("restaurant", "terminal", "staff", "client", "floor", "terms", "tips", "courses", "scales"),
    *("menu", "draft", "item", "count", "offline", "away", "drawers", "drawer", "day", "printing"),
    *("check", "tickets", "account", "shift", "visit"),
)
OF_A_CHECK = "tickets"
AGGREGATES_MAX = 500


class Place(NamedTuple):
    """Where a page ends: the number of its kind, its last aggregate, how many of whose events."""

    kind: int = 0
    name: str = ""
    events: int = 0


class Page(NamedTuple):
    """A part of the present; ``heads`` are as of its reading, the end is None after the last."""

    events: list[Sealed]
    heads: dict[LogId, Head]
    end: Place | None


def page(journal: Journal, after: Place, events_max: int, bytes_max: int) -> Page:
    """Return the next part of the present; at least one event, unless there is none left."""
    db = journal.reader()
    db.execute("BEGIN")
    try:
        events, end = _read(db, after, events_max, bytes_max)
        return Page(events, rows.vector(db), end)
    finally:
        db.execute("COMMIT")


def _read(
    db: sqlite3.Connection, after: Place, events_max: int, bytes_max: int
) -> tuple[list[Sealed], Place | None]:
    batch: list[Sealed] = []
    size, end = 0, after
    for place, sealed in _from(db, after):
        size += len(sealed.payload) + len(sealed.signature)
        if batch and (len(batch) == events_max or size > bytes_max):
            return batch, end
        batch.append(sealed)
        end = place
    return batch, None


def _from(db: sqlite3.Connection, after: Place) -> Iterator[tuple[Place, Sealed]]:
    for kind in range(after.kind, len(IN_FORCE)):
        name, skip = (after.name, after.events) if kind == after.kind else ("", 0)
        if name:
            yield from _events(db, kind, name, skip)
        for following in _names(db, IN_FORCE[kind], name):
            yield from _events(db, kind, following, 0)


def _names(db: sqlite3.Connection, kind: str, after: str) -> Iterator[str]:
    """Return the aggregates of a kind that are open or in force, after one of them."""
    of_check = kind == OF_A_CHECK
    looked = "check" if of_check else kind
    last = after.replace(f"{OF_A_CHECK}:", "check:", 1) if of_check else after
    last = last or f"{looked}:"
    query = (
        "SELECT aggregate FROM projection WHERE active = 1 AND aggregate > ? AND aggregate < ?"
        " ORDER BY aggregate LIMIT ?"
    )
    while found := db.execute(query, (last, f"{looked};", AGGREGATES_MAX)).fetchall():
        for (name,) in found:
            yield name.replace("check:", f"{OF_A_CHECK}:", 1) if of_check else name
        last = found[-1][0]


def _events(
    db: sqlite3.Connection, kind: int, name: str, skip: int
) -> Iterator[tuple[Place, Sealed]]:
    """Return an aggregate's events in the order in which they came here, without the first."""
    found = db.execute(
        "SELECT payload, signature FROM aggregate_event JOIN entry USING (position)"
        " WHERE aggregate = ? ORDER BY position LIMIT -1 OFFSET ?",
        (name, skip),
    )
    for number, row in enumerate(found, skip + 1):
        yield Place(kind, name, number), Sealed(*row)


def admit_ahead(
    journal: Journal, batch: Iterable[Sealed], *, restaurant: str, trust: Mapping[str, Card]
) -> Admission:
    """Let events in whatever is missing in front of them, each checked by its own signature."""
    with journal.transaction() as db:
        return ahead.Forerunner(db, restaurant, trust).admit_each(batch)


def settled(journal: Journal) -> bool:
    """Tell whether the projections are those of the vector: nothing ahead, nothing unfolded."""
    db = journal.reader()
    return not (unfolded.some(db) or refiling.some(db) or ahead.some(db))


def waiting(journal: Journal) -> bool:
    """Tell whether anything waits to be read or folded."""
    return unfolded.some(journal.reader()) or refiling.some(journal.reader())


def fold(journal: Journal, count_max: int) -> int:
    """Read or fold some of what waits; returns how many."""
    with journal.transaction() as db:
        return refiling.step(db) or unfolded.fold(db, count_max)
