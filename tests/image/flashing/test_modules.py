"""Modules from their loader to good: the station, rpiboot's double, and a hand that plugs."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from imagebuilder.flashing import rpiboot
from imagebuilder.flashing.bench import Bench
from imagebuilder.flashing.book import Book
from imagebuilder.flashing.modules import CM3, CM4, Modules, waiting
from imagebuilder.flashing.station import Rules, Station
from tests.image.flashing import tiny, usbboot
from tests.image.flashing.memory_bars import MemoryBars
from tests.image.flashing.tray import Tray

TIMEOUT_S = 60


class Room:
    """A station with rpiboot; its hand lets a module that was loaded show its eMMC."""

    def __init__(self, folder: Path) -> None:
        self.tray = Tray(folder / "tray")
        self.program = usbboot.make(folder / "usbboot")
        self.bars = MemoryBars()
        self.stop = threading.Event()
        self.book = Book()
        bench = Bench(tiny.read_image(folder / "dist"), self.bars, self.stop, self.book)
        tool = rpiboot.find(self.program, self.stop)
        self.modules = Modules(tool, folder / "work", self.tray.kernel, self.bars)
        self._bench = bench
        self.has_emmc = True
        self._codes: list[int] = []
        self._thread = threading.Thread()

    def start(self, once: int = 0) -> None:
        rules = Rules(once=once, pause_s=0.02, loader=self.modules)
        station = Station(self._bench, self.tray.kernel, rules)
        self._thread = threading.Thread(target=lambda: self._codes.append(station.run()))
        self._thread.start()

    def insert(self, port: str, product: str = CM4, **module: str) -> None:
        usbboot.insert(self.program, port, **module)
        self.tray.load(port, product)

    def until(self, true: Callable[[], bool]) -> None:
        """Wait, and let every module that was loaded lend its eMMC."""
        deadline = time.monotonic() + TIMEOUT_S
        while not true():
            assert time.monotonic() < deadline
            for module in waiting(self.tray.kernel):
                self._lend(module.port)
            time.sleep(0.02)

    def _lend(self, port: str) -> None:
        try:
            said = usbboot.module(self.program, port)
        except ValueError:  # just being written
            return
        if self.has_emmc and said.get("lends"):
            self.tray.unload(port)
            self.tray.plug(port, f"10000000{said['serial']}", vendor="0a5c")

    def is_over(self) -> bool:
        return not self._thread.is_alive()

    def end(self) -> int:
        self.stop.set()
        self._thread.join(TIMEOUT_S)
        return self._codes[0]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    yield room
    room.end()


def test_modules_in_their_loader_become_good_and_an_old_one_never(room: Room) -> None:
    room.insert("1-1.1", serial="aaaaaaaa")
    room.insert("1-1.2", serial="bbbbbbbb", takes="no")
    room.insert("1-1.3", CM3, serial="cccccccc")
    room.start(once=3)
    room.until(room.is_over)
    assert {line.serial: (line.result, line.eeprom) for line in room.book.lines} == {
        "10000000aaaaaaaa": ("good", "2025-05-08"),
        "10000000cccccccc": ("good", "none"),
    }
    assert "could not be renewed" in room.bars.ends["USB 1-1.2"][1]
    assert room.end() == 1


def test_a_module_that_came_up_unchecked_is_not_written(room: Room) -> None:
    room.start()
    room.tray.plug("1-1.1", "10000000a9dbb16a", vendor="0a5c")
    room.until(lambda: "sda" in room.bars.ends)
    assert "boot loader was not checked" in room.bars.ends["sda"][1]
    assert room.end() == 0
    assert room.tray.writes == []


def test_the_next_module_in_a_port_does_not_inherit_the_verdict(room: Room) -> None:
    room.insert("1-1.1", serial="aaaaaaaa")
    room.start()
    room.until(lambda: any(line.result == "good" for line in room.book.lines))
    room.tray.empty("1-1.1")
    room.tray.plug("1-1.1", "10000000bbbbbbbb", vendor="0a5c")
    room.until(lambda: "not checked" in room.bars.ends["sda"][1])
    assert room.tray.writes == ["10000000aaaaaaaa"]


def test_a_module_without_an_emmc_is_said(room: Room) -> None:
    room.has_emmc = False
    room.modules.disk_s_max = 0.2
    room.insert("1-1.1", serial="aaaaaaaa", eeprom=usbboot.checksum(usbboot.NEW))
    room.start(once=1)
    room.until(room.is_over)
    assert "no disk appeared" in room.bars.ends["USB 1-1.1"][1]
    assert room.end() == 1
