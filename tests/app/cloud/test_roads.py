"""What the cloud's broker must do, whichever it is: a terminal's own bridge on the one side, ingest
workers on the other. Mosquitto for a single host, RabbitMQ with quorum queues for a cluster."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from comptoir.bus import Address, Arrival, Endpoint, Inbox, LinkUp, Transport, topics, wire
from comptoir.cloud import EmbeddedStore, MqttRoad, Receipt, Road, Share, StoreUnavailable
from comptoir.cloud.amqp import AmqpRoad
from comptoir.cloud.road import NOBODYS
from comptoir.cloud_link import CloudLink, bridge_block
from comptoir.commands import OpenCheck
from comptoir.domain.envelope import Head, LogId, Sealed
from tests.app.cloud.conftest import Run
from tests.fakes.box import BOSS, Box
from tests.fakes.broker import Broker
from tests.fakes.rabbitmq import Rabbit
from tests.fakes.restaurant import until

R = "r1"
PATIENCE_S = 60.0
MakeRoad = Callable[..., Road]


@pytest.fixture(scope="module")
def rabbit() -> Iterator[Rabbit]:
    made = Rabbit()
    try:
        made.start()
        yield made
    finally:
        made.remove()


@pytest.fixture(scope="module")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    made = Broker(tmp_path_factory.mktemp("cloud"))
    made.start()
    yield made
    made.kill()


@pytest.fixture(params=["mosquitto", "rabbitmq"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def mqtt(request: pytest.FixtureRequest, kind: str) -> Address:
    """Return where bridges connect to."""
    if kind == "rabbitmq":
        rabbit: Rabbit = request.getfixturevalue("rabbit")
        return rabbit.nodes[0].mqtt
    broker: Broker = request.getfixturevalue("mosquitto")
    return Address("127.0.0.1", broker.local_port)


@pytest.fixture
def make_road(request: pytest.FixtureRequest, kind: str, mqtt: Address) -> MakeRoad:
    def make(share: Share = Share()) -> Road:  # noqa: B008 - it never changes
        if kind == "rabbitmq":
            rabbit: Rabbit = request.getfixturevalue("rabbit")
            return AmqpRoad([rabbit.nodes[0].amqp], share=share)
        return MqttRoad(Endpoint("cloud broker", mqtt, f"ingest-{share.number}"), share)

    return make


class Uploader:
    """A terminal's Mosquitto with the bridge that is in service, and its replica's place at it."""

    def __init__(self, folder: Path, cloud: Address, restaurant: str = R) -> None:
        block = bridge_block(restaurant, "t1", CloudLink(str(cloud)))
        self.restaurant = restaurant
        self.broker = Broker(folder, extra=block)
        self.broker.start()
        self.inbox = Inbox()
        near = Address("127.0.0.1", self.broker.local_port)
        mark = topics.MARK.at(restaurant)
        self.link = Transport(Endpoint("own", near, "replica"), self.inbox, [mark])
        self.link.start()
        assert self.link.wait_connected(PATIENCE_S)

    def upload(self, batch: Sequence[Sealed]) -> None:
        topic = topics.UP.at(self.restaurant, "t1")
        assert self.link.publish(topic, wire.pack(wire.events_of(batch)))

    def ask(self) -> None:
        self.link.publish(topics.UP.at(self.restaurant, "t1"), wire.pack(wire.AskMark()), qos=0)

    def mark(self) -> Mapping[LogId, int] | None:
        """Ask, as an uplink does; return the newest mark that has come."""
        self.ask()
        newest, end = None, time.monotonic() + 0.3
        while (item := self.inbox.get(max(0, end - time.monotonic()))) is not None:
            if isinstance(item, Arrival):
                heads = wire.heads_of(wire.unpack(item.payload, wire.Mark).heads)
                newest = {log: head.seq for log, head in heads.items()}
        return newest

    def until_marked(self, expected: Mapping[LogId, int]) -> None:
        until(lambda: self.mark() == expected, PATIENCE_S, f"a mark of {expected}")

    def stop(self) -> None:
        self.link.stop()
        self.broker.kill()


@pytest.fixture
def uploader(tmp_path: Path, mqtt: Address) -> Iterator[Uploader]:
    made = Uploader(tmp_path / "terminal", mqtt)
    yield made
    made.stop()


class Moody(EmbeddedStore):
    """A store that may refuse to commit for a while."""

    refuses = False

    def admit(self, batches: Mapping[str, Sequence[Sealed]]) -> Mapping[str, Receipt]:
        if self.refuses:
            raise StoreUnavailable("the disk is full")
        return super().admit(batches)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Moody]:
    made = Moody(tmp_path / "store")
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def work(store: Moody, make_road: MakeRoad, run_ingest: Run) -> Callable[..., None]:
    def start(share: Share = Share()) -> None:  # noqa: B008 - it never changes
        run_ingest(store, make_road(share))

    return start


def sell(box: Box, count: int) -> list[Sealed]:
    for _ in range(count):
        name = f"c{box.log.held()[1]}"
        box.desk.run(OpenCheck(name, name), BOSS)
    return box.sealed()


def test_what_a_bridge_uploads_is_stored_once_and_marked(
    store: Moody, work: Callable[..., None], uploader: Uploader, box: Box
) -> None:
    store.register(R, [box.card])
    work()
    uploader.until_marked({})
    events = sell(box, 20)
    for first in range(0, 20, 5):
        uploader.upload(events[first : first + 5])
    uploader.upload(events)
    uploader.until_marked({("t1", 1): 20})
    assert store.marks([R])[R] == box.journal.vector()
    assert store.journal(R).position() == 20


def test_without_a_commit_there_is_no_mark_and_afterwards_there_is(
    store: Moody, work: Callable[..., None], uploader: Uploader, box: Box
) -> None:
    store.register(R, [box.card])
    work()
    uploader.until_marked({})
    store.refuses = True
    uploader.upload(sell(box, 3))
    time.sleep(0.5)
    assert uploader.mark() is None, "while nothing can be committed nobody is told anything"
    store.refuses = False

    def uploaded() -> bool:
        uploader.upload(box.sealed())  # as an uplink does when its mark stands still
        return uploader.mark() == {("t1", 1): 3}

    until(uploaded, PATIENCE_S, "sent again, stored, marked")


def test_workers_part_the_restaurants_and_leave_none_out(
    store: Moody, work: Callable[..., None], uploader: Uploader, box: Box
) -> None:
    names = [R, *(f"house-{number}" for number in range(12))]
    for name in names:
        store.register(name, [box.card])
    for number in (1, 2, 3):
        work(Share(number, 3))
    direct = _near(uploader)
    heard: set[str] = set()

    def all_answered() -> bool:
        for name in names:
            direct.publish(topics.UP.at(name, "t1"), wire.pack(wire.AskMark()), qos=0)
        while isinstance(item := inbox.get(0.2), Arrival):
            heard.add(item.topic)
        return len(heard) == len(names)

    inbox = direct._inbox
    until(all_answered, PATIENCE_S, "a mark for every restaurant")
    direct.stop()


def test_who_only_speaks_is_heard_by_terminals_and_takes_no_upload_away(
    store: Moody, work: Callable[..., None], make_road: MakeRoad, uploader: Uploader, box: Box
) -> None:
    """The head office's road: were it a consumer, uploads would vanish with it."""
    store.register(R, [box.card])
    voice = make_road(NOBODYS)
    voice.start()
    assert voice.wait_connected(PATIENCE_S)
    work()
    uploader.until_marked({})
    uploader.upload(sell(box, 5))
    uploader.until_marked({("t1", 1): 5})
    told = {("head-office", 1): 7}
    mark = wire.pack(wire.Mark(wire.head_list({("head-office", 1): Head(7, "h")}), 0))

    def heard() -> bool:
        voice.publish(topics.MARK.at(R), mark)
        while isinstance(item := uploader.inbox.get(0.3), Arrival):
            heads = wire.heads_of(wire.unpack(item.payload, wire.Mark).heads)
            if {log: head.seq for log, head in heads.items()} == told:
                return True
        return False

    until(heard, PATIENCE_S, "what the head office says")
    assert voice.get(0.2) in {None, LinkUp("cloud broker")}
    voice.stop()


def _near(uploader: Uploader) -> Transport:
    """Return a link to a broker whose bridge carries every restaurant's uploads and marks."""
    file = uploader.broker.folder / "mosquitto.conf"
    text = file.read_text(encoding="ascii").replace(f"r/{R}/", "r/+/")
    file.write_text(text.replace(f"{R}-t1", "many"), encoding="ascii")
    uploader.broker.restart()
    near = Address("127.0.0.1", uploader.broker.local_port)
    link = Transport(Endpoint("many", near, "many"), Inbox(), [topics.MARK.filter()])
    link.start()
    assert link.wait_connected(PATIENCE_S)
    return link
