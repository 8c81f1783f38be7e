"""The tables in PostgreSQL, as forward-only migrations; ``comptoir cloud migrate`` applies them."""

PARTITIONS = 16

_EVENTS = """
CREATE TABLE restaurant (
    id TEXT PRIMARY KEY, registered_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE TABLE card (
    restaurant TEXT NOT NULL REFERENCES restaurant, terminal TEXT NOT NULL, card JSONB NOT NULL,
    PRIMARY KEY (restaurant, terminal)
);
CREATE TABLE event (
    restaurant TEXT NOT NULL, terminal TEXT NOT NULL, epoch BIGINT NOT NULL, seq BIGINT NOT NULL,
    hlc BIGINT NOT NULL, kind TEXT NOT NULL, hash TEXT NOT NULL,
    payload BYTEA NOT NULL, signature BYTEA NOT NULL,
    received_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (restaurant, terminal, epoch, seq)
) PARTITION BY HASH (restaurant);
CREATE TABLE head (
    restaurant TEXT NOT NULL, terminal TEXT NOT NULL, epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL, hash TEXT NOT NULL,
    PRIMARY KEY (restaurant, terminal, epoch)
);
CREATE TABLE quarantine (
    restaurant TEXT NOT NULL, terminal TEXT NOT NULL, epoch BIGINT NOT NULL, seq BIGINT NOT NULL,
    hash TEXT NOT NULL, reason TEXT NOT NULL, payload BYTEA NOT NULL, signature BYTEA NOT NULL,
    PRIMARY KEY (restaurant, terminal, epoch, seq, hash)
);
"""
_PARTITIONS = "".join(
    f"CREATE TABLE event_{n} PARTITION OF event"
    f" FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {n});\n"
    for n in range(PARTITIONS)
)
_TERMINALS = """
CREATE INDEX event_of_terminals ON event (restaurant) WHERE kind LIKE 'terminal.%';
"""

_HEAD_OFFICE = """
CREATE TABLE heard (
    restaurant TEXT NOT NULL REFERENCES restaurant, terminal TEXT NOT NULL, at_ms BIGINT NOT NULL,
    PRIMARY KEY (restaurant, terminal)
);
CREATE TABLE writer (restaurant TEXT PRIMARY KEY);
CREATE TABLE office_user (
    name TEXT PRIMARY KEY, record JSONB NOT NULL, code_step BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE office_audit (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at_ms BIGINT NOT NULL, name TEXT NOT NULL,
    action TEXT NOT NULL, restaurant TEXT NOT NULL, detail TEXT NOT NULL, address TEXT NOT NULL
);
"""

_HEALTH = """
ALTER TABLE heard ADD COLUMN said_ms BIGINT NOT NULL DEFAULT 0, ADD COLUMN said BYTEA;
"""

MIGRATIONS = (
    ("001_events", _EVENTS + _PARTITIONS + _TERMINALS),
    ("002_head_office", _HEAD_OFFICE),
    ("003_health", _HEALTH),
)
LOCK = 0x636F6D70  # one migration at a time
