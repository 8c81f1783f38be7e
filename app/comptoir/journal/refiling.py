"""After an update the new code reads what the older one filed and folded: what is open at once.

Closed days are read little by little while the till sells; until then their states are those that
the older code made. New code may file an event under more aggregates than the older, never fewer.
"""

import sqlite3

from comptoir.domain.fold import FOLDS
from comptoir.journal import projections, rows, unfolded

SETTLED = frozenset({"check", "sale", "tickets"})  # kinds of which most are done with


def begin(db: sqlite3.Connection) -> None:
    """Fold anew what is open or in force; note what is to be read later."""
    touched: set[str] = set()
    for part in rows.payloads(db, "event", where="file IS NULL"):
        touched.update(projections.file_all(db, part))
    now = {name for name in touched if not _later(db, name)}
    projections.refold_readable(db, now)
    unfolded.done(db, now)
    db.executemany("INSERT OR IGNORE INTO unfolded VALUES (?)", [(n,) for n in touched - now])
    db.execute("DELETE FROM refiling")
    db.execute("INSERT INTO refiling SELECT 0 FROM event WHERE file IS NOT NULL LIMIT 1")


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
    part = next(rows.payloads(db, "entry", row[0], "file IS NOT NULL"), None)
    if part is None:
        db.execute("DELETE FROM refiling")
        return 0
    touched = [(name,) for name in projections.file_all(db, part)]
    db.executemany("INSERT OR IGNORE INTO unfolded VALUES (?)", touched)
    db.execute("UPDATE refiling SET upto = ?", (part[-1][0],))
    return len(part)
