"""Several units at once: whatever one does wrong, the others become good."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from imagebuilder.flashing import batch, unit
from imagebuilder.flashing.bench import Bench
from imagebuilder.flashing.blocks import BlockMap
from imagebuilder.flashing.image import Image
from imagebuilder.flashing.stopping import stop_on_signal
from imagebuilder.flashing.unit import Outcome, Result
from tests.image.flashing import tiny
from tests.image.flashing.memory_bars import MemoryBars
from tests.image.flashing.tray import Fault, Tray

FAULTS = {
    "unplugged": (Fault(after=tiny.MIB, unplugs=True), "unplugged during write"),
    "write error": (Fault(after=tiny.MIB, fails=True), "Input/output error during write"),
    "lies": (Fault(after=tiny.MIB, flips=True), "reads back otherwise"),
}


@pytest.fixture
def image(tmp_path: Path) -> Image:
    return tiny.read_image(tmp_path / "dist")


@pytest.fixture
def tray(tmp_path: Path) -> Tray:
    tray = Tray(tmp_path / "tray")
    for number in range(1, 4):
        tray.plug(f"1-1.{number}", f"s{number}")
    return tray


def flash(image: Image, tray: Tray, bars: MemoryBars | None = None) -> list[Outcome]:
    paths = [tray.kernel.dev / name for name in ("sda", "sdb", "sdc")]
    targets = [unit.disk_target(path, tray.kernel, image.size) for path in paths]
    with stop_on_signal() as stop:
        return batch.flash_all(Bench(image, bars or MemoryBars(), stop), targets)


@pytest.mark.parametrize("case", FAULTS)
def test_a_bad_unit_is_said_and_the_others_go_on(image: Image, tray: Tray, case: str) -> None:
    tray.faults["s2"], said = FAULTS[case]
    first, second, third = flash(image, tray)
    assert (first.result, third.result) == (Result.GOOD, Result.GOOD)
    assert second.result is Result.FAILED
    assert said in second.reason
    for name in ("sda", "sdc"):
        assert tiny.has_root((tray.kernel.dev / name).read_bytes())


@pytest.mark.parametrize("case", ["unplugged", "write error"])
def test_a_unit_that_failed_while_written_does_not_boot(
    image: Image, tray: Tray, case: str
) -> None:
    tray.faults["s2"] = FAULTS[case][0]
    kept = tray.kernel.dev / "sdb"
    kept.write_bytes(tiny.content().ljust(8 * tiny.MIB, b"\0"))  # had a system before
    held = kept.open("rb")  # its bytes stay readable when it is pulled out
    flash(image, tray)
    with held:
        assert held.read(512) == bytes(512)


def test_a_damaged_image_fails_every_unit(image: Image, tray: Tray) -> None:
    other = Image(image.path, BlockMap(image.size, (image.blocks.ranges[0],) * 2))
    wrong = BlockMap(image.size, tuple(
        type(part)(part.start, part.end, "0" * 64) for part in other.blocks.ranges[:1]
    ))  # fmt: skip
    ended = flash(Image(image.path, wrong), tray)
    assert all("not its block map's" in each.reason for each in ended)


def test_only_mapped_blocks_are_written(image: Image, tray: Tray) -> None:
    path = tray.kernel.dev / "sda"
    path.write_bytes(b"\xaa" * (8 * tiny.MIB))
    flash(image, tray)
    content = path.read_bytes()
    assert tiny.has_root(content)
    gap = content[tiny.BOOT_AT + tiny.BOOT_SIZE : tiny.ROOT_AT]
    assert gap == b"\xaa" * len(gap)


def test_a_disk_swapped_for_another_is_not_written(image: Image, tray: Tray) -> None:
    target = unit.disk_target(tray.kernel.dev / "sda", tray.kernel, image.size)
    tray.unplug("sda")
    tray.plug("1-1.1", "stick with photos")
    (ended,) = batch.flash_all(Bench(image, MemoryBars(), threading.Event()), [target])
    assert "unplugged" in ended.reason
    assert tray.writes == []


class Impatient(MemoryBars):
    """Presses Ctrl-C as soon as something is written."""

    def told(self, unit: str, step: str, share: float) -> None:
        super().told(unit, step, share)
        if not self.notes:
            self.note("Ctrl-C")
            os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.2)  # until the main thread has heard it


def test_ctrl_c_ends_every_unit_as_failed(image: Image, tray: Tray) -> None:
    ended = flash(image, tray, Impatient())
    assert {each.reason for each in ended} == {"stopped: it is half written and does not boot"}
    for name in ("sda", "sdb", "sdc"):
        assert (tray.kernel.dev / name).read_bytes()[:512] == bytes(512)
