"""Restaurants of real terminals: real brokers, TLS, journals and replicas on this machine."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from comptoir.bus import Address
from tests.fakes.cloud import Cloud
from tests.fakes.restaurant import PACE, Terminal

LETTERS = "ABCDEFGHIJKL"
Staff = Callable[..., list[Terminal]]


@pytest.fixture
def terminals(tmp_path: Path) -> Iterator[Staff]:
    """Make N terminals that trust one another; ``start=False`` leaves them off."""
    made: list[Terminal] = []

    def make(
        count: int, *, start: bool = True, trusted: bool = True, cloud: Address | None = None
    ) -> list[Terminal]:
        staff = [
            Terminal(tmp_path / f"t{n + 1}", f"t{n + 1}", LETTERS[n], PACE, cloud)
            for n in range(count)
        ]
        made.extend(staff)
        for terminal in staff:
            terminal.know(staff, trusted=trusted)
            if start:
                terminal.start()
                terminal.open_log()
        return staff

    yield make
    for terminal in made:
        terminal.begin_stop()
    for terminal in made:
        terminal.stop()


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    made = Cloud(tmp_path / "cloud")
    made.start()
    yield made
    made.stop()
