"""What is still to be folded: a terminal that joins takes years in, and folds each check once.

Whoever needs one of these aggregates before its turn folds it first.
"""

import sqlite3
from collections.abc import Collection, Iterable

from comptoir.domain.fold import FOLDS
from comptoir.journal import projections

LATER = frozenset(
    {"account", "check", "count", "day", "drawer", "drawers", "printing", "sale", "shift"}
    | {"tickets"}
)


def put_off(db: sqlite3.Connection, aggregates: Iterable[str]) -> list[str]:
    """Note those of which there are many; returns the others, which are to be folded now."""
    now: list[str] = []
    later: list[str] = []
    for name in aggregates:
        (later if name.partition(":")[0] in LATER else now).append(name)
    db.executemany("INSERT OR IGNORE INTO unfolded VALUES (?)", [(name,) for name in later])
    return now


def some(db: sqlite3.Connection) -> bool:
    """Tell whether anything waits to be folded."""
    return bool(db.execute("SELECT EXISTS (SELECT 1 FROM unfolded)").fetchone()[0])


def waits(db: sqlite3.Connection, aggregate: str) -> bool:
    """Tell whether an aggregate's state is older than its events."""
    found = db.execute("SELECT 1 FROM unfolded WHERE aggregate = ?", (aggregate,)).fetchone()
    return found is not None


def fold(db: sqlite3.Connection, count_max: int) -> int:
    """Fold some of what waits; returns how many."""
    found = db.execute("SELECT aggregate FROM unfolded LIMIT ?", (count_max,)).fetchall()
    names = [name for (name,) in found]
    projections.refold_readable(db, names)
    done(db, names)
    return len(names)


def done(db: sqlite3.Connection, aggregates: Collection[str]) -> None:
    """Strike off what has just been folded."""
    query = "DELETE FROM unfolded WHERE aggregate = ?"
    db.executemany(query, [(name,) for name in aggregates if name.partition(":")[0] in FOLDS])
