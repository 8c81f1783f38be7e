"""From a till to the cloud over Mosquitto's own bridge: what breaks costs time, never events."""

import sys
import time
from importlib.metadata import version
from pathlib import Path

import pytest

from comptoir.bus import Address, Endpoint, Inbox, Transport, topics, wire
from comptoir.cloud import Ingest
from comptoir.cloud.ingest import Gathered
from comptoir.domain.envelope import Head, decode
from comptoir.domain.events import SPEAKS
from tests.app.replica.conftest import MakeCloud, Staff
from tests.fakes.cloud import Cloud
from tests.fakes.restaurant import Terminal, until


def exactly_once(cloud: Cloud, till: Terminal, count: int) -> bool:
    """Tell whether the cloud holds exactly the till's first events, each once."""
    held = cloud.events()
    return held == [(till.name, 1, seq) for seq in range(1, count + 1)]


def test_events_reach_the_cloud_and_the_mark_comes_back(terminals: Staff, cloud: Cloud) -> None:
    (till,) = terminals(1, cloud=cloud.address)
    cloud.register([till.card])
    till.sell(30)
    took_s = until(lambda: cloud.held("t1") == 30, 20, "30 events in the cloud")
    sys.stdout.write(f"30 events in the cloud after {took_s * 1000:.0f} ms\n")
    until(lambda: till.safety().cloud == {"t1/1": 30}, 5, "the mark at the till")
    assert till.safety().safe == {"t1/1": 30}


def test_the_cloud_is_told_how_a_terminal_is(terminals: Staff, cloud: Cloud) -> None:
    (till,) = terminals(1, cloud=cloud.address)
    cloud.register([till.card])
    till.sell(3)
    printers = wire.PrintersNow([wire.PrinterNow("kitchen", "paper-out", "No paper", waiting=2)], 1)
    address = Address("127.0.0.1", till.broker.local_port)
    devices = Transport(Endpoint("own broker", address, "devices"), Inbox(), [])
    devices.start()
    until(lambda: devices.connected, what="the devices program")

    def told() -> wire.Health | None:
        devices.publish(topics.PRINTERS.template, wire.pack_json(printers), retain=True)
        said = cloud.store.health(["r1"]).get("r1", {}).get("t1")
        return said.health if said and said.health.printers and not said.health.waiting else None

    try:
        until(lambda: told() is not None, 60, "how the terminal is")
    finally:
        devices.stop()
    health = told()
    assert health is not None
    assert (health.version, health.speaks) == (version("comptoir"), SPEAKS)
    assert 0 < health.disk_free < health.disk_size
    assert health.printers == [wire.PrinterHealth("kitchen", "paper-out", False, 2)]


def test_a_lone_terminal_without_cloud_has_nothing_safe(terminals: Staff, cloud: Cloud) -> None:
    (till,) = terminals(1, cloud=cloud.address)
    cloud.register([till.card])
    cloud.internet.cut()
    till.sell(3)
    time.sleep(1.0)
    assert till.safety().safe == {}


def test_an_internet_outage_costs_time_and_nothing_else(terminals: Staff, cloud: Cloud) -> None:
    (till,) = terminals(1, cloud=cloud.address)
    cloud.register([till.card])
    till.sell(10)
    until(lambda: cloud.held("t1") == 10)
    cloud.internet.cut()
    till.sell(40)
    time.sleep(2.0)
    assert cloud.held("t1") == 10
    cloud.internet.heal()
    took_s = until(lambda: cloud.held("t1") == 50, 20, "all in the cloud")
    sys.stdout.write(f"outage over: 40 events in the cloud after {took_s:.2f} s\n")
    assert exactly_once(cloud, till, 50)


def test_the_clouds_broker_killed_loses_nothing(terminals: Staff, cloud: Cloud) -> None:
    (till,) = terminals(1, cloud=cloud.address)
    cloud.register([till.card])
    till.sell(10)
    until(lambda: cloud.held("t1") == 10)
    cloud.broker.kill()
    till.sell(10)
    time.sleep(0.5)
    cloud.broker.start()
    until(lambda: exactly_once(cloud, till, 20), what="all in the cloud")


def test_an_ingest_worker_that_was_down_loses_nothing(terminals: Staff, cloud: Cloud) -> None:
    (till,) = terminals(1, cloud=cloud.address)
    cloud.register([till.card])
    till.sell(10)
    until(lambda: cloud.held("t1") == 10)
    cloud.stop_ingest()
    till.sell(10)
    time.sleep(0.5)
    cloud.start_ingest()
    until(lambda: exactly_once(cloud, till, 20), what="all in the cloud")


def test_the_own_broker_killed_during_an_outage_loses_nothing(
    terminals: Staff, cloud: Cloud
) -> None:
    (till,) = terminals(1, cloud=cloud.address)
    cloud.register([till.card])
    till.sell(10)
    until(lambda: cloud.held("t1") == 10)
    cloud.internet.cut()
    till.sell(20)
    time.sleep(0.5)
    till.broker.restart()
    cloud.internet.heal()
    until(lambda: exactly_once(cloud, till, 30), what="all in the cloud")


def test_when_the_uploader_dies_another_takes_over_for_the_dead_too(
    terminals: Staff, cloud: Cloud
) -> None:
    one, two = terminals(2, cloud=cloud.address)
    cloud.register([one.card, two.card])
    one.sell(5)
    until(lambda: cloud.held("t1") == 5)
    cloud.internet.cut()
    one.sell(5)
    until(lambda: two.seq("t1") == 10, what="shared on the LAN")
    one.stop_replica()
    one.broker.kill()
    two.sell(5)
    cloud.internet.heal()
    took_s = until(
        lambda: (cloud.held("t1"), cloud.held("t2")) == (10, 5), what="uploaded by another"
    )
    sys.stdout.write(f"another uploader: all in the cloud after {took_s:.2f} s\n")


def test_a_terminal_without_internet_hears_the_mark_from_a_peer(
    terminals: Staff, cloud: Cloud, tmp_path: Path
) -> None:
    one, two = terminals(2, start=False, cloud=cloud.address)
    without = Terminal(tmp_path / "t3", "t3", "C")
    del two
    cloud.register([one.card, without.card])
    for terminal in (one, without):
        terminal.know([one, without])
        terminal.start()
        terminal.open_log()
    without.sell(4)
    until(lambda: without.safety().cloud == {"t3/1": 4}, 20, "t3 knows it is in the cloud")
    without.stop()


class Eager(Ingest):
    """The sabotage: tells the mark first, and dies before the store has committed."""

    def keep(self, gathered: Gathered) -> None:
        for restaurant, batch in gathered.batches.items():
            last = decode(batch[-1].payload)
            heads = {(last.terminal, last.epoch): Head(last.seq, batch[-1].digest.hex())}
            mark = wire.Mark(wire.head_list(heads))
            self._link.publish(topics.MARK.at(restaurant), wire.pack(mark))
        self.tell_marks(gathered.asked - gathered.batches.keys())


@pytest.mark.parametrize(("worker", "lost"), [(Ingest, 0), (Eager, 10)], ids=["right", "control"])
def test_only_a_mark_after_the_commit_loses_nothing(
    terminals: Staff, make_cloud: MakeCloud, worker: type[Ingest], lost: int
) -> None:
    """A worker dies after its mark, the terminal is stolen: what was SAFE is counted."""
    cloud = make_cloud(worker)
    (till,) = terminals(1, cloud=cloud.address)
    cloud.register([till.card])
    till.sell(10)
    until(lambda: till.safety().safe == {"t1/1": 10}, 20, "the till is told SAFE")
    cloud.stop_ingest()
    till.stop_replica()
    assert 10 - cloud.held("t1") == lost
