"""Day files: what closed days said, each day in a file beside the journal that is never written to.

A row of the journal keeps an event's place, hash and clock reading for ever; its bytes and its
signature are read from the day file. One that is lost or damaged reads as an event that the disk
changed, and is asked for again like any other.
"""

import logging
import os
import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Self

log = logging.getLogger(__name__)
OPEN_MAX = 4
CACHE_KIB_MAX = 64  # for each file; a whole day would stay in memory otherwise, up to 2 MB of it
FILES_A_DAY = 1000
NOTHING = b""
READ_ONLY = 0o440


def folder_of(journal: Path) -> Path:
    """Return where a journal's day files lie."""
    return journal.with_name(f"{journal.stem}-days")


def path_of(folder: Path, file: int) -> Path:
    """Return a day file's path: its date, and which of the day's files it is."""
    day, number = divmod(file, FILES_A_DAY)
    text = f"{day:08d}"
    return folder / f"{text[:4]}-{text[4:6]}-{text[6:]}.{number:03d}.db"


def first_of(date: str) -> int:
    """Return the number of a day's first file; the following ones count on from it."""
    return int(date.replace("-", "")) * FILES_A_DAY


class DayFiles:
    """Reads the day files for one connection, a few of them open at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: OrderedDict[int, sqlite3.Connection] = OrderedDict()
        self._missed: set[int] = set()

    def register(self, db: sqlite3.Connection) -> None:
        """Let a connection's queries ask for what was filed."""
        db.create_function("filed_payload", 2, self.payload)
        db.create_function("filed_signature", 2, self.signature)

    def payload(self, file: int, position: int) -> bytes:
        """Return the bytes of a filed event; none when the file is lost or damaged."""
        return self._read(file, "SELECT payload FROM event WHERE position = ?", position)

    def signature(self, file: int, position: int) -> bytes:
        """Return the signature of a filed event; none when the file is lost or damaged."""
        return self._read(file, "SELECT signature FROM event WHERE position = ?", position)

    def _read(self, file: int, query: str, position: int) -> bytes:
        try:
            row = self._connection(file).execute(query, (position,)).fetchone()
        except sqlite3.Error as error:
            self._miss(file, error)
            return NOTHING
        return bytes(row[0]) if row else NOTHING

    def _path(self, file: int) -> Path:
        return path_of(self._folder, file)

    def _connection(self, file: int) -> sqlite3.Connection:
        if file not in self._open:
            self._open[file] = _opened(self._path(file))
            while len(self._open) > OPEN_MAX:
                self._open.popitem(last=False)[1].close()
        self._open.move_to_end(file)
        return self._open[file]

    def _miss(self, file: int, error: sqlite3.Error) -> None:
        if file not in self._missed:
            self._missed.add(file)
            log.warning("%s: %s; what it held is asked for again", self._path(file), error)
        if file in self._open:
            self._open.pop(file).close()

    def close(self) -> None:
        """Close every file."""
        while self._open:
            self._open.popitem()[1].close()


class Binder:
    """Writes one day file, a part at a time; it has its name only once it is whole and on disk.

    Leaving the block before ``finish`` leaves nothing behind.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(exist_ok=True)
        self._path = path
        self._part = path.with_suffix(".part")
        self._part.unlink(missing_ok=True)
        self._db = sqlite3.connect(self._part, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute(
            "CREATE TABLE event (position INTEGER PRIMARY KEY,"
            " payload BLOB NOT NULL, signature BLOB NOT NULL) STRICT"
        )

    def add(self, rows: Iterable[tuple[int, bytes, bytes]]) -> None:
        """Write some events (position, payload, signature) and have them on disk."""
        self._db.execute("BEGIN")
        self._db.executemany("INSERT OR IGNORE INTO event VALUES (?, ?, ?)", rows)
        self._db.execute("COMMIT")
        _to_disk(self._part)

    def finish(self) -> None:
        """Give the file its name; from here on nobody writes to it."""
        self._db.close()
        self._part.chmod(READ_ONLY)
        _to_disk(self._part)
        self._part.rename(self._path)
        _to_disk(self._path.parent)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()
        self._part.unlink(missing_ok=True)


def contents(path: Path, size: int) -> Iterator[list[tuple[int, bytes]]]:
    """Read a day file's events (position, payload) so many at a time."""
    with closing(_opened(path)) as db:
        found = db.execute("SELECT position, payload FROM event ORDER BY position")
        while part := found.fetchmany(size):
            yield part


def _opened(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(
        f"file:{path}?mode=ro&immutable=1", uri=True, isolation_level=None, check_same_thread=False
    )
    db.execute(f"PRAGMA cache_size = -{CACHE_KIB_MAX}")
    return db


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
