"""The PostgreSQL store: many restaurants, many ingest workers, each event once."""

import logging
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from comptoir.cloud import schema
from comptoir.cloud.intake import admit, read_batch
from comptoir.cloud.store import Receipt, StoreUnavailable, checked_id
from comptoir.domain.envelope import Head, LogId, Sealed, Vector
from comptoir.domain.house import Card
from comptoir.domain.records import dump
from comptoir.journal.rows import bounded

log = logging.getLogger(__name__)
CONNECT_S_MAX = 5
Connection = psycopg.Connection[tuple[Any, ...]]


class PostgresStore:
    """Keeps everything in one database; reconnects by itself, commits before it answers.

    Safe for threads: one connection, one transaction at a time.
    """

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection: Connection | None = None
        self._lock = threading.RLock()

    def migrate(self) -> list[str]:
        """Apply what is missing, one program at a time."""
        with self._transaction() as db:
            db.execute("SELECT pg_advisory_xact_lock(%s)", (schema.LOCK,))
            db.execute("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY)")
            done = {name for (name,) in db.execute("SELECT name FROM migration")}
            applied = [(name, sql) for name, sql in schema.MIGRATIONS if name not in done]
            for name, sql in applied:
                db.execute(sql.encode())
                db.execute("INSERT INTO migration VALUES (%s)", (name,))
        return [name for name, _ in applied]

    def register(self, restaurant: str, cards: Iterable[Card]) -> None:
        """Add the restaurant and its first cards."""
        checked_id(restaurant)
        with self._transaction() as db:
            db.execute("INSERT INTO restaurant VALUES (%s) ON CONFLICT DO NOTHING", (restaurant,))
            for card in cards:
                db.execute(
                    "INSERT INTO card VALUES (%s, %s, %s)"
                    " ON CONFLICT (restaurant, terminal) DO UPDATE SET card = excluded.card",
                    (restaurant, card.terminal, Jsonb(dump(card))),
                )

    def admit(self, batches: Mapping[str, Sequence[Sealed]]) -> Mapping[str, Receipt]:
        """Verify and store all restaurants' batches in one transaction; read before it begins."""
        if not batches:
            return {}
        read = {name: read_batch(name, batch) for name, batch in batches.items()}
        with self._transaction() as db:
            return admit(db, read)

    def marks(self, restaurants: Iterable[str]) -> Mapping[str, Vector]:
        """Return the committed heads of registered restaurants."""
        names = list(restaurants)
        found: dict[str, dict[LogId, Head]] = {}
        with self._transaction() as db:
            for (name,) in db.execute("SELECT id FROM restaurant WHERE id = ANY(%s)", (names,)):
                found[name] = {}
            rows = db.execute(
                "SELECT restaurant, terminal, epoch, seq, hash FROM head"
                " WHERE restaurant = ANY(%s)",
                (list(found),),
            )
            for name, terminal, epoch, seq, digest in rows:
                found[name][terminal, epoch] = Head(seq, digest)
        return found

    def range(
        self, restaurant: str, log: LogId, first: int, events_max: int, bytes_max: int
    ) -> list[Sealed]:
        """Return consecutive events of a log from seq ``first`` on, within both bounds."""
        with self._transaction() as db:
            rows = db.execute(
                "SELECT payload, signature FROM event WHERE restaurant = %s AND terminal = %s"
                " AND epoch = %s AND seq >= %s ORDER BY seq LIMIT %s",
                (restaurant, *log, first, events_max),
            )
            return bounded(rows, bytes_max)

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """Hold a transaction; after a fault the connection is made anew the next time."""
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = psycopg.connect(self._dsn, connect_timeout=CONNECT_S_MAX)
                with self._connection.transaction():
                    yield self._connection
            except psycopg.Error as error:
                self.close()
                raise StoreUnavailable(f"PostgreSQL: {str(error).strip()}") from error
