"""Both stores of the cloud, and a PostgreSQL that lives as long as the session."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from comptoir.cloud import EmbeddedStore, Store
from comptoir.cloud.postgres import PostgresStore
from tests.fakes.postgres import Postgres

MakeStore = Callable[[], Store]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    server.start()
    yield server
    server.remove()


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
