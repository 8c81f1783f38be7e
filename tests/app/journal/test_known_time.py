"""The machine's time once something confirms it; until then what somebody said since power on."""

from pathlib import Path

import pytest

from comptoir.bootstrap import terminal
from comptoir.commands import OpenCheck
from comptoir.commands.clock_setting import SetClock
from comptoir.domain.errors import ClockRefused
from comptoir.journal.known_time import KnownTime, Machine
from tests.fakes.box import BOSS, NOON_MS, Box, StandingClock

HOUR_MS = 3_600_000


class Board:
    """A module just switched on, whose clock stands an hour slow."""

    def __init__(self, box: Box, boot: str = "boot") -> None:
        self.clock = StandingClock(NOON_MS - HOUR_MS)
        self.up_ms = 5_000
        self.right = False
        machine = Machine(self.clock, lambda: self.right, lambda: self.up_ms, boot)
        self.time = KnownTime(machine, box.journal, box.name)


def say(box: Box, at_ms: int, up_ms: int = 5_000, boot: str = "boot") -> None:
    box.desk.run(SetClock(f"set-{at_ms}", at_ms, up_ms, boot), BOSS)


def test_unconfirmed_it_is_the_machines_time_and_not_known(box: Box) -> None:
    board = Board(box)
    assert (board.time.now_ms(), board.time.known) == (NOON_MS - HOUR_MS, False)


def test_told_it_runs_on_with_the_uptime_whatever_the_machine_says(box: Box) -> None:
    board = Board(box)
    say(box, NOON_MS)
    board.up_ms += 60_000
    board.clock.ms += 999
    assert (board.time.now_ms(), board.time.known) == (NOON_MS + 60_000, True)


def test_the_last_answer_counts(box: Box) -> None:
    board = Board(box)
    say(box, NOON_MS)
    say(box, NOON_MS + HOUR_MS)
    assert board.time.now_ms() == NOON_MS + HOUR_MS


def test_switched_off_and_on_nobody_has_said_anything(box: Box) -> None:
    say(box, NOON_MS)
    assert not Board(box, boot="the next").time.known


def test_once_confirmed_the_machine_is_right_and_stays_so(box: Box) -> None:
    board = Board(box)
    say(box, NOON_MS)
    board.right = True
    assert (board.time.now_ms(), board.time.known) == (NOON_MS - HOUR_MS, True)
    board.right = False
    assert board.time.now_ms() == NOON_MS - HOUR_MS


@pytest.mark.parametrize("off_ms", [-60_001, 100 * 366 * 86_400_000])
def test_a_time_before_what_was_written_or_far_beyond_is_refused(box: Box, off_ms: int) -> None:
    box.desk.run(OpenCheck("k", "c"), BOSS)
    with pytest.raises(ClockRefused):
        say(box, box.clock.ms + off_ms)
    assert not Board(box).time.known


def battery(folder: Path, set_by_it: str, seconds: int) -> Path:
    clock = folder / "rtc0"
    clock.mkdir()
    (clock / "hctosys").write_text(set_by_it)
    (clock / "since_epoch").write_text(str(seconds))
    return folder


def test_a_battery_confirms_what_it_set_while_it_agrees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comptoir.bootstrap.terminal.time.time", lambda: 1_000_000.0)
    assert not terminal.battery_agrees(tmp_path)
    clocks = battery(tmp_path, "1\n", 1_000_100)
    assert terminal.battery_agrees(clocks)
    (clocks / "rtc0/since_epoch").write_text("0")
    assert not terminal.battery_agrees(clocks), "an empty battery"
    (clocks / "rtc0/since_epoch").write_text("1000100")
    (clocks / "rtc0/hctosys").write_text("0")
    assert not terminal.battery_agrees(clocks), "another clock set the time"
