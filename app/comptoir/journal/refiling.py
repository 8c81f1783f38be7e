"""After an update the new code reads what the older one filed and folded: what is open at once.

Closed days are read little by little while the till sells; until then their states are those that
the older code made. New code may file an event under more aggregates than the older, never fewer.
"""

import sqlite3
from collections.abc import Iterator

from comptoir.domain.fold import FOLDS
from comptoir.journal import projections, unfolded
from comptoir.journal.decoding import event_of

STEP_EVENTS = 500
SETTLED = frozenset({"check", "sale", "tickets"})  # kinds of which most are done with
Row = tuple[int, bytes]


def begin(db: sqlite3.Connection) -> None:
    """Fold anew what is open or in force; note what is to be read later."""
    touched: set[str] = set()
    for rows in _unfiled(db):
        touched.update(_file(db, rows))
    now = {name for name in touched if not _later(db, name)}
    projections.refold(db, now)
    unfolded.done(db, now)
    db.executemany("INSERT OR IGNORE INTO unfolded VALUES (?)", [(n,) for n in touched - now])
    db.execute("DELETE FROM refiling")
    db.execute("INSERT INTO refiling SELECT 0 FROM event WHERE file IS NOT NULL LIMIT 1")


def _unfiled(db: sqlite3.Connection) -> Iterator[list[Row]]:
    after = 0
    query = (
        "SELECT position, payload FROM event WHERE position > ? AND file IS NULL"
        " ORDER BY position LIMIT ?"
    )
    while rows := db.execute(query, (after, STEP_EVENTS)).fetchall():
        after = rows[-1][0]
        yield rows


def _file(db: sqlite3.Connection, rows: list[Row]) -> set[str]:
    touched: set[str] = set()
    for position, payload in rows:
        touched.update(projections.file_under_aggregates(db, position, event_of(payload)))
    return touched


def _later(db: sqlite3.Connection, name: str) -> bool:
    """Tell whether an aggregate is done with: a check that is settled, its tickets, its sale."""
    kind, _, rest = name.partition(":")
    if kind not in FOLDS:
        return True
    if kind not in SETTLED:
        return False
    query = "SELECT active FROM projection WHERE aggregate = ?"
    return bool(db.execute(query, (f"check:{rest}",)).fetchone() == (0,))


def some(db: sqlite3.Connection) -> bool:
    """Tell whether closed days are still to be read."""
    return bool(db.execute("SELECT EXISTS (SELECT 1 FROM refiling)").fetchone()[0])


def step(db: sqlite3.Connection) -> int:
    """Read some events of closed days, and note what they belong to; returns how many."""
    row = db.execute("SELECT upto FROM refiling").fetchone()
    if row is None:
        return 0
    query = (
        "SELECT position, payload FROM entry WHERE position > ? AND file IS NOT NULL"
        " ORDER BY position LIMIT ?"
    )
    rows = db.execute(query, (*row, STEP_EVENTS)).fetchall()
    if not rows:
        db.execute("DELETE FROM refiling")
        return 0
    touched = [(name,) for name in _file(db, rows)]
    db.executemany("INSERT OR IGNORE INTO unfolded VALUES (?)", touched)
    db.execute("UPDATE refiling SET upto = ?", (rows[-1][0],))
    return len(rows)
