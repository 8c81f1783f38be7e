"""Restaurants of real terminals: real brokers, TLS, journals and replicas on this machine."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from comptoir.bus import Address
from comptoir.cloud import Ingest
from comptoir.cloud_link import CloudLink
from tests.fakes.cloud import Cloud
from tests.fakes.restaurant import PACE, Terminal

LETTERS = "ABCDEFGHIJKL"
Staff = Callable[..., list[Terminal]]
MakeCloud = Callable[..., Cloud]


@pytest.fixture
def terminals(tmp_path: Path) -> Iterator[Staff]:
    """Make N terminals that trust one another; ``start=False`` leaves them off."""
    made: list[Terminal] = []

    def make(
        count: int, *, start: bool = True, trusted: bool = True, cloud: Address | None = None
    ) -> list[Terminal]:
        link = CloudLink(str(cloud)) if cloud else None
        staff = [
            Terminal(tmp_path / f"t{n + 1}", f"t{n + 1}", LETTERS[n], PACE, link)
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
def make_cloud(tmp_path: Path) -> Iterator[MakeCloud]:
    made: list[Cloud] = []

    def make(worker: type[Ingest] = Ingest) -> Cloud:
        made.append(Cloud(tmp_path / "cloud", worker=worker))
        made[-1].start()
        return made[-1]

    yield make
    for cloud in made:
        cloud.stop()


@pytest.fixture
def cloud(make_cloud: MakeCloud) -> Cloud:
    return make_cloud()
