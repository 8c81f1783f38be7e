"""Which code folds, and whether the stored projections are what it makes of the events.

Terminals compare their projections only when the same code made them; a new version folds anew.
"""

import functools
import hashlib
import sqlite3
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from comptoir.domain.envelope import Head, LogId
from comptoir.domain.fold import FOLDS
from comptoir.journal import projections, refiling, rows
from comptoir.journal.store import Journal

AGGREGATES_A_PART = 200
MARK_BITS = 31  # what SQLite keeps for us in a file's header


@functools.cache
def version() -> str:
    """Return a hash over the sources of the domain: equal code, equal folds."""
    sums = hashlib.sha256()
    folder = Path(str(files("comptoir.domain")))
    for file in sorted(folder.rglob("*.py")):
        sums.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return sums.hexdigest()


def current(journal: Journal) -> bool:
    """Tell whether this version has brought tables and projections up already."""
    if not journal.path.exists():
        return False
    (noted,) = journal.reader().execute("PRAGMA user_version").fetchone()
    return bool(noted == _mark())


def _mark() -> int:
    tables = (Path(str(files("comptoir.journal"))) / "schema.py").read_bytes()
    whole = hashlib.sha256(version().encode() + tables).hexdigest()
    return int(whole, 16) >> (256 - MARK_BITS)


def renew(journal: Journal, *, at_once: bool = False) -> bool:
    """Fold anew what another version folded; tells whether there was any.

    What is done with waits for ``joining.fold``, unless all is wanted ``at_once``.
    """
    mark = _mark()
    with journal.transaction() as db:
        (noted,) = db.execute("PRAGMA user_version").fetchone()
        if noted == mark:
            return False
        held = db.execute("SELECT EXISTS (SELECT 1 FROM event)").fetchone()[0]
        if held and at_once:
            projections.rebuild(db)
        elif held:
            refiling.begin(db)
        db.execute(f"PRAGMA user_version = {mark}")
    return bool(held)


def folded(journal: Journal) -> tuple[dict[LogId, Head], str]:
    """Return the vector and the hash over all projections, both of one moment."""
    db = journal.reader()
    db.execute("BEGIN")
    try:
        return rows.vector(db), projections.digest(db)
    finally:
        db.execute("COMMIT")


def stale(journal: Journal) -> Iterator[list[str]]:
    """Look through all aggregates, a part at a time, for those that are not what they should be."""
    db = journal.reader()
    names = db.execute(
        "SELECT aggregate FROM projection UNION SELECT aggregate FROM aggregate_event"
        " EXCEPT SELECT aggregate FROM unfolded"
    ).fetchall()
    known = [name for (name,) in names if name.partition(":")[0] in FOLDS]
    for first in range(0, len(known), AGGREGATES_A_PART):
        part = known[first : first + AGGREGATES_A_PART]
        yield [name for name in part if not projections.right(db, name)]


def refold(journal: Journal, aggregates: list[str]) -> None:
    """Fold some aggregates anew."""
    with journal.transaction() as db:
        _forget(db, aggregates)
        projections.refold(db, aggregates)


def _forget(db: sqlite3.Connection, aggregates: list[str]) -> None:
    for aggregate in aggregates:
        db.execute("DELETE FROM projection WHERE aggregate = ?", (aggregate,))
