"""Many restaurants upload while the cloud's parts die by kill -9: nothing is missing, nothing is
there twice (C2). The long run is a hundred restaurants, and kills for as long as they upload."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from comptoir.bus import Address
from comptoir.cloud.postgres import PostgresStore
from tests.fakes.broker import Broker
from tests.fakes.fleet import Fleet
from tests.fakes.house import House
from tests.fakes.postgres import Postgres
from tests.fakes.restaurant import until
from tests.fakes.workers import Workers

WORKERS = 2
PATIENCE_S = 180.0
SHORT, LONG = (20, 100), (100, 1000)


@pytest.fixture
def server() -> Iterator[Postgres]:
    with Postgres() as made:
        yield made


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    made = Broker(tmp_path / "broker", extra="max_queued_messages 20000\n")
    made.start()
    yield made
    made.kill()


@pytest.mark.parametrize(
    ("houses", "each"), [SHORT, pytest.param(*LONG, marks=pytest.mark.long)], ids=["20", "100"]
)
def test_kills_of_worker_database_and_broker_cost_time_and_no_event(
    server: Postgres, broker: Broker, tmp_path: Path, houses: int, each: int
) -> None:
    dsn = server.database()
    store = PostgresStore(dsn)
    store.migrate()
    staff = [House(number) for number in range(houses)]
    for house in staff:
        store.register(house.id, [house.card])
    store.close()
    workers = Workers(broker, dsn, tmp_path, WORKERS)
    workers.start_all()
    fleet = Fleet(Address("127.0.0.1", broker.local_port), staff, each)
    fleet.start()
    begin = time.monotonic()
    kills = _kill_around(fleet, workers, server, broker)
    until(fleet.done, PATIENCE_S, "every restaurant is told that all is held", pause_s=0.05)
    took_s = time.monotonic() - begin
    fleet.stop()
    workers.end()
    _count(dsn, houses, each)
    sys.stdout.write(f"{houses * each} events, {kills} kills: 0 missing, 0 twice, {took_s:.0f} s\n")


def _kill_around(fleet: Fleet, workers: Workers, server: Postgres, broker: Broker) -> int:
    """Kill each part in turn, once something was stored since; returns how many kills."""
    deeds: list[Callable[[], None]] = [
        lambda: workers.replace(1),
        server.kill,
        server.start,
        lambda: workers.replace(2),
        broker.restart,
    ]
    for deed in deeds:
        seen = sum(fleet.marks.values())
        if deed != server.start:  # nothing moves until then
            _until_moved(fleet, seen)
        deed()
    return len(deeds) - 1


def _until_moved(fleet: Fleet, seen: int) -> None:
    until(lambda: fleet.done() or sum(fleet.marks.values()) > seen, PATIENCE_S, "progress")


def _count(dsn: str, houses: int, each: int) -> None:
    """Look at the rows themselves: as many as were made, without a hole, none twice."""
    with psycopg.connect(dsn) as db:
        rows = db.execute(
            "SELECT restaurant, count(*), count(DISTINCT seq), min(seq), max(seq)"
            " FROM event GROUP BY restaurant"
        ).fetchall()
    assert len(rows) == houses
    assert {row[1:] for row in rows} == {(each, each, 1, each)}
