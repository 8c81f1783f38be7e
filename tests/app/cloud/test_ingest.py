"""The ingest worker on a real broker: verified, stored once, marked after the commit."""

import itertools
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from comptoir.bus import Address, Arrival, Endpoint, Inbox, LinkUp, Transport, topics, wire
from comptoir.cloud import MqttRoad, Receipt, Store, StoreUnavailable
from comptoir.cloud.postgres import PostgresStore
from comptoir.commands import OpenCheck
from comptoir.domain.envelope import LogId, Sealed
from tests.app.cloud.conftest import Run
from tests.fakes.box import BOSS, Box
from tests.fakes.broker import Broker
from tests.fakes.postgres import Postgres
from tests.fakes.restaurant import until

R = "r1"
Work = Callable[[Store], None]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    made = Broker(tmp_path / "broker")
    made.start()
    yield made
    made.kill()


class Bridge:
    """Stands where a terminal's bridge would: uploads, and hears marks."""

    def __init__(self, broker: Broker) -> None:
        self.inbox = Inbox()
        address = Address("127.0.0.1", broker.local_port)
        self.link = Transport(Endpoint("bridge", address, "b"), self.inbox, [topics.MARK.at(R)])
        self.link.start()
        assert self.link.wait_connected(5)

    def upload(self, batch: Sequence[Sealed], restaurant: str = R) -> None:
        topic = topics.UP.at(restaurant, "t1")
        self.link.publish(topic, wire.pack(wire.events_of(batch)))

    def ask(self, health: wire.Health | None = None) -> None:
        self.link.publish(topics.UP.at(R, "t1"), wire.pack(wire.AskMark(health)), qos=0)

    def mark(self, seconds: float = 60.0) -> Mapping[LogId, int] | None:
        """Return the next mark, as seq by log."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            item = self.inbox.get(0.1)
            if isinstance(item, Arrival):
                heads = wire.heads_of(wire.unpack(item.payload, wire.Mark).heads)
                return {log: head.seq for log, head in heads.items()}
            assert item is None or isinstance(item, LinkUp)
        return None


@pytest.fixture
def bridge(broker: Broker) -> Iterator[Bridge]:
    made = Bridge(broker)
    yield made
    made.link.stop()


@pytest.fixture
def make_postgres(postgres: Postgres) -> Iterator[Callable[[], PostgresStore]]:
    """Stores that are closed after the workers that use them."""
    made: list[PostgresStore] = []
    dsn = postgres.database()

    def make() -> PostgresStore:
        made.append(PostgresStore(dsn))
        made[-1].migrate()
        return made[-1]

    yield make
    for store in made:
        store.close()


@pytest.fixture
def work(broker: Broker, run_ingest: Run) -> Work:
    numbers = itertools.count()

    def start(store: Store) -> None:
        address = Address("127.0.0.1", broker.local_port)
        run_ingest(store, MqttRoad(Endpoint("cloud broker", address, f"ingest-{next(numbers)}")))

    return start


def sell(box: Box, count: int) -> list[Sealed]:
    for _ in range(count):
        name = f"c{box.log.held()[1]}"
        box.desk.run(OpenCheck(name, name), BOSS)
    return box.sealed()


def test_what_is_uploaded_is_stored_and_marked(
    store: Store, work: Work, bridge: Bridge, box: Box
) -> None:
    store.register(R, [box.card])
    work(store)
    bridge.upload(sell(box, 5))
    assert bridge.mark() == {("t1", 1): 5}
    assert store.marks([R])[R] == box.journal.vector()


def test_who_asks_is_told_the_mark(store: Store, work: Work, bridge: Bridge, box: Box) -> None:
    store.register(R, [box.card])
    work(store)
    bridge.ask()
    assert bridge.mark() == {}


def test_how_who_asks_says_it_is_is_kept(
    store: Store, work: Work, bridge: Bridge, box: Box
) -> None:
    store.register(R, [box.card])
    work(store)
    said = wire.Health("1.0", 2, disk_free=1, disk_size=2)
    bridge.ask(said)
    bridge.ask()  # as an older version asks
    until(lambda: bool(store.health([R])), what="health")
    (told,) = store.health([R])[R].values()
    assert told.health == said
    assert told.at_ms <= time.time_ns() // 1_000_000


def test_an_unregistered_restaurant_is_told_nothing(
    store: Store, work: Work, bridge: Bridge, box: Box
) -> None:
    work(store)
    bridge.upload(sell(box, 2))
    bridge.ask()
    assert bridge.mark(1.0) is None


def test_the_same_window_six_times_is_stored_once(
    store: Store, work: Work, bridge: Bridge, box: Box
) -> None:
    store.register(R, [box.card])
    work(store)
    window = sell(box, 20)
    for _ in range(6):
        bridge.upload(window)
    until(lambda: store.marks([R])[R] == box.journal.vector())
    assert store.admit({R: box.sealed()})[R].stored == 0


def test_two_workers_beside_each_other_store_each_event_once(
    make_postgres: Callable[[], PostgresStore], work: Work, bridge: Bridge, box: Box
) -> None:
    stores = [make_postgres(), make_postgres()]
    stores[0].register(R, [box.card])
    for store in stores:
        work(store)  # both take in every restaurant, as for a moment after a change of workers
    events = sell(box, 60)
    for first in range(0, 60, 10):
        bridge.upload(events[first : first + 10])
    probe = make_postgres()
    until(lambda: probe.marks([R])[R] == box.journal.vector())


def test_what_is_no_upload_harms_nobody(store: Store, work: Work, bridge: Bridge, box: Box) -> None:
    store.register(R, [box.card])
    work(store)
    for nonsense in (b"", b"\xc1", b"{}", bytes(range(256))):
        bridge.link.publish(topics.UP.at(R, "t1"), nonsense)
    bridge.link.publish(topics.UP.at("r..1", "t1"), b"x")
    bridge.upload(sell(box, 1))
    assert bridge.mark() == {("t1", 1): 1}


@pytest.fixture
def mortal() -> Iterator[Postgres]:
    """A server that a test may kill."""
    with Postgres() as server:
        yield server


@pytest.fixture
def mortal_store(mortal: Postgres) -> Iterator[PostgresStore]:
    store = PostgresStore(mortal.database())
    store.migrate()
    yield store
    store.close()


def test_a_database_killed_and_started_again_loses_nothing(
    mortal: Postgres, mortal_store: PostgresStore, work: Work, bridge: Bridge, box: Box
) -> None:
    server, store = mortal, mortal_store
    store.register(R, [box.card])
    work(store)
    bridge.upload(sell(box, 10))
    assert bridge.mark() == {("t1", 1): 10}
    server.kill()
    bridge.upload(sell(box, 10))
    assert bridge.mark(1.0) is None, "no mark while nothing can be committed"
    server.start()
    until(lambda: _uploaded(bridge, box) == {("t1", 1): 20}, what="sent again, stored, marked")


def _uploaded(bridge: Bridge, box: Box) -> Mapping[LogId, int] | None:
    bridge.upload(box.sealed())
    bridge.ask()
    return bridge.mark(1.0)


class Forgetful:
    """A store that cannot commit: takes everything, then says so."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def migrate(self) -> list[str]:
        return self._store.migrate()

    def register(self, restaurant: str, cards: object) -> None:
        raise NotImplementedError

    def admit(self, batches: Mapping[str, Sequence[Sealed]]) -> Mapping[str, Receipt]:
        raise StoreUnavailable(f"disk full at {len(batches)} batches")

    def marks(self, restaurants: object) -> Mapping[str, Mapping[LogId, object]]:
        raise AssertionError(f"a mark without a commit for {restaurants}")

    def close(self) -> None:
        self._store.close()


def test_without_a_commit_there_is_no_mark_and_one_complaint(
    store: Store, work: Work, bridge: Bridge, box: Box, caplog: pytest.LogCaptureFixture
) -> None:
    work(Forgetful(store))  # type: ignore[arg-type]  # refuses what the Protocol allows
    bridge.upload(sell(box, 2))
    assert bridge.mark(1.0) is None
    bridge.upload(box.sealed())
    assert bridge.mark(1.5) is None
    assert caplog.text.count("disk full") == 1


def test_a_backlog_drains_and_its_rate_is_told(
    make_postgres: Callable[[], PostgresStore], work: Work, bridge: Bridge, box: Box
) -> None:
    store = make_postgres()
    store.register(R, [box.card])
    events = sell(box, 300)
    work(store)
    begin = time.monotonic()
    for first in range(0, 300, 100):
        bridge.upload(events[first : first + 100])
    until(lambda: store.marks([R])[R] == box.journal.vector(), 30)
    took_s = time.monotonic() - begin
    sys.stdout.write(f"ingest to PostgreSQL: {300 / took_s:.0f} events/s, one restaurant\n")
