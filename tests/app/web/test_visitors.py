"""The door for technicians: opens by the house's word, and only ever ends earlier."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from comptoir.commands import AdmitTerminal, RetireTerminal
from comptoir.commands.visits import EndVisit, GrantVisit
from comptoir.web.visitors import KNOCK_MS, KNOCKS_MAX, Door, Knocks, TooManyKnocks
from tests.app.domain.test_visit import KEY, RAW
from tests.fakes.box import BOSS, Box, BoxMaker

MINUTE_MS = 60_000


class Machine:
    """A machine that was started a while ago."""

    ms = 1_000_000

    def uptime_ms(self) -> int:
        return self.ms


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "visit.json"


@pytest.fixture
def door(box: Box, machine: Machine, file: Path) -> Door:
    return Door(file, box.desk, machine.uptime_ms)


def said(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def pass_by(box: Box, machine: Machine, minutes: int) -> None:
    box.clock.ms += minutes * MINUTE_MS
    machine.ms += minutes * MINUTE_MS


def test_it_opens_for_the_time_granted_and_says_so_to_the_machine(
    box: Box, door: Door, file: Path, machine: Machine
) -> None:
    door.follow()
    assert said(file)["key"] == ""
    box.desk.run(GrantVisit("g", "Anna", KEY, 60), BOSS)
    door.follow()
    assert said(file)["key"] == KEY
    assert said(file)["ends_uptime_ms"] == machine.ms + 60 * MINUTE_MS
    pass_by(box, machine, 60)
    door.follow()
    assert (said(file)["key"], door.left_ms()) == ("", 0)


def test_it_shuts_at_once_when_a_manager_ends_the_visit(box: Box, door: Door, file: Path) -> None:
    box.desk.run(GrantVisit("g", "Anna", KEY, 60), BOSS)
    door.follow()
    box.desk.run(EndVisit("e"), BOSS)
    door.follow()
    assert said(file)["key"] == ""


def test_a_clock_that_is_set_back_lengthens_nothing(box: Box, door: Door, machine: Machine) -> None:
    box.desk.run(GrantVisit("g", "Anna", KEY, 60), BOSS)
    assert door.left_ms() == 60 * MINUTE_MS
    pass_by(box, machine, 50)
    box.clock.ms -= 45 * MINUTE_MS
    assert door.left_ms() == 10 * MINUTE_MS
    machine.ms += 10 * MINUTE_MS
    assert door.left_ms() == 0
    box.clock.ms -= 10 * MINUTE_MS
    assert door.left_ms() == 0, "what is over does not begin again"


def test_a_clock_that_is_set_on_shortens_it(box: Box, door: Door) -> None:
    box.desk.run(GrantVisit("g", "Anna", KEY, 60), BOSS)
    door.left_ms()
    box.clock.ms += 50 * MINUTE_MS
    assert door.left_ms() == 10 * MINUTE_MS


def test_a_restart_of_the_till_goes_on_with_the_end_that_was_reckoned_first(
    box: Box, door: Door, file: Path, machine: Machine
) -> None:
    box.desk.run(GrantVisit("g", "Anna", KEY, 60), BOSS)
    door.follow()
    machine.ms += 20 * MINUTE_MS  # and the clock stood still
    again = Door(file, box.desk, machine.uptime_ms)
    assert again.left_ms() == 40 * MINUTE_MS
    box.desk.run(EndVisit("e"), BOSS)
    again.follow()
    assert Door(file, box.desk, machine.uptime_ms).left_ms() == 0


def test_where_nobody_knows_the_time_it_stays_shut(box: Box, door: Door) -> None:
    box.desk.time_known = lambda: False
    box.desk.run(GrantVisit("g", "Anna", KEY, 60), BOSS)
    assert door.left_ms() == 0
    box.desk.time_known = lambda: True
    assert door.left_ms() == 60 * MINUTE_MS


def test_a_clock_set_back_while_the_terminal_was_off_begins_no_old_visit_anew(
    box: Box, machine: Machine, make_box: BoxMaker
) -> None:
    box.desk.run(GrantVisit("g", "Anna", KEY, 60), BOSS)
    at_ms = box.clock.ms
    assert Door(None, box.desk, machine.uptime_ms).left_ms() == 60 * MINUTE_MS
    pass_by(box, machine, 24 * 60)
    box.desk.run(AdmitTerminal("a", make_box("t2").card), BOSS)
    box.clock.ms = at_ms
    assert Door(None, box.desk, machine.uptime_ms).left_ms() == 0


def test_the_word_of_a_terminal_that_was_retired_opens_nothing(
    box: Box, make_box: BoxMaker
) -> None:
    box.desk.run(GrantVisit("g", "Anna", KEY, 60), BOSS)
    other = make_box("t2")
    other.journal.admit(box.sealed(), restaurant=box.log.restaurant, trust={box.name: box.card})
    door = Door(None, other.desk, Machine().uptime_ms)
    assert door.left_ms() == 60 * MINUTE_MS
    other.desk.run(RetireTerminal("r", box.name, "stolen"), BOSS)
    assert door.left_ms() == 0


def test_a_second_visit_has_its_own_end(box: Box, door: Door, machine: Machine) -> None:
    box.desk.run(GrantVisit("g1", "Anna", KEY, 5), BOSS)
    door.left_ms()
    pass_by(box, machine, 2)
    box.desk.run(GrantVisit("g2", "Anna", KEY, 60), BOSS)
    assert door.left_ms() == 60 * MINUTE_MS


def test_a_file_that_cannot_be_written_is_said(
    box: Box, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Door(tmp_path / "nowhere" / "visit.json", box.desk, Machine().uptime_ms).follow()
    assert "the door for technicians stays as it is" in caplog.text


def test_few_wait_and_not_for_ever() -> None:
    knocks = Knocks()
    keys = [_key(n) for n in range(KNOCKS_MAX + 1)]
    asked = [knocks.ask("Anna", key, f"fe80::{n}", 0) for n, key in enumerate(keys[:-1])]
    assert all(news for _, news in asked)
    assert knocks.ask("Somebody else", keys[0], "fe80::9", 60_000) == (asked[0][0], False)
    with pytest.raises(TooManyKnocks):
        knocks.ask("Anna", keys[-1], "fe80::9", 0)
    assert len(knocks.waiting(0)) == KNOCKS_MAX
    knocks.answered(knocks.waiting(0)[0].code)
    assert len(knocks.waiting(0)) == KNOCKS_MAX - 1
    assert knocks.waiting(KNOCK_MS) == []


def test_of_one_address_one_waits() -> None:
    knocks = Knocks()
    knocks.ask("Anna", _key(0), "fe80::1", 0)
    with pytest.raises(TooManyKnocks):
        knocks.ask("Anna", _key(1), "fe80::1", 0)
    knocks.ask("Bob", _key(1), "fe80::2", 0)
    knocks.ask("Anna", _key(2), "fe80::1", KNOCK_MS)


def _key(n: int) -> str:
    return "ssh-ed25519 " + base64.b64encode(RAW[:-1] + bytes([n])).decode()
