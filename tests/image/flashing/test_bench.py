"""One unit's way over the bench: its place, its log lines, its label."""

import threading
from pathlib import Path

import pytest

from imagebuilder.flashing import unit
from imagebuilder.flashing.bench import Bench
from imagebuilder.flashing.book import Book
from imagebuilder.flashing.plan import Place
from imagebuilder.flashing.roster import Roster
from imagebuilder.flashing.unit import Result, Target
from tests.image.flashing import tiny
from tests.image.flashing.memory_bars import MemoryBars
from tests.image.flashing.tray import Fault, Tray

PLACE = Place("zoe", "Chez Zoë", "zoe-a", "Bar", "A", b'{"terminal": {"id": "zoe-a"}}')


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    book = Book(tmp_path / "log.csv")
    image = tiny.read_image(tmp_path / "dist")
    labels = tmp_path / "labels.html"
    return Bench(image, MemoryBars(), threading.Event(), book, Roster([PLACE], book), labels)


@pytest.fixture
def tray(tmp_path: Path) -> Tray:
    return Tray(tmp_path / "tray")


def target(tray: Tray, bench: Bench, path: Path) -> Target:
    return unit.disk_target(path, tray.kernel, bench.image.size)


def test_a_good_unit_is_noted_before_and_after_its_enrolment_and_labelled(
    bench: Bench, tray: Tray
) -> None:
    path = tray.plug("1-1.1", "s1")
    assert bench.work(target(tray, bench, path)).result is Result.GOOD
    assert [line.result for line in bench.book.lines] == ["enrolling", "good"]
    last = bench.book.lines[-1]
    assert (last.serial, last.usb, last.terminal, last.name) == ("s1", "1-1.1", "zoe-a", "Bar")
    assert tiny.enrolled(path) == PLACE.enrolment
    assert bench.labels
    assert "zoe-a" in bench.labels.read_text(encoding="utf-8")


def test_a_unit_that_fails_before_it_is_enrolled_frees_its_place(bench: Bench, tray: Tray) -> None:
    tray.faults["s1"] = Fault(after=tiny.MIB, unplugs=True)
    assert bench.work(target(tray, bench, tray.plug("1-1.1", "s1"))).result is Result.FAILED
    assert [line.result for line in bench.book.lines] == ["failed"]
    assert bench.work(target(tray, bench, tray.plug("1-1.1", "s2"))).result is Result.GOOD


def test_a_unit_that_fails_while_it_is_enrolled_keeps_its_place(
    bench: Bench, tray: Tray, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = target(tray, bench, tray.plug("1-1.1", "s1"))
    second = target(tray, bench, tray.plug("1-1.2", "s2"))
    with monkeypatch.context() as without:
        without.setenv("PATH", "")  # no mtools
        assert "not written" in bench.work(first).reason
    assert bench.book.lines[-1].result == "in doubt"
    assert bench.work(second).reason == "no row of the plan is left for it"
    assert bench.work(first).result is Result.GOOD


def test_without_its_log_nothing_counts_as_done(bench: Bench, tray: Tray, tmp_path: Path) -> None:
    (tmp_path / "log.csv").unlink()
    (tmp_path / "log.csv").mkdir()
    outcome = bench.work(target(tray, bench, tray.plug("1-1.1", "s1")))
    assert "the log cannot be written" in outcome.reason
    assert bench.book.lines == []


def test_a_module_that_came_up_by_another_hand_is_said_not_to_be_read(
    bench: Bench, tray: Tray
) -> None:
    bench.work(target(tray, bench, tray.plug("1-1.1", "s1", vendor="0a5c")))
    assert bench.book.lines[-1].eeprom == "not read"
