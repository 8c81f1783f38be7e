"""Cut states of the booted image's disk, each checked on this computer as a boot would check it.

Everything that the guest writes is noted by QEMU. From that the disk is made as a power cut would
have left it after any write, with any part of what was not flushed.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.power.boot_states import ALWAYS, TRIAL, A, B, BootVerdict, Phase, Seen
from tests.power.boot_states import judged as judged_starts
from tests.power.recorded import RecordedBox
from tests.power.recording import entries
from tests.power.replay import State, draw, states, take_out
from tests.power.told import Verdict, judged
from tests.power.volatile import Flushes
from tests.system.conftest import Street

pytestmark = pytest.mark.system

SEED = 20261123
CHECKS = 6
STATES = [40, pytest.param(1000, marks=pytest.mark.long)]
STARTS = [(100, 5), pytest.param(2000, 4, marks=pytest.mark.long)]
DRAWN, STATES_OF_A_CONTROL = 40, 4  # late ones: early there is nothing to lose
IN_GUEST = Path("tests/power/in_guest.py")
PHASE_S_MAX = 300
CONSOLE_LINE = 512
THEN: dict[str, dict[str, str]] = {  # what starts when the guest has done it
    "prepare": {},
    "fill-1": {},
    "fill-2": {},
    "arm-b": {TRIAL: B},
    "keep-b": {ALWAYS: B, TRIAL: A},
    "arm-a": {},
    "keep-a": {ALWAYS: A, TRIAL: B},
}


def made(
    box: RecordedBox, name: str, count: int, folder: Path, flushes: Flushes = Flushes.KEPT
) -> Iterator[State]:
    """Make cut states of a partition; on a disk that ignores flushes the latest of them."""
    assert box.recording is not None
    box.till.close()  # by the end of this the till will have let the connection go
    log, window = list(entries(box.recording)), box.window(name)
    cuts = sorted(draw(log, window, count, SEED))
    chosen = cuts if flushes is Flushes.KEPT else cuts[-STATES_OF_A_CONTROL:]
    return states(box.before(name, folder), log, window, chosen, flushes)


@pytest.fixture(scope="module")
def sold(street: Street) -> RecordedBox:
    """A till that has sold since its last start; what that cost its disk is printed."""
    box = street.box
    begin = box.written
    for _ in range(CHECKS):
        box.sell()
    log = entries(box.recording or Path(), after=begin)
    a_check = sum(len(entry.data) for entry in log) // CHECKS
    print(f"{a_check} bytes written a check, {CHECKS} checks")  # noqa: T201  a figure of the docs
    return box


def verdict_on(made: Iterator[State], box: RecordedBox) -> Verdict:
    verdict = judged(made, list(box.noted), "t1")
    print(f"seed {SEED}: {verdict}")  # noqa: T201  the counts are the result
    return verdict


@pytest.mark.parametrize("count", STATES)
def test_no_cut_loses_what_the_booted_till_acknowledged(
    sold: RecordedBox, tmp_path: Path, count: int
) -> None:
    verdict = verdict_on(made(sold, "data", count, tmp_path), sold)
    assert (verdict.lost, verdict.unsound) == (0, [])
    assert verdict.acknowledged > 0


@pytest.mark.long  # tests/power/test_till.py has the same control, sooner
def test_on_a_disk_that_ignores_flushes_it_would_lose_it(sold: RecordedBox, tmp_path: Path) -> None:
    verdict = verdict_on(made(sold, "data", DRAWN, tmp_path, Flushes.IGNORED), sold)
    assert verdict.lost or verdict.unsound


@dataclass(frozen=True)
class Update:
    """A terminal that was updated, and what it did one after the other."""

    box: RecordedBox
    phases: list[Phase]

    def verdict(
        self, folder: Path, count: int, mend_every: int, flushes: Flushes = Flushes.KEPT
    ) -> BootVerdict:
        """Look at cut states of the boot partition."""
        now = take_out(self.box.disk, self.box.window("boot"), folder / "now.img")
        files = {A: Seen(self.box.before("boot", folder)).of(A), B: Seen(now).of(B)}
        assert files[B][f"{B}/vmlinuz"].startswith(b"vmlinuz-9 2\n")
        found = made(self.box, "boot", count, folder, flushes)
        verdict = judged_starts(found, self.phases, files, mend_every)
        print(f"seed {SEED}: {verdict}")  # noqa: T201  the counts are the result
        return verdict


@pytest.fixture(scope="module")
def update(street: Street) -> Update:
    """Two updates of slot B and the way back, on the boot partition, by the terminal's programs."""
    box = street.box
    program = base64.b64encode(IN_GUEST.read_bytes()).decode()
    for at in range(0, len(program), CONSOLE_LINE):
        box.console.run(f"echo {program[at : at + CONSOLE_LINE]} >>/run/in_guest.b64")
    box.console.run("base64 -d /run/in_guest.b64 >/run/in_guest.py")
    return Update(box, [Phase("boot", 0, 0, {ALWAYS: A}), *(done(box, name) for name in THEN)])


def done(box: RecordedBox, name: str) -> Phase:
    """Let the guest do one thing."""
    begin = box.written
    box.console.run(f"python3 -B /run/in_guest.py {name}", PHASE_S_MAX)
    return Phase(name, begin, box.written, THEN[name])


@pytest.mark.parametrize(("count", "mend_every"), STARTS)
def test_wherever_an_update_is_cut_the_terminal_starts_from_a_slot_that_is_whole(
    update: Update, tmp_path: Path, count: int, mend_every: int
) -> None:
    verdict = update.verdict(tmp_path, count, mend_every)
    assert verdict.faults == []
    assert set(verdict.starts) == {A, B}


def test_on_a_disk_that_ignores_flushes_it_would_not(update: Update, tmp_path: Path) -> None:
    assert update.verdict(tmp_path, DRAWN, DRAWN, Flushes.IGNORED).faults
