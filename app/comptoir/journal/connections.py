"""SQLite connections of a till: every commit is on disk before anyone is told."""

import sqlite3
from pathlib import Path

from comptoir.domain.errors import Refusal
from comptoir.journal.day_files import DayFiles, folder_of

BUSY_TIMEOUT_S = 5.0
SYNCHRONOUS_FULL = 2
# Pages of 4 kB: beyond it a commit copies the log into the file itself, whoever else does it before
WAL_PAGES_MAX = 4000


class JournalUnusable(Refusal):
    """The journal's file cannot be used; the message says what to do."""


class _Connection(sqlite3.Connection):
    """A connection whose queries also read what closed days said."""

    day_files: DayFiles

    def read_days(self, folder: Path) -> None:
        self.day_files = DayFiles(folder)
        self.day_files.register(self)

    def close(self) -> None:
        self.day_files.close()
        super().close()


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open the journal in WAL with ``synchronous=FULL``, asserted, not hoped for."""
    try:
        db = sqlite3.connect(
            f"file:{path}?mode={'ro' if read_only else 'rwc'}",
            uri=True,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,
            factory=_Connection,
        )
        db.read_days(folder_of(path))
        _set_up(db, read_only=read_only)
    except sqlite3.Error as error:
        raise JournalUnusable(
            f"Journal {path}: {error}. Check the data partition (comptoir journal verify)."
        ) from error
    return db


def _set_up(db: sqlite3.Connection, *, read_only: bool) -> None:
    if read_only:
        db.execute("PRAGMA query_only = ON")
        return
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES_MAX}")
    db.execute("PRAGMA cell_size_check = ON")
    level = db.execute("PRAGMA synchronous").fetchone()[0]
    if level != SYNCHRONOUS_FULL:
        raise JournalUnusable(f"SQLite keeps synchronous={level}; a till needs FULL.")
