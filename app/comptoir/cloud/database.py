"""One connection to PostgreSQL that comes back by itself, one transaction at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from comptoir.cloud.store import StoreUnavailable

CONNECT_S_MAX = 5
# A host that loses its power says no goodbye: who waits for its answer asks whether it is there.
WATCHED: dict[str, Any] = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
Connection = psycopg.Connection[tuple[Any, ...]]


class Database:
    """Safe for threads; after a fault the connection is made anew the next time."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection: Connection | None = None
        self._lock = threading.RLock()

    def close(self) -> None:
        """Close the connection; safe to call twice."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Hold a transaction, committed when the block ends; raises StoreUnavailable."""
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = psycopg.connect(
                        self._dsn, connect_timeout=CONNECT_S_MAX, **WATCHED
                    )
                with self._connection.transaction():
                    yield self._connection
            except psycopg.Error as error:
                self.close()
                raise StoreUnavailable(f"PostgreSQL: {str(error).strip()}") from error
