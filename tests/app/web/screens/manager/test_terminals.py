"""The manager sees who takes part, reports one, decides between two, takes over what came late."""

import re

import pytest

from comptoir.commands import (
    Actor,
    AddLine,
    AdmitTerminal,
    AttestRetired,
    OpenCheck,
    RetireTerminal,
)
from comptoir.commands.clocks_ahead import note_ahead
from comptoir.domain.house import MANAGER, SYSTEM, Terminal
from tests.app.web.conftest import Screen
from tests.app.web.screens.manager.conftest import BOSS, LUCAS, plain
from tests.fakes.box import Box, BoxMaker

PAGE = "/manager/terminals"
SHOWN = re.compile(r"\b([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}\b")
OTHER_BOSS, PROGRAM = Actor("sophie", MANAGER), Actor("system", SYSTEM)


@pytest.fixture
def peers(manager: Screen, make_box: BoxMaker) -> list[Box]:
    """Return three more terminals that know the house."""
    till = manager.till
    boxes = [make_box(name, letter=name.upper()) for name in ("t2", "t3", "t4")]
    for box in boxes:
        box.log.restaurant = till.identity.restaurant.id
        till.desk.run(AdmitTerminal(f"admit-{box.name}", box.card), BOSS)
    own = till.journal.range(("t1", 1), 1, 1000, 1 << 24)
    for box in boxes:
        box.journal.admit(own, restaurant=box.log.restaurant, trust={"t1": till.identity.card})
    return boxes


def hear(screen: Screen, box: Box) -> None:
    screen.till.journal.admit(
        box.sealed(), restaurant=box.log.restaurant, trust={box.name: box.card}
    )


def of(screen: Screen, name: str) -> Terminal:
    found: Terminal = screen.till.journal.state(f"terminal:{name}")
    return found


def test_one_is_reported_with_two_taps_and_a_reason(manager: Screen, peers: list[Box]) -> None:
    assert "t2 Not heard now" in plain(manager.get(PAGE).text)
    sheet = manager.get(f"{PAGE}/t2/report").text
    assert "It is out for ever" in plain(sheet)
    assert manager.post(f"{PAGE}/t2/retire", reason="stolen").status_code < 400
    assert of(manager, peers[0].name).retired
    assert "Out · since" in plain(manager.get(PAGE).text)


def test_one_that_nobody_knows_leads_back_to_the_page(manager: Screen) -> None:
    assert manager.get(f"{PAGE}/t9/report").headers["Location"] == PAGE


def test_waiters_do_not_come_in(waiter: Screen) -> None:
    assert waiter.get(PAGE).status_code == 403
    assert waiter.post(f"{PAGE}/t2/retire", reason="stolen").status_code == 403


def test_between_two_that_reported_each_other_a_third_decides(
    manager: Screen, peers: list[Box]
) -> None:
    two, three, witness = peers
    two.desk.run(RetireTerminal("r3", "t3", "stolen"), BOSS)
    three.desk.run(RetireTerminal("r2", "t2", "stolen"), OTHER_BOSS)
    trust = {"t3": three.card}
    witness.journal.admit(three.sealed(), restaurant=witness.log.restaurant, trust=trust)
    witness.desk.run(AttestRetired("a", "t3"), PROGRAM)
    for box in (two, witness, three):
        hear(manager, box)
    page = plain(manager.get(PAGE).text)
    assert page.count("reported each other") == 2
    assert manager.post(f"{PAGE}/t2/keep", out="t3").status_code < 400
    assert (of(manager, "t2").retired, of(manager, "t3").retired) == (False, True)


def test_what_came_too_late_is_shown_and_taken_over(manager: Screen, peers: list[Box]) -> None:
    thief = peers[0]
    manager.post(f"{PAGE}/t2/retire", reason="stolen")
    thief.desk.run(AddLine("late", "c1", "l9", "har-gow-steamed"), LUCAS)
    hear(manager, thief)
    page = manager.get(PAGE).text
    assert "Came too late" in plain(page)
    assert "Ordered" in plain(page)
    assert "1 event set aside" in plain(manager.get("/manager/offline").text)
    (row,) = manager.till.journal.reader().execute("SELECT hash FROM quarantine").fetchall()
    assert manager.post(f"{PAGE}/t2/adopt", hash=row[0]).status_code < 400
    assert "l9" in {line.id for line in manager.till.journal.state("check:c1").live_lines}
    assert "Came too late" not in plain(manager.get(PAGE).text)


def test_beyond_half_the_sheet_asks_for_the_passphrase_that_was_shown_once(
    manager: Screen, peers: list[Box]
) -> None:
    assert len(peers) == 3
    assert "there is none yet" in plain(manager.get(PAGE).text)
    shown = SHOWN.search(manager.post(f"{PAGE}/passphrase", old="").text)
    assert shown is not None
    assert "kept in the safe" in plain(manager.get(PAGE).text)
    assert not SHOWN.search(manager.get(f"{PAGE}/passphrase").text), "it is not shown again"
    for name in ("t2", "t3"):
        assert 'name="passphrase"' not in manager.get(f"{PAGE}/{name}/report").text
        manager.post(f"{PAGE}/{name}/retire", reason="stolen")
    assert 'name="passphrase"' in manager.get(f"{PAGE}/t4/report").text
    assert manager.post(f"{PAGE}/t4/retire", reason="stolen", passphrase="").status_code >= 400
    assert not of(manager, "t4").retired
    answer = manager.post(f"{PAGE}/t4/retire", reason="stolen", passphrase=shown[0])
    assert answer.status_code < 400
    assert of(manager, "t4").retired


def test_a_clock_that_runs_ahead_is_told_on_the_page_and_on_what_it_wrote(
    manager: Screen, peers: list[Box]
) -> None:
    fast = peers[0]
    fast.clock.ms = manager.till.desk.clock.now_ms() + 3_600_000
    fast.desk.run(OpenCheck("early", "c9"), LUCAS)
    hear(manager, fast)
    assert "ran ahead" not in plain(manager.get(PAGE).text)
    note_ahead(manager.till.desk)
    assert "t2 Not heard now · its clock ran ahead at" in plain(manager.get(PAGE).text)
    told = plain(manager.get("/manager/checks/c9").text)
    assert "The clock ran ahead: by the clock of Bar it was" in told
