"""Moves what closed days said out of the journal into day files, a small step at a time.

The file is whole and on disk before the journal lets go of anything, and it lets go only of bytes
that the file holds: a power cut between any two steps costs the step. What later days still fold,
a menu or an account, stays in the journal.
"""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from comptoir.domain.envelope import LogId, Sealed
from comptoir.domain.errors import EventMalformed
from comptoir.domain.events import aggregates_of
from comptoir.domain.figures import Close, ClosedDays
from comptoir.journal import day_files
from comptoir.journal.connections import JournalUnusable
from comptoir.journal.decoding import event_of
from comptoir.journal.store import Journal

DAILY = frozenset({"check", "drawer", "sale", "takings", "tickets"})
STEP_EVENTS = 200
_SHORT = (
    "SELECT position, terminal, epoch, seq, hlc, kind, command, hash FROM event"
    " WHERE position = ? AND payload = ? AND file IS NULL"
)
Held = Callable[[LogId], int]


class Stretch(NamedTuple):
    """Events ``first`` to ``last`` of one log."""

    terminal: str
    epoch: int
    first: int
    last: int

    @property
    def log(self) -> LogId:
        """Return whose events they are."""
        return self.terminal, self.epoch


class Day(NamedTuple):
    """A business day (ISO 8601) that can be filed, and the closed ranges that make it."""

    date: str
    stretches: tuple[Stretch, ...]


def due(journal: Journal, held: Held) -> Day | None:
    """Return the oldest closed day to be filed, if a later one is closed and all hold it whole.

    ``held`` tells up to which seq everybody holds a log.
    """
    closes = [one for state in _closed(journal) for one in state.closes]
    filed = _filed(journal)
    newest = max((close.date for close in closes), default="")
    for date in sorted({close.date for close in closes} - {newest}):
        wanted = {part for close in closes if close.date == date for part in _stretches(close)}
        todo = sorted(wanted - filed)
        if todo and all(part.last <= held(part.log) for part in todo):
            return Day(date, tuple(todo))
    return None


def _closed(journal: Journal) -> list[ClosedDays]:
    return journal.states("day")


def _stretches(close: Close) -> Iterator[Stretch]:
    for one in close.ranges:
        yield Stretch(close.terminal, one.epoch, one.first, one.last)


def _filed(journal: Journal) -> set[Stretch]:
    found = journal.reader().execute("SELECT terminal, epoch, first, last FROM filed_range")
    return {Stretch(*row) for row in found}


def begun(journal: Journal) -> list[int]:
    """Return the day files that are whole, though the journal has not let go of all they hold."""
    found = journal.reader().execute("SELECT file FROM day_file WHERE whole = 0 ORDER BY file")
    return [file for (file,) in found]


def file_day(journal: Journal, day: Day) -> Iterator[None]:
    """Write a day's file, then let go of what it holds; pauses after each step."""
    file = _next_file(journal, day.date)
    try:
        yield from _write(journal, day, _path(journal, file))
    except (sqlite3.Error, OSError) as error:
        raise JournalUnusable(f"Day file of {day.date}: {error}. Check the disk.") from error
    with journal.transaction() as db:
        db.execute("INSERT INTO day_file VALUES (?, 0)", (file,))
        db.executemany(
            "INSERT INTO filed_range VALUES (?, ?, ?, ?, ?)",
            [(*stretch, file) for stretch in day.stretches],
        )
    yield
    yield from let_go(journal, file)


def _write(journal: Journal, day: Day, path: Path) -> Iterator[None]:
    with day_files.Binder(path) as binder:
        for stretch in day.stretches:
            for rows in _read(journal, stretch):
                binder.add(rows)
                yield
        binder.finish()


def let_go(journal: Journal, file: int) -> Iterator[None]:
    """Let go of the bytes that a day file holds; pauses after each step."""
    for part in _contents(journal, file):
        with journal.transaction() as db:
            _shrink(db, file, part)
        yield
    with journal.transaction() as db:
        db.execute("UPDATE day_file SET whole = 1 WHERE file = ?", (file,))


def _shrink(db: sqlite3.Connection, file: int, part: list[tuple[int, bytes]]) -> None:
    """Put short rows in the place of long ones: deleted first, or their pages stay half empty."""
    short = [row for one in part if (row := db.execute(_SHORT, one).fetchone())]
    db.executemany("DELETE FROM event WHERE position = ?", [row[:1] for row in short])
    db.executemany(
        "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, x'', x'', ?)",
        [(*row, file) for row in short],
    )


def _contents(journal: Journal, file: int) -> Iterator[list[tuple[int, bytes]]]:
    try:
        yield from day_files.contents(_path(journal, file), STEP_EVENTS)
    except sqlite3.Error as error:
        raise JournalUnusable(f"Day file {file}: {error}. Nothing was let go of.") from error


def _next_file(journal: Journal, date: str) -> int:
    first = day_files.first_of(date)
    query = "SELECT coalesce(max(file) + 1, ?) FROM day_file WHERE file >= ? AND file < ?"
    span = (first, first, first + day_files.FILES_A_DAY)
    return int(journal.reader().execute(query, span).fetchone()[0])


def _path(journal: Journal, file: int) -> Path:
    return day_files.path_of(day_files.folder_of(journal.path), file)


def _read(journal: Journal, stretch: Stretch) -> Iterator[list[tuple[int, bytes, bytes]]]:
    """Read what of a range goes into a file, so many rows at a time."""
    after = stretch.first - 1
    query = (
        "SELECT seq, position, hash, payload, signature FROM event"
        " WHERE terminal = ? AND epoch = ? AND seq > ? AND seq <= ? AND file IS NULL"
        " ORDER BY seq LIMIT ?"
    )
    while True:
        asked = (*stretch.log, after, stretch.last, STEP_EVENTS)
        found = journal.reader().execute(query, asked).fetchall()
        if not found:
            return
        after = found[-1][0]
        yield [
            (position, payload, signature)
            for _, position, digest, payload, signature in found
            if _goes(Sealed(payload, signature), digest)
        ]


def _goes(sealed: Sealed, digest: str) -> bool:
    """Tell whether only its day folds an event; one that the disk changed stays to be mended."""
    if sealed.digest.hex() != digest:
        return False
    try:
        event = event_of(sealed.payload)
    except EventMalformed:
        return False
    known = event.body is not None  # of a newer version's, the next one reads what it belongs to
    return known and all(name.partition(":")[0] in DAILY for name in aggregates_of(event))
