"""Tables only grow: a terminal that goes back to the version before finds all that it knew.

Both versions work on the same file, one after the other, when a trial of an update fails.
"""

import sqlite3
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from comptoir.journal.schema import migrations

Columns = Mapping[str, tuple[str, bool, str | None, bool]]  # type, not null, default, key
Tables = Mapping[str, Columns]
NAMES = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
UNIQUE = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE UNIQUE%'"


def tables(connection: sqlite3.Connection) -> Tables:
    """Return every column of every table and view."""
    return {
        name: {
            column: (kind, bool(filled), default, bool(key))
            for _, column, kind, filled, default, key in connection.execute(
                f"PRAGMA table_info({name})"
            )
        }
        for (name,) in connection.execute(NAMES).fetchall()
    }


def faults(made: Migrations, file: Path) -> list[str]:
    """Return what each step takes from the version before it, or asks of it."""
    connection = sqlite3.connect(file)
    for function in ("filed_payload", "filed_signature"):  # a view asks for them
        connection.create_function(function, 2, lambda *_: None)
    try:
        db, found = Database(connection), []
        before: Tables = {}
        for step in made.pending(db):
            unique = set(connection.execute(UNIQUE))
            made.apply(db, stop_before=_after(made, db, step.name))
            after = tables(connection)
            found += [f"{step.name}: {fault}" for fault in _taken(before, after)]
            if before and set(connection.execute(UNIQUE)) - unique:
                found.append(f"{step.name}: refuses rows that were good before")
            before = after
        return found
    finally:
        connection.close()


def _after(made: Migrations, db: Database, name: str) -> str | None:
    names = [one.name for one in made.pending(db)]
    return next(iter(names[names.index(name) + 1 :]), None)


def _taken(before: Tables, after: Tables) -> list[str]:
    found = []
    for table, columns in before.items():
        new = after.get(table, {})
        found += [
            f"{table}.{one} is gone or another" for one in columns if new.get(one) != columns[one]
        ]
        for one, (_, filled, default, _) in new.items():
            if one not in columns and filled and default is None:
                found.append(
                    f"{table}.{one} must be filled, and the version before does not know it"
                )
    return found


def test_no_step_takes_anything_from_the_version_before(tmp_path: Path) -> None:
    assert faults(migrations, tmp_path / "journal.db") == []


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("ALTER TABLE sale DROP COLUMN amount", "sale.amount is gone or another"),
        ("ALTER TABLE sale RENAME COLUMN amount TO sum", "sale.amount is gone or another"),
        ("DROP TABLE sale", "sale.id is gone or another"),
        ("ALTER TABLE sale ADD COLUMN tip INTEGER NOT NULL", "sale.tip must be filled"),
        ("CREATE UNIQUE INDEX one ON sale (amount)", "refuses rows that were good before"),
    ],
)
def test_a_step_that_does_is_found(tmp_path: Path, sql: str, fault: str) -> None:
    planted = Migrations("planted")

    @planted()
    def m001(db: Database) -> None:
        db.execute("CREATE TABLE sale (id INTEGER PRIMARY KEY, amount INTEGER NOT NULL)")

    @planted()
    def m002(db: Database) -> None:
        db.execute(sql)

    assert any(fault in one for one in faults(planted, tmp_path / "planted.db"))


def test_a_step_that_adds_is_not(tmp_path: Path) -> None:
    planted = Migrations("planted")

    @planted()
    def m001(db: Database) -> None:
        db.execute("CREATE TABLE sale (id INTEGER PRIMARY KEY)")

    @planted()
    def m002(db: Database) -> None:
        db.execute("ALTER TABLE sale ADD COLUMN tip INTEGER NOT NULL DEFAULT 0")
        db.execute("CREATE TABLE tip (id INTEGER PRIMARY KEY)")

    assert faults(planted, tmp_path / "planted.db") == []
