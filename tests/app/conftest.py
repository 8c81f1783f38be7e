"""Terminals for tests of the app."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.commands import Desk
from comptoir.domain.house import Card
from comptoir.journal import Journal, OwnLog, Signer
from tests.fakes.box import Box, BoxMaker, StandingClock


@pytest.fixture
def make_box(tmp_path: Path) -> Iterator[BoxMaker]:
    made: list[Box] = []

    def make(name: str = "t1", *, letter: str = "A", opened: bool = True) -> Box:
        journal = Journal(tmp_path / f"{name}-{len(made)}.db")
        journal.migrate()
        signer, clock = Signer.generate(), StandingClock()
        log = OwnLog(journal, signer, clock, restaurant="r1", terminal=name)
        if opened:
            log.open(peers_answered=False)
        card = Card(name, letter, name, signer.public, "")
        made.append(Box(name, journal, log, Desk(log, clock, letter=letter), clock, card, signer))
        return made[-1]

    yield make
    for box in made:
        box.journal.close()


@pytest.fixture
def box(make_box: BoxMaker) -> Box:
    return make_box()
