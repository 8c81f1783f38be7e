"""Terminals with real LAN certificates, each with a door for bundles."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.enrolment import Enrolment, create
from comptoir.identity import Place
from tests.fakes.neighbour import Neighbour


def neighbour(folder: Path, name: str) -> Neighbour:
    """Return a terminal that was just enrolled."""
    enrolment = Enrolment(terminal=Place(name))
    return Neighbour(create(folder / "identity", enrolment, folder / "peers.json"))


@pytest.fixture
def neighbours(tmp_path: Path) -> Iterator[list[Neighbour]]:
    """Three terminals that know each other."""
    made = [neighbour(tmp_path / name, name) for name in ("t1", "t2", "t3")]
    for one in made:
        one.known = [other.card for other in made if other is not one]
        one.door.start()
    yield made
    for one in made:
        one.door.stop()
