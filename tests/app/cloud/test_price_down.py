"""T1: a price changed at the head office is on every terminal seconds later: real brokers, a real
bridge, real replicas, the ingest worker; also where there was no internet when it was changed."""

import dataclasses
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from comptoir.bootstrap.terminal import SystemClock
from comptoir.bus import Address, Endpoint
from comptoir.cloud import MqttRoad
from comptoir.cloud.author import Author, card_of
from comptoir.cloud.mirror import Mirror
from comptoir.cloud.road import NOBODYS
from comptoir.cloud_link import CloudLink
from comptoir.commands import FoundRestaurant, PublishMenu, SetItem
from comptoir.domain.menu import Menu
from comptoir.journal import Signer
from tests.fakes.cloud import Cloud
from tests.fakes.evening import DUCK, MENU
from tests.fakes.restaurant import BOSS, PROGRAM, Terminal, until

PATIENCE_S = 60.0  # T1 asks for 5 s on an idle computer; the time is printed


class Chain:
    """Two terminals, of which one reaches the cloud; the head office's hand."""

    def __init__(self, folder: Path, knows: Sequence[bool] = (True, True)) -> None:
        self.cloud = Cloud(folder / "cloud")
        self.cloud.start()
        signer = Signer.generate()
        link = CloudLink(str(self.cloud.address))
        self.one = Terminal(folder / "one", "t1", "A", cloud=link)
        self.two = Terminal(folder / "two", "t2", "B")
        self.terminals = [self.one, self.two]
        self.cloud.register([one.card for one in self.terminals])
        for terminal, believes in zip(self.terminals, knows, strict=True):
            terminal.know(self.terminals)
            terminal.head_office = card_of(signer) if believes else None
            terminal.start()
            terminal.open_log()
        founding = FoundRestaurant("f", "Chez", "EUR", "Europe/Paris", ("en",), self.one.card)
        self.one.desk.run(founding, PROGRAM)
        self.one.desk.run(PublishMenu("menu", MENU), BOSS)
        self.voice = self._voice()
        clock = SystemClock()
        mirror = Mirror(self.cloud.store, folder / "copies", clock)
        self.author = Author(self.cloud.store, mirror, signer, clock, self.voice)
        until(lambda: self.prices() == [1200, 1200], PATIENCE_S, "the menu is everywhere")
        until(lambda: self.cloud.held("t1") == self.one.seq("t1"), PATIENCE_S, "and in the cloud")

    def _voice(self) -> MqttRoad:
        address = Address("127.0.0.1", self.cloud.broker.local_port)
        voice = MqttRoad(Endpoint("cloud broker", address, "office"), NOBODYS)
        voice.start()
        assert voice.wait_connected(30)
        return voice

    def prices(self) -> list[int]:
        """Return what a duck costs on each terminal."""
        found = []
        for terminal in self.terminals:
            menu: Menu = terminal.journal.state("menu:it")
            found.append(menu.item("duck").price if "duck" in menu.ids else 0)
        return found

    def change(self, price: int) -> None:
        self.author.publish("r1", SetItem(f"p{price}", dataclasses.replace(DUCK, price=price)), "a")

    def end(self) -> None:
        self.voice.stop()
        for terminal in self.terminals:
            terminal.stop()
        self.cloud.stop()


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    made = Chain(tmp_path)
    yield made
    made.end()


def test_a_price_is_on_every_terminal_and_makes_no_copy_unequal(chain: Chain) -> None:
    chain.change(1450)
    took_s = until(lambda: chain.prices() == [1450, 1450], PATIENCE_S, "the new price")
    sys.stdout.write(f"a price from head office to both terminals: {took_s:.2f} s\n")
    until(lambda: chain.one.journal.vector() == chain.two.journal.vector(), PATIENCE_S)
    assert chain.one.journal.digest() == chain.two.journal.digest()


def test_a_price_changed_while_the_internet_is_away_comes_with_it(chain: Chain) -> None:
    chain.cloud.internet.cut()
    chain.change(1500)
    assert chain.prices() == [1200, 1200]
    chain.cloud.internet.heal()
    until(lambda: chain.prices() == [1500, 1500], PATIENCE_S, "the new price")


def test_a_price_that_no_broker_took_comes_with_the_next_mark(chain: Chain) -> None:
    chain.voice.stop()
    chain.change(1600)
    until(lambda: chain.prices() == [1600, 1600], PATIENCE_S, "the new price")
    chain.voice = chain._voice()


def test_a_terminal_without_the_card_keeps_its_prices_and_goes_on_sharing(tmp_path: Path) -> None:
    chain = Chain(tmp_path, knows=(True, False))
    chain.change(1450)
    until(lambda: chain.prices() == [1450, 1200], PATIENCE_S, "the new price where it is believed")
    chain.one.sell(3)
    chain.two.sell(3)
    until(lambda: chain.two.seq("t1") == chain.one.seq("t1"), PATIENCE_S, "shared all the same")
    until(lambda: chain.cloud.held("t2") == 3, PATIENCE_S, "and uploaded")
    assert chain.prices() == [1450, 1200]
    chain.end()
