"""A station with a tray of 24: real files, really written, by nobody's hand."""

import csv
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from imagebuilder.flashing.bench import Bench
from imagebuilder.flashing.book import Book
from imagebuilder.flashing.image import Image
from imagebuilder.flashing.plan import Place
from imagebuilder.flashing.roster import Roster
from imagebuilder.flashing.station import Rules, Station
from tests.image.flashing import tiny
from tests.image.flashing.memory_bars import MemoryBars
from tests.image.flashing.tray import Fault, Tray

PORTS = 6
TIMEOUT_S = 60


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    return tiny.read_image(tmp_path_factory.mktemp("dist"))


class Room:
    """A station at work, and the hand that plugs units in and takes them out."""

    def __init__(self, folder: Path, image: Image) -> None:
        self.tray = Tray(folder / "tray")
        self.log = folder / "log.csv"
        self.bars = MemoryBars()
        self.image = image
        self.stop = threading.Event()
        self.codes: list[int] = []
        self._thread: threading.Thread | None = None

    def start(self, *, places: int = 0, **rules: object) -> None:
        book = Book(self.log)
        plan = [Place("r", "R", f"t{n}", "Bar", "A", b"{}") for n in range(1, places + 1)]
        roster = Roster(plan, book) if plan else None
        bench = Bench(self.image, self.bars, self.stop, book, roster)
        chosen = Rules(**{"pause_s": 0.01, **rules})  # type: ignore[arg-type]  # as named there
        station = Station(bench, self.tray.kernel, chosen)

        def run() -> None:
            self.codes.append(station.run())
            book.close()

        self._thread = threading.Thread(target=run)
        self._thread.start()

    def end(self) -> int:
        """Press Ctrl-C if it has not ended by itself; returns the exit code."""
        self.stop.set()
        return self.ended()

    def ended(self) -> int:
        assert self._thread
        self._thread.join(TIMEOUT_S)
        assert not self._thread.is_alive()
        self.stop.clear()
        return self.codes[-1]

    def lines(self, result: str, column: str = "serial") -> list[str]:
        """Return a column of the log's lines with this result, in order."""
        if not self.log.exists():
            return []
        rows = list(csv.DictReader(self.log.read_text(encoding="utf-8").splitlines()))
        return [row[column] for row in rows if row["result"] == result]

    def until(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + TIMEOUT_S
        while not true():
            assert time.monotonic() < deadline
            time.sleep(0.005)

    def until_told(self, text: str) -> None:
        self.until(lambda: any(text in said for _, said in list(self.bars.ends.values())))


@pytest.fixture
def room(tmp_path: Path, image: Image) -> Iterator[Room]:
    room = Room(tmp_path, image)
    yield room
    room.stop.set()


def test_24_units_through_6_ports_no_serial_twice_and_no_key_pressed(room: Room) -> None:
    """A4: two come loose, one has a write error, one lies; all are good in the end."""
    for serial, fault in {
        "s3": Fault(after=tiny.MIB, unplugs=True),
        "s8": Fault(after=tiny.MIB, fails=True),
        "s14": Fault(after=tiny.MIB, flips=True),
        "s21": Fault(after=0, unplugs=True),
    }.items():
        room.tray.faults[serial] = fault
    room.start(places=24, total=24)
    units = [f"s{number}" for number in range(1, 25)]
    contents: dict[str, bytes] = {}
    mended: set[str] = set()
    waiting, in_ports = list(units), dict.fromkeys((f"1-1.{n}" for n in range(1, PORTS + 1)), "")

    def hand() -> bool:
        """Do as a person would: fill free ports, take out what has ended, mend what failed."""
        good, failed = set(room.lines("good")), set(room.lines("failed")) - mended
        for port, serial in in_ports.items():
            if serial in good:
                contents[serial] = room.tray.empty(port)
                in_ports[port] = ""
            elif serial in failed:
                room.tray.take(port)
                room.tray.faults.pop(serial, None)
                mended.add(serial)
                waiting.append(serial)
                in_ports[port] = ""
            elif not serial and waiting:
                in_ports[port] = waiting.pop(0)
                room.tray.plug(port, in_ports[port])
        return len(contents) == len(units)

    room.until(hand)
    assert room.ended() == 0
    assert sorted(room.lines("good")) == sorted(units)
    assert sorted(room.lines("failed")) == ["s14", "s21", "s3", "s8"]
    assert [serial for serial, content in contents.items() if not tiny.has_root(content)] == []
    assert sorted(room.lines("good", "terminal")) == sorted(f"t{n}" for n in range(1, 25))
    assert (room.bars.scores[0], room.bars.scores[-1]) == ("0/24", "24/24")


def test_a_good_unit_is_never_written_again_not_even_by_the_next_run(room: Room) -> None:
    room.start()
    room.tray.plug("1-1.1", "s1")
    room.until(lambda: room.lines("good") == ["s1"])
    room.tray.empty("1-1.1")
    room.tray.plug("1-1.2", "s1")
    room.until_told("is good already")
    assert room.end() == 0
    room.tray.empty("1-1.2")
    room.start()
    room.bars.ends.clear()
    room.tray.plug("1-1.3", "s1")
    room.until_told("is good already")
    assert room.end() == 0
    assert room.tray.writes == ["s1"]


def test_it_survives_sleep_all_units_come_loose_and_come_back(room: Room) -> None:
    gate = threading.Event()
    for serial in ("s1", "s2"):
        room.tray.faults[serial] = Fault(after=tiny.MIB, unplugs=True, wait=gate)
    room.start(total=2)
    room.tray.plug("1-1.1", "s1")
    room.tray.plug("1-1.2", "s2")
    room.until(lambda: len(room.tray.writes) == 2)
    gate.set()
    room.until(lambda: len(room.lines("failed")) == 2)
    room.tray.faults.clear()
    room.tray.plug("1-1.1", "s1")
    room.tray.plug("1-1.2", "s2")
    assert room.ended() == 0
    assert sorted(room.lines("good")) == ["s1", "s2"]


def test_what_was_plugged_in_before_is_left_alone_even_when_it_comes_back(room: Room) -> None:
    room.tray.plug("1-1.1", "backup")
    room.start(total=1)
    room.until(lambda: bool(room.bars.notes))
    assert "was here before" in room.bars.notes[0]
    room.tray.empty("1-1.1")  # as sleep does
    room.tray.plug("1-1.1", "backup")
    room.tray.plug("1-1.2", "s1")
    assert room.ended() == 0
    assert room.tray.writes == ["s1"]


def test_named_ports_are_taken_at_once_and_others_never(room: Room) -> None:
    room.tray.plug("1-1.1", "s1")
    room.tray.plug("1-10", "other")
    room.tray.plug("2-1", "stick")
    room.start(ports=("1-1",), total=1)
    assert room.ended() == 0
    assert room.tray.writes == ["s1"]


@pytest.mark.parametrize(
    ("disk", "said"),
    [
        ({"serial": ""}, "has no serial"),
        ({"serial": "s1", "size": tiny.MIB}, "the disk has 1 MiB"),
        ({"serial": "s1", "size": 400_000_000_000}, "larger than any card"),
    ],
)
def test_what_cannot_be_a_terminal_is_refused_once(
    room: Room, disk: dict[str, object], said: str
) -> None:
    room.start()
    room.tray.plug("1-1.1", **disk)  # type: ignore[arg-type]  # as the cases name them
    room.until_told(said)
    assert room.end() == 0
    assert room.tray.writes == []


def test_of_two_disks_with_one_serial_none_is_written(room: Room) -> None:
    room.start()
    for port in ("1-1.1", "1-1.2"):
        room.tray.plug(port, "s1")
    room.until_told("has the serial of another disk here")
    assert room.end() == 0
    assert room.tray.writes == []


def test_a_unit_that_fails_three_times_is_put_aside_and_the_exit_code_tells(room: Room) -> None:
    room.tray.faults["s1"] = Fault(after=tiny.MIB, fails=True)
    room.start()
    for count in itertools.count(1):
        room.tray.plug("1-1.1", "s1")
        room.until(lambda: len(room.lines("failed")) == min(count, 3))  # noqa: B023  # used at once
        if count > 3:
            break
        room.tray.take("1-1.1")
    room.until_told("failed 3 times: put it aside")
    assert room.end() == 1


def test_ctrl_c_marks_the_units_at_work_failed(room: Room) -> None:
    gate = threading.Event()
    room.tray.faults["s1"] = Fault(after=tiny.MIB, wait=gate)
    room.start(total=2)
    room.tray.plug("1-1.1", "s1")
    room.until(lambda: room.tray.writes == ["s1"])
    room.stop.set()
    gate.set()
    assert room.ended() == 1
    assert room.lines("failed") == ["s1"]
