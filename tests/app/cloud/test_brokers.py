"""What a cloud's broker must do, as role cloud_broker sets it up: Mosquitto, RabbitMQ, three of it.

A restaurant is a real terminal with its bridge; workers and papers are the cloud's own.
"""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.bus import Arrival, topics
from comptoir.cloud import EmbeddedStore, Ingest, Road
from comptoir.cloud.papers import APP, RENEWER, Papers
from comptoir.cloud_link import CloudLink
from tests.fakes.cloud_brokers import (
    MESSAGE_BYTES_MAX,
    CloudBroker,
    CloudMosquitto,
    CloudRabbit,
)
from tests.fakes.cloud_guest import Guest
from tests.fakes.restaurant import Terminal, until

PATIENCE_S = 120.0
NOTHING_S = 1.0  # for what must not come, after what must has
RABBITS = [pytest.param("rabbitmq"), pytest.param("cluster", marks=pytest.mark.long)]
UPLOAD, MARK = topics.UP.at("r1", "t1"), topics.MARK.at("r1")


def made(kind: str, folder: Path) -> CloudBroker:
    if kind == "mosquitto":
        return CloudMosquitto(folder)
    return CloudRabbit(folder, 3 if kind == "cluster" else 1)


@pytest.fixture(scope="module", params=["mosquitto", *RABBITS])
def broker(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CloudBroker]:
    broker = made(request.param, tmp_path_factory.mktemp(request.param))
    try:
        broker.start()
        yield broker
    finally:
        broker.remove()


@pytest.fixture
def road(broker: CloudBroker) -> Iterator[Road]:
    """A worker's road without a worker: what comes in is looked at."""
    road = broker.road()
    road.start()
    assert road.wait_connected(PATIENCE_S)
    yield road
    road.settle(kept=True)
    road.stop()


def heard(road: Road, seconds: float) -> list[tuple[str, bytes]]:
    """Return what comes in until it has been quiet for so long."""
    found = []
    end_s = time.monotonic() + seconds
    while time.monotonic() < end_s:
        item = road.get(0.1)
        if isinstance(item, Arrival):
            found.append((item.topic, item.payload))
            road.settle(kept=True)
            end_s = time.monotonic() + seconds
    return found


def until_heard(road: Road, wanted: tuple[str, bytes]) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []

    def came() -> bool:
        found.extend(heard(road, 0.2))
        return wanted in found

    until(came, PATIENCE_S, wanted[0])
    return found


def guest(broker: CloudBroker, folder: Path, restaurant: str = "r1", papers: str = "") -> Guest:
    """Return a client with a restaurant's certificate, of this cloud or of another."""
    paper = (Papers(folder / papers) if papers else broker.papers).for_restaurant(restaurant)
    certificate, key = folder / f"{restaurant}.crt", folder / f"{restaurant}.key"
    certificate.write_bytes(paper.certificate)
    key.write_bytes(paper.key)
    return Guest(broker.doors[-1], broker.folder / "ca.crt", f"{restaurant}.t1", certificate, key)


def test_nobody_comes_in_without_a_certificate_of_this_cloud(
    broker: CloudBroker, tmp_path: Path
) -> None:
    assert not Guest(broker.doors[0], broker.folder / "ca.crt", "r1.t1").comes_in()
    assert not guest(broker, tmp_path, papers="another cloud's").comes_in()
    control = guest(broker, tmp_path)
    assert control.comes_in()
    control.leave()


def test_who_was_renewed_comes_in_and_by_another_renewer_does_not(
    broker: CloudBroker, tmp_path: Path
) -> None:
    for authority, taken in ((broker.renewing, True), (Papers(tmp_path / "x", RENEWER), False)):
        paper = authority.for_restaurant("r1")
        certificate, key = tmp_path / "renewed.crt", tmp_path / "renewed.key"
        certificate.write_bytes(paper.certificate)
        key.write_bytes(paper.key)
        ca = broker.folder / "ca.crt"
        renewed = Guest(broker.doors[-1], ca, "r1.t1", certificate, key)
        assert renewed.comes_in() == taken
        if taken:
            renewed.leave()


def test_a_restaurant_writes_in_its_own_name_alone(
    broker: CloudBroker, road: Road, tmp_path: Path
) -> None:
    for topic in (UPLOAD, MARK, topics.MARK.at("r2")):
        other = guest(broker, tmp_path, "r2")
        assert other.comes_in()
        other.publish(topic, b"forged")
        other.leave()
    own = guest(broker, tmp_path, "r2")
    assert own.comes_in()
    own.publish(topics.UP.at("r2", "t1"), b"own")
    assert until_heard(road, (topics.UP.at("r2", "t1"), b"own")) == [("r/r2/up/t1", b"own")]
    own.leave()


def test_a_restaurant_hears_its_own_name_alone(
    broker: CloudBroker, road: Road, tmp_path: Path
) -> None:
    spies = []
    for topic in ("r/#", "r/r1/down/#", "r/+/down/#", "r/r1/up/#", "#"):
        spies.append(guest(broker, tmp_path, "r2"))
        spies[-1].client_id(f"r2.spy{len(spies)}")
        assert spies[-1].comes_in()
        spies[-1].listen(topic)
    right = guest(broker, tmp_path)
    assert right.comes_in()
    right.listen("r/r1/down/#")

    def told() -> bool:
        road.publish(MARK, b"mark")
        return right.heard_within(0.5)

    until(told, PATIENCE_S, "the mark")
    time.sleep(NOTHING_S)
    for one in (*spies, right):
        one.leave()
    assert set(right.heard) == {MARK}
    assert [topic for spy in spies for topic in spy.heard] == []


def test_a_password_makes_nobody_another(broker: CloudBroker, road: Road, tmp_path: Path) -> None:
    sly = guest(broker, tmp_path, "r2")
    sly.say_password(APP, "guest")
    if sly.comes_in():  # by its certificate: then it is who that says
        sly.publish(UPLOAD, b"forged")
    sly.leave()
    own = guest(broker, tmp_path)
    assert own.comes_in()
    own.publish(UPLOAD, b"right")
    assert until_heard(road, (UPLOAD, b"right")) == [(UPLOAD, b"right")]
    own.leave()


def test_a_message_over_the_limit_is_not_carried(
    broker: CloudBroker, road: Road, tmp_path: Path
) -> None:
    for size in (MESSAGE_BYTES_MAX + 1000, MESSAGE_BYTES_MAX // 2):
        client = guest(broker, tmp_path)
        assert client.comes_in()
        client.publish(UPLOAD, b"x" * size)
        client.leave()
    found = until_heard(road, (UPLOAD, b"x" * (MESSAGE_BYTES_MAX // 2)))
    assert [len(payload) for _, payload in found] == [MESSAGE_BYTES_MAX // 2]


class House:
    """A restaurant's terminal, the cloud's store, and a worker that comes and goes."""

    def __init__(self, broker: CloudBroker, folder: Path) -> None:
        self._broker = broker
        paper = broker.papers.for_restaurant("r1")
        files = {"crt": paper.certificate, "key": paper.key}
        for kind, pem in files.items():
            (folder / f"r1.{kind}").write_bytes(pem)
        at = str(broker.doors[-1])
        ca = broker.folder / "ca.crt"
        link = CloudLink(at, ca, folder / "r1.crt", folder / "r1.key")
        self.till = Terminal(folder / "t1", "t1", "A", cloud=link)
        self.store = EmbeddedStore(folder / "store")
        self.store.migrate()
        self.store.register("r1", [self.till.card])
        self._ingest: Ingest | None = None
        self._thread: threading.Thread | None = None
        self.till.know([self.till])
        self.till.start()
        self.till.open_log()

    def work(self) -> None:
        self._ingest = Ingest(self.store, self._broker.road())
        self._thread = threading.Thread(target=self._ingest.run)
        self._thread.start()

    def rest(self) -> None:
        if self._ingest is not None and self._thread is not None:
            self._ingest.stop()
            self._thread.join()
            self._ingest = self._thread = None

    def sell(self, count: int) -> None:
        self.till.sell(count)
        self.till.tell_grown()

    def until_marked(self) -> None:
        """Wait until the mark at the till covers all that was sold, and the store has as much."""
        sold = self.till.seq("t1")
        until(lambda: self.till.safety().cloud == {"t1/1": sold}, PATIENCE_S, "the mark")
        assert self.store.marks(["r1"])["r1"] == self.till.journal.vector()

    def stop(self) -> None:
        self.rest()
        self.till.stop()
        self.store.close()


@pytest.fixture
def house(broker: CloudBroker, tmp_path: Path) -> Iterator[House]:
    house = House(broker, tmp_path)
    yield house
    house.stop()


def test_what_is_sold_while_no_worker_lives_is_stored_when_one_does(house: House) -> None:
    house.work()
    house.sell(20)
    house.until_marked()
    house.rest()
    house.sell(50)
    time.sleep(NOTHING_S)
    assert house.store.marks(["r1"])["r1"] != house.till.journal.vector()
    house.work()
    house.until_marked()


def test_a_broker_that_is_killed_and_started_again_costs_no_event(
    broker: CloudBroker, house: House
) -> None:
    house.work()
    house.sell(50)
    broker.restart()
    house.sell(50)
    house.until_marked()
