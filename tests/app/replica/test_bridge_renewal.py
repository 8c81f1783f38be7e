"""A certificate renewed over the bridge it is for, with real brokers on both sides."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.bridge_paper import BEGUN, BridgePaper
from comptoir.cloud.papers import RENEWER, Papers
from comptoir.cloud.renewer import Renewer
from comptoir.cloud_link import CloudLink, bridge_block
from comptoir.enrolment import take_cloud
from tests.fakes.bridge import way
from tests.fakes.cloud import Cloud
from tests.fakes.papers import Authority
from tests.fakes.restaurant import Terminal, until

SECONDS = 30.0
SILENCE_S = 3.0
DAYS_LEFT = 3


class Road:
    """A till and its cloud, whose broker believes who is listed."""

    def __init__(self, folder: Path) -> None:
        self._authority = Authority(folder / "servers")
        self.cloud = Cloud(folder / "cloud", authority=self._authority)
        self._own = self._authority.ca.read_bytes()
        self.papers = Papers(folder / "papers")
        self.first = Papers(folder / "first", RENEWER)
        self.second = Papers(folder / "second", RENEWER)
        self.believe(self.papers, self.first)
        self.cloud.renewer = Renewer(self.first, self.cloud.store)
        at, to = folder / "t1/identity", self.cloud.address
        link = CloudLink(str(to), at / "cloud-ca.crt", at / "cloud.crt", at / "cloud.key")
        self.till = Terminal(folder / "t1", "t1", "A", cloud=link)
        paper = self.papers.for_restaurant("r1", DAYS_LEFT)
        take_cloud(self.till.identity.directory, way(self._own, paper, to.host, to.port))
        self.renewed = folder / "t1/renewed.pem"
        self.till.paper = self.paper = BridgePaper(self.till.identity, self.renewed)
        self.sold = 0

    def start(self) -> None:
        self.cloud.start()
        self.cloud.register([self.till.card])
        self.till.know([self.till])
        self.till.start()
        self.till.open_log()

    def believe(self, *authorities: Papers) -> None:
        """Let the broker believe these from its next start on, and its own always."""
        listed = [self._own, *(one.authority() for one in authorities)]
        self._authority.ca.write_bytes(b"".join(listed))

    def sell(self) -> None:
        self.till.sell(5)
        self.till.tell_grown()
        self.sold += 5

    def arrives(self) -> None:
        until(lambda: self.cloud.held("t1") == self.sold, SECONDS, "all in the cloud")

    def stop(self) -> None:
        self.till.stop()
        self.cloud.stop()


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    made = Road(tmp_path)
    yield made
    made.stop()


def test_it_is_renewed_over_the_bridge_and_shown_at_the_next_connection(road: Road) -> None:
    road.start()
    road.sell()
    road.arrives()
    until(road.renewed.exists, SECONDS, "the renewed certificate")
    until((road.renewed.parent / BEGUN).exists, SECONDS, "the bridge is told of its new place")
    told = road.paper.ends_ms()
    until(lambda: road.till.safety().cloud_until_ms == told, SECONDS, "its end at the till")

    link = CloudLink.read(road.till.identity.directory, road.renewed)
    assert link is not None
    road.till.broker.say(bridge_block("r1", "t1", link))  # as comptoir-bridge-reload does
    road.till.broker.restart()
    road.believe(road.first)
    road.cloud.broker.restart()
    road.sell()
    road.arrives()

    road.believe(road.second)
    road.cloud.broker.restart()
    road.sell()
    time.sleep(SILENCE_S)
    assert road.cloud.held("t1") < road.sold  # it does look at who is believed
    road.paper.take(Renewer(road.second, road.cloud.store).renewed("r1", "t1", road.paper.ask()))
    road.arrives()


def test_a_retired_terminal_is_not_renewed(road: Road, tmp_path: Path) -> None:
    road.start()
    until(road.renewed.exists, SECONDS, "the control: one that takes part is renewed")
    road.till.stop_replica()
    road.renewed.unlink()
    peer = Terminal(tmp_path / "t2", "t2", "B")
    peer.open_log()
    road.cloud.register([peer.card])
    peer.retire("t1")
    done = road.cloud.store.admit({"r1": peer.journal.range(("t2", 1), 1, 100, 1 << 20)})
    assert done["r1"].stored
    road.till.start(broker=False)
    until(lambda: road.till.replica and road.till.replica._renewal, SECONDS)
    assert road.till.replica is not None
    renewal = road.till.replica._renewal
    assert renewal is not None
    until(lambda: renewal._asked_s > 0, SECONDS, "a request")
    time.sleep(SILENCE_S)
    assert not road.renewed.exists()
    peer.stop()
