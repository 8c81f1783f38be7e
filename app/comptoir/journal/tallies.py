"""Sums of all checks' facts, kept beside the journal so that a report adds up days, not lines.

The file can be thrown away: everything in it is worked out anew from the journal. It follows the
journal a step at a time, in its own transactions, so that nobody who sells waits for a report.
"""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from comptoir.domain.check import Check
from comptoir.domain.events import Event, aggregates_of
from comptoir.domain.sales import Facts, Figure, Sum
from comptoir.journal import joining
from comptoir.journal.connections import BUSY_TIMEOUT_S, JournalUnusable
from comptoir.journal.decoding import event_of
from comptoir.journal.store import Journal

SHAPE = 3  # of the tables and of what facts say; a file of another one is thrown away
STEP_EVENTS = 500
STEP_CHECKS = 20
TABLES = """
CREATE TABLE mark (
    position INTEGER NOT NULL, hash TEXT NOT NULL, frozen INTEGER NOT NULL, upto TEXT
) STRICT;
CREATE TABLE subject (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, day INTEGER NOT NULL)
    STRICT;
CREATE TABLE figure (
    id INTEGER PRIMARY KEY, cut TEXT NOT NULL, key TEXT NOT NULL, names TEXT NOT NULL DEFAULT '{}',
    UNIQUE (cut, key)
) STRICT;
CREATE TABLE fact (
    subject INTEGER NOT NULL, figure INTEGER NOT NULL, day INTEGER NOT NULL,
    count INTEGER NOT NULL, qty_milli INTEGER NOT NULL, amount INTEGER NOT NULL,
    PRIMARY KEY (subject, figure)
) STRICT, WITHOUT ROWID;
CREATE INDEX fact_figure ON fact (figure, day, subject);
CREATE TABLE total (
    figure INTEGER NOT NULL, day INTEGER NOT NULL,
    count INTEGER NOT NULL, qty_milli INTEGER NOT NULL, amount INTEGER NOT NULL,
    PRIMARY KEY (figure, day)
) STRICT, WITHOUT ROWID;
"""
EMPTYING = (
    "DELETE FROM mark",
    "DELETE FROM subject",
    "DELETE FROM figure",
    "DELETE FROM fact",
    "DELETE FROM total",
)
ROWS = (  # by key as the index gives them: figures of years are added up without sorting
    "SELECT key, names, sum(count), sum(qty_milli), sum(amount)"
    " FROM figure CROSS JOIN total ON total.figure = figure.id"
    " WHERE cut = ? AND day BETWEEN ? AND ?"
    " GROUP BY key HAVING sum(count) OR sum(amount) ORDER BY key"
)
TOTAL = (
    "SELECT coalesce(sum(count), 0), coalesce(sum(qty_milli), 0), coalesce(sum(amount), 0)"
    " FROM figure CROSS JOIN total ON total.figure = figure.id"
    " WHERE cut = ? AND day BETWEEN ? AND ?"
)
BY_DAY = (
    "SELECT day, sum(count), sum(qty_milli), sum(amount)"
    " FROM figure CROSS JOIN total ON total.figure = figure.id"
    " WHERE cut = ? AND day BETWEEN ? AND ? GROUP BY day ORDER BY day"
)
SUBJECTS = (
    "SELECT subject.name, count, qty_milli, amount"
    " FROM fact CROSS JOIN subject ON subject.id = fact.subject"
    " WHERE figure = (SELECT id FROM figure WHERE cut = ? AND key = ?)"
    " AND fact.day BETWEEN ? AND ? ORDER BY fact.day DESC, fact.subject DESC LIMIT ?"
)
NEWEST = (
    "SELECT key, max(day) FROM figure CROSS JOIN total ON total.figure = figure.id"
    " WHERE cut = ? AND day BETWEEN ? AND ? AND count > 0 GROUP BY key"
)
Teller = Callable[[Check, Sequence[Event]], Facts]


@dataclass(frozen=True, slots=True)
class Row:
    """A slice of a cut with its sum; ``names`` are an item's last names."""

    key: str
    names: Mapping[str, str]
    sum: Sum


class Tallies:
    """The sums of one journal; safe for threads, one of them writes at a time."""

    def __init__(self, journal: Journal, teller: Teller) -> None:
        self._journal = journal
        self._path = journal.path.with_name(f"{journal.path.stem}-sums.db")
        self._teller = teller
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = None
        self._figures: dict[tuple[str, str], int] = {}

    def close(self) -> None:
        """Close the file; safe to call twice."""
        with self._lock:
            if self._db is not None:
                self._db.close()
            self._db = None

    def follow(self) -> bool:
        """Take one step towards the journal's end; tells whether it is reached.

        While checks wait to be folded, what is to be counted is not known yet.
        """
        if joining.waiting(self._journal):
            return True
        with self._writing() as db:
            position, upto = self._mark(db)
            if upto is not None:
                return self._build(db, upto)
            return self._catch_up(db, position)

    def _build(self, db: sqlite3.Connection, upto: str) -> bool:
        """Count the next checks of all, in the order of their names."""
        found = self._journal.reader().execute(
            "SELECT aggregate FROM projection WHERE aggregate > ? AND aggregate < 'check;'"
            " ORDER BY aggregate LIMIT ?",
            (upto, STEP_CHECKS),
        )
        names = [name for (name,) in found]
        self._count(db, names)
        db.execute("UPDATE mark SET upto = ?", (names[-1] if names else None,))
        return False

    def _catch_up(self, db: sqlite3.Connection, position: int) -> bool:
        """Count again the checks that newer events are about."""
        found = self._journal.reader().execute(
            "SELECT position, payload FROM entry WHERE position > ? ORDER BY position LIMIT ?",
            (position, STEP_EVENTS),
        )
        touched: dict[str, int] = {}
        for at, payload in found:
            position = at
            for name in aggregates_of(event_of(payload)):
                touched[name] = at
            if len(touched) >= STEP_CHECKS:
                break
        self._count(db, [name for name in touched if name.startswith("check:")])
        if touched:
            self._move(db, position)
        return self._journal.position() <= position

    def _count(self, db: sqlite3.Connection, names: Sequence[str]) -> None:
        for name in names:
            check = self._journal.state(name)
            if check.number:
                self._put(db, name, self._teller(check, self._journal.events(name)))

    def _put(self, db: sqlite3.Connection, name: str, facts: Facts) -> None:
        """Put a check's facts in the place of those it had."""
        day = date.fromisoformat(facts.date).toordinal()
        row = db.execute("SELECT id FROM subject WHERE name = ?", (name,)).fetchone()
        if row is None:
            made = db.execute("INSERT INTO subject (name, day) VALUES (?, ?)", (name, day))
            subject = int(made.lastrowid or 0)
        else:
            subject = int(row[0])
            self._take_out(db, subject)
            db.execute("UPDATE subject SET day = ? WHERE id = ?", (day, subject))
        rows = [
            (self._figure(db, figure, facts), one.count, one.qty_milli, one.amount)
            for figure, one in facts.sums.items()
        ]
        db.executemany(
            "INSERT INTO fact (subject, figure, day, count, qty_milli, amount)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [(subject, figure, day, *sums) for figure, *sums in rows],
        )
        _add(db, [(day, *row) for row in rows])

    def _take_out(self, db: sqlite3.Connection, subject: int) -> None:
        old = db.execute(
            "SELECT day, figure, -count, -qty_milli, -amount FROM fact WHERE subject = ?",
            (subject,),
        ).fetchall()
        _add(db, old)
        db.execute("DELETE FROM fact WHERE subject = ?", (subject,))

    def _figure(self, db: sqlite3.Connection, figure: Figure, facts: Facts) -> int:
        known = self._figures.get((figure.cut, figure.key))
        if known is None:
            names = json.dumps(dict(facts.names.get(figure.key, {})), ensure_ascii=False)
            db.execute(
                "INSERT OR IGNORE INTO figure (cut, key, names) VALUES (?, ?, ?)",
                (figure.cut, figure.key, names),
            )
            query = "SELECT id FROM figure WHERE cut = ? AND key = ?"
            (known,) = db.execute(query, (figure.cut, figure.key)).fetchone()
            self._figures[figure.cut, figure.key] = int(known)
        return int(known)

    def _mark(self, db: sqlite3.Connection) -> tuple[int, str | None]:
        """Return how far the sums are, and up to which name they are built.

        They begin anew when they are of another journal.
        """
        row = db.execute("SELECT position, upto, hash, frozen FROM mark").fetchone()
        if row and row[2:] == (self._hash(row[0]), self._frozen()):
            return int(row[0]), row[1]
        for emptying in EMPTYING:
            db.execute(emptying)
        self._figures.clear()
        position = self._journal.position()
        begun = (position, self._hash(position), self._frozen(), "check:")
        db.execute("INSERT INTO mark VALUES (?, ?, ?, ?)", begun)
        return position, "check:"

    def _move(self, db: sqlite3.Connection, position: int) -> None:
        digest = self._hash(position)
        db.execute("UPDATE mark SET position = ?, hash = ?", (position, digest))

    def _hash(self, position: int) -> str:
        query = "SELECT hash FROM event WHERE position = ?"
        row = self._journal.reader().execute(query, (position,)).fetchone()
        return str(row[0]) if row else ""

    def _frozen(self) -> int:
        (count,) = self._journal.reader().execute("SELECT count(*) FROM frozen").fetchone()
        return int(count)

    def rows(self, cut: str, first: str, last: str) -> list[Row]:
        """Return a cut's slices over business days, both included."""
        with self._reading() as db:
            found = db.execute(ROWS, (cut, *_days(first, last))).fetchall()
        return [Row(key, json.loads(names), Sum(*sums)) for key, names, *sums in found]

    def total(self, cut: str, first: str, last: str) -> Sum:
        """Return a cut's sum over business days, both included."""
        with self._reading() as db:
            return Sum(*db.execute(TOTAL, (cut, *_days(first, last))).fetchone())

    def by_day(self, cut: str, first: str, last: str) -> dict[str, Sum]:
        """Return a cut's sum for each business day that has one."""
        with self._reading() as db:
            found = db.execute(BY_DAY, (cut, *_days(first, last))).fetchall()
        return {date.fromordinal(day).isoformat(): Sum(*sums) for day, *sums in found}

    def subjects(
        self, cut: str, key: str, first: str, last: str, limit: int
    ) -> list[tuple[str, Sum]]:
        """Return the checks that a slice is made of, the newest days first, with their part."""
        with self._reading() as db:
            found = db.execute(SUBJECTS, (cut, key, *_days(first, last), limit)).fetchall()
        return [(name.removeprefix("check:"), Sum(*sums)) for name, *sums in found]

    def newest(self, cut: str, first: str, last: str) -> dict[str, str]:
        """Return the last business day of each slice of a cut."""
        with self._reading() as db:
            found = db.execute(NEWEST, (cut, *_days(first, last))).fetchall()
        return {key: date.fromordinal(day).isoformat() for key, day in found}

    def behind(self) -> int:
        """Return how many events the sums do not know yet; all of them while they are built."""
        with self._reading() as db:
            row = db.execute("SELECT position, upto FROM mark").fetchone()
        whole = self._journal.position()
        return whole if row is None or row[1] is not None else max(0, whole - int(row[0]))

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            yield self._open()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            db = self._open()
            try:
                db.execute("BEGIN IMMEDIATE")
                yield db
                db.execute("COMMIT")
            except BaseException as error:
                self._figures.clear()
                if db.in_transaction:
                    db.execute("ROLLBACK")
                if type(error) is sqlite3.DatabaseError:
                    self._throw_away(db)
                if isinstance(error, sqlite3.Error):
                    raise JournalUnusable(f"Sums beside the journal: {error}.") from error
                raise

    def _throw_away(self, db: sqlite3.Connection) -> None:
        """Forget a file that is damaged; the next step begins a new one."""
        db.close()
        self._db = None
        _unlink(self._path)

    def _open(self) -> sqlite3.Connection:
        if self._db is None:
            self._db = _connect(self._path)
        return self._db


def _days(first: str, last: str) -> tuple[int, int]:
    return date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal()


def _add(db: sqlite3.Connection, rows: Sequence[tuple[int, ...]]) -> None:
    db.executemany(
        "INSERT INTO total (day, figure, count, qty_milli, amount) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (figure, day) DO UPDATE SET count = count + excluded.count,"
        " qty_milli = qty_milli + excluded.qty_milli, amount = amount + excluded.amount",
        rows,
    )


def _connect(path: Path) -> sqlite3.Connection:
    """Open the file, or a new one when it is not whole: it holds nothing that is not elsewhere."""
    try:
        db = _opened(path)
        if db.execute("PRAGMA user_version").fetchone() == (SHAPE,):
            return db
        db.close()
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:  # locked, or no such folder
            raise JournalUnusable(f"{path}: {error}. Check the data partition.") from error
    _unlink(path)
    return _opened(path)


def _opened(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
    )
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        if not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'mark'").fetchone():
            db.executescript(f"{TABLES}PRAGMA user_version = {SHAPE};")
    except sqlite3.Error:
        db.close()
        raise
    return db


def _unlink(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
