"""The PostgreSQL store: many restaurants, many ingest workers, each event once."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from psycopg.types.json import Jsonb

from comptoir.bus import wire
from comptoir.cloud import schema
from comptoir.cloud.database import Database
from comptoir.cloud.intake import admit, read_batch
from comptoir.cloud.known import look
from comptoir.cloud.people_postgres import PeopleInPostgres
from comptoir.cloud.store import Receipt, checked_id
from comptoir.commands.condition import Told
from comptoir.domain.envelope import Head, LogId, Sealed, Vector
from comptoir.domain.house import Card
from comptoir.domain.records import dump, load
from comptoir.journal.rows import bounded


class PostgresStore:
    """Keeps everything in one database; reconnects by itself, commits before it answers.

    Safe for threads: one connection, one transaction at a time.
    """

    def __init__(self, dsn: str) -> None:
        self._database = Database(dsn)
        self._transaction = self._database.transaction
        self._writers = Database(dsn)
        self.people = PeopleInPostgres(self._database)

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

    def restaurants(self) -> list[str]:
        """Return the registered restaurants, by id."""
        with self._transaction() as db:
            return [name for (name,) in db.execute("SELECT id FROM restaurant ORDER BY id")]

    def cards(self, restaurant: str) -> Mapping[str, Card]:
        """Return the cards that a restaurant was registered with."""
        with self._transaction() as db:
            query = "SELECT terminal, card::text FROM card WHERE restaurant = %s"
            rows = db.execute(query, (restaurant,)).fetchall()
        return {terminal: load(Card, json.loads(text)) for terminal, text in rows}

    def taking_part(self, restaurant: str, terminal: str) -> Card | None:
        """Return the card of a terminal that takes part; None for one unknown or retired."""
        with self._transaction() as db:
            known = look(db, checked_id(restaurant))
        at = known.terminal(terminal)
        return None if at.retired else known.card(at)

    def hear(self, heard: Mapping[tuple[str, str], int]) -> None:
        """Note when terminals of registered restaurants were heard."""
        columns = [list(c) for c in zip(*((*who, at) for who, at in heard.items()), strict=True)]
        with self._transaction() as db:
            db.execute(
                "INSERT INTO heard SELECT r, t, at FROM"
                " unnest(%s::text[], %s::text[], %s::int8[]) AS new (r, t, at)"
                " WHERE EXISTS (SELECT 1 FROM card WHERE restaurant = r AND terminal = t)"
                " OR EXISTS (SELECT 1 FROM head WHERE restaurant = r AND terminal = t)"
                " ORDER BY r, t ON CONFLICT (restaurant, terminal)"
                " DO UPDATE SET at_ms = greatest(heard.at_ms, excluded.at_ms)",
                columns or [[], [], []],
            )

    def heard(self) -> Mapping[str, Mapping[str, int]]:
        """Return when each terminal was last heard, by restaurant."""
        found: dict[str, dict[str, int]] = {}
        with self._transaction() as db:
            rows = db.execute("SELECT restaurant, terminal, at_ms FROM heard")
            for restaurant, terminal, at_ms in rows:
                found.setdefault(restaurant, {})[terminal] = at_ms
        return found

    def note_health(self, said: Mapping[tuple[str, str], Told]) -> None:
        """Note how terminals that were heard say they are."""
        rows = [(told.at_ms, wire.pack(told.health), *who) for who, told in sorted(said.items())]
        with self._transaction() as db, db.cursor() as cursor:
            cursor.executemany(
                "UPDATE heard SET said_ms = %s, said = %s WHERE restaurant = %s AND terminal = %s"
                " AND said_ms <= %s",
                [(*row, row[0]) for row in rows],
            )

    def health(self, restaurants: Iterable[str]) -> Mapping[str, Mapping[str, Told]]:
        """Return how each terminal of these restaurants last said it was."""
        found: dict[str, dict[str, Told]] = {}
        with self._transaction() as db:
            rows = db.execute(
                "SELECT restaurant, terminal, said_ms, said FROM heard"
                " WHERE restaurant = ANY(%s) AND said IS NOT NULL",
                (list(restaurants),),
            )
            for restaurant, terminal, said_ms, said in rows:
                told = Told(said_ms, wire.unpack(said, wire.Health))
                found.setdefault(restaurant, {})[terminal] = told
        return found

    @contextmanager
    def writing(self, restaurant: str) -> Iterator[None]:
        """Lock the restaurant's row of writers, over a connection apart, until the block ends."""
        with self._writers.transaction() as db:
            db.execute(
                "INSERT INTO writer VALUES (%s) ON CONFLICT DO NOTHING", (checked_id(restaurant),)
            )
            db.execute("SELECT 1 FROM writer WHERE restaurant = %s FOR UPDATE", (restaurant,))
            yield

    def close(self) -> None:
        """Close the connections."""
        self._database.close()
        self._writers.close()
