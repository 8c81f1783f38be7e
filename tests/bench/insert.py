"""The control of every write: one bare insert, committed with fsync, in the same folder's disk."""

import sqlite3
from pathlib import Path

ROW_BYTES = 700


class BareInserts:
    """A table as plain as can be, on WAL with synchronous=FULL, as the journal has it."""

    def __init__(self, file: Path) -> None:
        self._db = sqlite3.connect(file, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, body BLOB)")

    def one(self) -> None:
        """Insert one row of an event's size; returns when it is on the disk."""
        self._db.execute("INSERT INTO row (body) VALUES (?)", (b"x" * ROW_BYTES,))

    def close(self) -> None:
        self._db.close()
