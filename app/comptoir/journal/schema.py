"""Tables of the journal, as forward-only migrations; ``comptoir migrate`` applies them."""

import sqlite3

from sqlite_utils import Database, Migrations

migrations = Migrations("journal")


def apply(connection: sqlite3.Connection) -> list[str]:
    """Bring the tables up to this version; returns the names of the migrations applied."""
    db = Database(connection)
    pending = [migration.name for migration in migrations.pending(db)]
    migrations.apply(db)
    return pending


@migrations()
def m001_events(db: Database) -> None:
    """Events, heads, and what was refused but kept."""
    db.execute(
        """
        CREATE TABLE event (
            position INTEGER PRIMARY KEY,
            terminal TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
            hlc INTEGER NOT NULL, kind TEXT NOT NULL, command TEXT, hash TEXT NOT NULL,
            payload BLOB NOT NULL, signature BLOB NOT NULL,
            UNIQUE (terminal, epoch, seq)
        ) STRICT"""
    )
    db.execute("CREATE INDEX event_command ON event (command) WHERE command IS NOT NULL")
    db.execute(
        "CREATE INDEX event_check_number ON event (terminal, epoch) WHERE kind = 'check.opened'"
    )
    db.execute(
        """
        CREATE TABLE head (
            terminal TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
            hash TEXT NOT NULL, hlc INTEGER NOT NULL,
            PRIMARY KEY (terminal, epoch)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute(
        """
        CREATE TABLE quarantine (
            terminal TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
            hash TEXT NOT NULL, reason TEXT NOT NULL,
            payload BLOB NOT NULL, signature BLOB NOT NULL,
            PRIMARY KEY (terminal, epoch, seq, hash)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute(
        """
        CREATE TABLE frozen (
            terminal TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
            PRIMARY KEY (terminal, epoch)
        ) STRICT, WITHOUT ROWID"""
    )


@migrations()
def m002_projections(db: Database) -> None:
    """Which events make which aggregate, and the folded states; both can be rebuilt."""
    db.execute(
        """
        CREATE TABLE aggregate_event (
            aggregate TEXT NOT NULL, position INTEGER NOT NULL,
            PRIMARY KEY (aggregate, position)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute(
        """
        CREATE TABLE projection (
            aggregate TEXT PRIMARY KEY, active INTEGER NOT NULL,
            hash TEXT NOT NULL, state BLOB NOT NULL
        ) STRICT"""  # deflated and with a rowid: the state of a long check stays in one page
    )
    db.execute("CREATE INDEX projection_active ON projection (aggregate) WHERE active = 1")


@migrations()
def m003_own_log(db: Database) -> None:
    """Keep this terminal's own epoch, and whether its last stop was clean."""
    db.execute(
        """
        CREATE TABLE own_log (
            terminal TEXT PRIMARY KEY, epoch INTEGER NOT NULL, clean INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID"""
    )


@migrations()
def m004_joining(db: Database) -> None:
    """Keep events that came before those in front of them, and what is still to be folded."""
    db.execute(
        """
        CREATE TABLE ahead (
            terminal TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
            PRIMARY KEY (terminal, epoch, seq)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute("CREATE TABLE unfolded (aggregate TEXT PRIMARY KEY) STRICT, WITHOUT ROWID")


@migrations()
def m005_day_files(db: Database) -> None:
    """Let the bytes of closed days lie in files of their own; an ``entry`` is read from either."""
    db.execute("ALTER TABLE event ADD COLUMN file INTEGER")
    db.execute(
        """
        CREATE VIEW entry AS SELECT position, terminal, epoch, seq, hlc, kind, command, hash,
            CASE WHEN file IS NULL THEN payload ELSE filed_payload(file, position) END AS payload,
            CASE WHEN file IS NULL THEN signature ELSE filed_signature(file, position) END
                AS signature,
            file
        FROM event"""
    )
    db.execute(
        """
        CREATE TABLE day_file (
            file INTEGER PRIMARY KEY, whole INTEGER NOT NULL
        ) STRICT"""
    )
    db.execute(
        """
        CREATE TABLE filed_range (
            terminal TEXT NOT NULL, epoch INTEGER NOT NULL, first INTEGER NOT NULL,
            last INTEGER NOT NULL, file INTEGER NOT NULL REFERENCES day_file (file),
            PRIMARY KEY (terminal, epoch, first, last)
        ) STRICT, WITHOUT ROWID"""
    )


@migrations()
def m006_refiling(db: Database) -> None:
    """Note how far closed days were read anew after an update; a row while they are."""
    db.execute("CREATE TABLE refiling (upto INTEGER NOT NULL) STRICT")
