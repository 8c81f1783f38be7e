"""Small restaurants in simulated time, with no disasters but those of the test."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.network import Network
from tests.faults.terminal import Terminal
from tests.faults.world import World

SETTLED_S = 8.0


class House:
    """Terminals that trust one another, on and selling."""

    def __init__(self, folder: Path, count: int) -> None:
        self.world = World(1)
        self.network = Network(self.world)
        names = [f"t{n + 1}" for n in range(count)]
        self.terminals = [Terminal(self.world, self.network, name, folder) for name in names]
        cards = {one.name: one.card for one in self.terminals}
        for terminal in self.terminals:
            terminal.trust |= cards

    def open(self) -> list[Terminal]:
        for terminal in self.terminals:
            terminal.power_on()
        self.wait(SETTLED_S)
        return self.terminals

    def wait(self, seconds: float) -> None:
        self.world.run(self.world.now_s + seconds)

    def until(self, true: Callable[[], object], seconds: float = 60.0) -> None:
        assert self.world.run(self.world.now_s + seconds, lambda: bool(true()))


MakeHouse = Callable[[int], House]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Let nothing be logged of what is done on purpose; other tests read the log."""
    logging.getLogger("comptoir").setLevel(logging.CRITICAL)
    yield
    logging.getLogger("comptoir").setLevel(logging.NOTSET)


@pytest.fixture
def make_house(tmp_path: Path) -> Iterator[MakeHouse]:
    made: list[House] = []

    def make(count: int) -> House:
        made.append(House(tmp_path, count))
        return made[-1]

    yield make
    for house in made:
        for terminal in house.terminals:
            terminal.stop_till()
            terminal.stop_replica()
