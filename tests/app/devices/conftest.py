"""Terminals with printers: real journals and workers, fake printers, a till that is called."""

import time
from collections.abc import Callable, Iterator

import pytest

from comptoir.bus.wire import PrintReport
from comptoir.commands import (
    Actor,
    AddLine,
    ClaimTicket,
    Fire,
    OpenCheck,
    PublishFloor,
    PublishMenu,
    PublishPrinting,
    RecordPrint,
    SetStaff,
)
from comptoir.devices.board import Board, Waiting
from comptoir.devices.composing import compose
from comptoir.devices.counter import Counter
from comptoir.devices.encoding import encode
from comptoir.devices.worker import Worker
from comptoir.domain.house import SYSTEM, WAITER, Area, Table
from comptoir.domain.menu import Item, Menu, Modifier, ModifierGroup
from comptoir.domain.printing import Printer, Station
from comptoir.domain.tax import TaxRate
from comptoir.fonts import find
from tests.fakes.box import BOSS, Box, BoxMaker
from tests.fakes.printer import FakePrinter

ANNA = Actor("anna", WAITER)
VAT = TaxRate("v10", "TVA 10 %", 100_000)
SPICE = ModifierGroup(
    "spice", {"en": "Spice"}, (Modifier("hot", {"en": "Extra hot", "zh-Hans": "加辣"}),)
)
DUCK = Item(
    "duck", "mains", {"en": "Peking duck", "zh-Hans": "北京烤鸭"}, 4850,
    {"eat_in": ("v10",)}, "71", ("spice",),
)  # fmt: skip
TOFU = Item(
    "tofu", "mains", {"en": "Mapo tofu", "zh-Hans": "麻婆豆腐"}, 1250, {"eat_in": ("v10",)}, "42"
)
TEA = Item("tea", "drinks", {"en": "Jasmine tea", "zh-Hans": "茉莉花茶"}, 350, station="bar")


class Desk:
    """One terminal's printing: what `comptoir devices` does, without its broker."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.deaf = False
        self.board = Board(box.journal, box.name, box.clock)
        self.counter = Counter(self.board, self.hear)
        self.workers: dict[str, Worker] = {}
        self._position = self.board.start(time.monotonic())
        box.journal.on_commit(self.read)

    def hear(self, report: PrintReport) -> None:
        """Write down what a printer did, as the till does."""
        if self.deaf:
            return
        about = (report.command, report.check, report.ticket, report.printer)
        command = (
            RecordPrint(*about, report.duplicate, report.confirmed)
            if report.printed
            else ClaimTicket(*about)
        )
        self.box.desk.run(command, Actor("devices", SYSTEM))

    def read(self) -> None:
        """Read what is new in the journal, as after ``local/journal``."""
        changes = self.box.journal.changes(self._position)
        if changes:
            self._position = changes[-1].position
            names = {name for change in changes for name in change.aggregates}
            self.board.refresh(names, time.monotonic())
        self.counter.heard()
        for worker in self.workers.values():
            worker.wake()

    def start(self) -> "Desk":
        for printer in self.board.plan.reachable(self.box.name):
            self.workers[printer.id] = Worker(printer, self.board, self.counter, self.prepare)
            self.workers[printer.id].start()
        return self

    def stop(self) -> None:
        for worker in self.workers.values():
            worker.stop()
        for worker in self.workers.values():
            worker.join()
            assert not worker.failed

    def prepare(self, one: Waiting, printer: Printer, duplicate: bool) -> bytes:
        paper = compose(self.box.journal, self.board.plan, one.ticket, duplicate=duplicate)
        return encode(paper, printer, find())

    def until(self, holds: Callable[[], bool], seconds: float = 60.0) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "it never came true"
            time.sleep(0.01)


def order(box: Box, check: str = "c", *items: str, key: str = "k") -> None:
    """Open a check at table 7, add items and send them."""
    box.desk.run(OpenCheck(f"{key}-open-{check}", check, "eat_in", "t7", 4), ANNA)
    for number, item in enumerate(items or ("duck", "tofu"), 1):
        chosen = ("hot",) if item == "duck" else ()
        line = f"{check}-l{number}"
        box.desk.run(AddLine(f"{key}-{line}", check, line, item, 1000, chosen), ANNA)
    box.desk.run(Fire(f"{key}-fire-{check}", check), ANNA)


@pytest.fixture
def printer() -> Iterator[FakePrinter]:
    made = FakePrinter()
    yield made
    made.switch_off()


@pytest.fixture
def bar() -> Iterator[FakePrinter]:
    made = FakePrinter()
    yield made
    made.switch_off()


def plan(printer: FakePrinter, bar: FakePrinter, **more: object) -> PublishPrinting:
    printers = (
        Printer("hot", "Hot kitchen", "127.0.0.1", printer.port, **more),  # type: ignore[arg-type]
        Printer("bar", "Bar", "127.0.0.1", bar.port, drawer=True, receipts=("t1",)),
    )
    stations = (
        Station("kitchen", "Kitchen", "hot", ("zh-Hans", "en")),
        Station("bar", "Bar", "bar", ("en",)),
    )
    return PublishPrinting("plan-1", printers, stations)


@pytest.fixture
def house(box: Box, printer: FakePrinter, bar: FakePrinter) -> Box:
    menu = Menu("", (VAT,), (), (SPICE,), (DUCK, TOFU, TEA))
    box.desk.run(PublishMenu("menu-1", menu), BOSS)
    box.desk.run(PublishFloor("floor-1", (Area("room", "Room", (Table("t7", "7"),)),)), BOSS)
    box.desk.run(SetStaff("staff-1", "anna", "Anna", "waiter", "4711"), BOSS)
    box.desk.run(plan(printer, bar), BOSS)
    return box


@pytest.fixture
def serve(make_box: BoxMaker) -> Iterator[Callable[[Box], Desk]]:
    del make_box
    made: list[Desk] = []

    def start(box: Box) -> Desk:
        made.append(Desk(box).start())
        return made[-1]

    yield start
    for desk in made:
        desk.stop()
