"""Users and audit of the head office in PostgreSQL, beside the events."""

from psycopg.types.json import Jsonb

from comptoir.cloud.database import Database
from comptoir.domain.head_office import Entry, User
from comptoir.domain.records import dump, load


class PeopleInPostgres:
    """Keeps them in the tables that the store's migrations make."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def users(self) -> list[User]:
        with self._database.transaction() as db:
            rows = db.execute("SELECT record FROM office_user ORDER BY name").fetchall()
        return [load(User, record) for (record,) in rows]

    def user(self, name: str) -> User | None:
        with self._database.transaction() as db:
            query = "SELECT record FROM office_user WHERE name = %s"
            row = db.execute(query, (name,)).fetchone()
        return None if row is None else load(User, row[0])

    def set_user(self, user: User) -> None:
        with self._database.transaction() as db:
            db.execute(
                "INSERT INTO office_user (name, record) VALUES (%s, %s)"
                " ON CONFLICT (name) DO UPDATE SET record = excluded.record",
                (user.name, Jsonb(dump(user))),
            )

    def use_code(self, name: str, step: int) -> bool:
        with self._database.transaction() as db:
            done = db.execute(
                "UPDATE office_user SET code_step = %s WHERE name = %s AND code_step < %s",
                (step, name, step),
            )
            return done.rowcount == 1

    def note(self, entry: Entry) -> None:
        with self._database.transaction() as db:
            db.execute(
                "INSERT INTO office_audit (at_ms, name, action, restaurant, detail, address)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                (
                    *(entry.at_ms, entry.user, entry.action),
                    *(entry.restaurant, entry.detail, entry.address),
                ),
            )

    def notes(self, limit: int) -> list[Entry]:
        with self._database.transaction() as db:
            rows = db.execute(
                "SELECT at_ms, name, action, restaurant, detail, address FROM office_audit"
                " ORDER BY id DESC LIMIT %s",
                (limit,),
            ).fetchall()
        return [Entry(*row) for row in rows]
