"""Both stores of the cloud, and a PostgreSQL that lives as long as the session."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from comptoir.cloud import EmbeddedStore, Ingest, Road, Store
from comptoir.cloud.postgres import PostgresStore
from tests.fakes.postgres import Postgres

MakeStore = Callable[[], Store]
Run = Callable[[Store, Road], None]
CONNECT_S_MAX = 60.0


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with Postgres() as server:
        yield server


@pytest.fixture(params=["embedded", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made: Store
    if request.param == "embedded":
        made = EmbeddedStore(tmp_path / "cloud")
    else:
        server: Postgres = request.getfixturevalue("postgres")
        made = PostgresStore(server.database())
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def run_ingest() -> Iterator[Run]:
    """Workers in threads of this process, ended after the test."""
    running: list[tuple[Ingest, threading.Thread]] = []

    def start(store: Store, road: Road) -> None:
        ingest = Ingest(store, road)
        running.append((ingest, threading.Thread(target=ingest.run)))
        running[-1][1].start()
        assert road.wait_connected(CONNECT_S_MAX)

    yield start
    for ingest, thread in running:
        ingest.stop()
        thread.join()
