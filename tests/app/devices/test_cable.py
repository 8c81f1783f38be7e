"""T3: ESC/POS over a USB and a serial port, byte for byte, beside the network."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from comptoir.commands import PublishPrinting
from comptoir.devices.condition import State
from comptoir.devices.connection import DRAWER_PULSE, Connection, PrinterFailed
from comptoir.domain.printing import PlanRefused, Printer
from tests.app.devices.conftest import Desk, order, plan
from tests.fakes.box import BOSS, Box
from tests.fakes.cable import FakeCable
from tests.fakes.escpos import Raster
from tests.fakes.printer import FakePrinter

Serve = Callable[[Box], Desk]
BAUD = 19_200
EVERY_BYTE = bytes(range(256))  # what a terminal line would make of them: signals, echoes, ends
A_ROW_OF_ALL_BYTES = b"\x1dv0\x00\x00\x01\x01\x00"  # GS v 0, 256 bytes wide, one row


@pytest.fixture(params=[0, BAUD], ids=["usb", "serial"])
def baud(request: pytest.FixtureRequest) -> int:
    """Return the speed of the port: none for USB."""
    speed: int = request.param
    return speed


@pytest.fixture
def cable(printer: FakePrinter, baud: int) -> Iterator[FakeCable]:
    cable = FakeCable(printer, serial=bool(baud))
    yield cable
    cable.unplug()


@pytest.fixture
def attached(cable: FakeCable, baud: int) -> Printer:
    return Printer("hot", "Wok", cable.path, terminal="t1", baud=baud)


def at_the_port(house: Box, attached: Printer, printer: FakePrinter, bar: FakePrinter) -> None:
    """Let the hot kitchen's printer hang on the port of this terminal."""
    now = plan(printer, bar)
    printers = tuple(attached if one.id == attached.id else one for one in now.printers)
    house.desk.run(PublishPrinting("port", printers, now.stations), BOSS)


def test_t3_every_byte_goes_through_as_it_is(attached: Printer, printer: FakePrinter) -> None:
    with Connection(attached) as connection:
        assert connection.condition().ready
        connection.print(A_ROW_OF_ALL_BYTES + EVERY_BYTE + b"\x1dV\x00" + DRAWER_PULSE)
        connection.confirm()
    (paper,) = printer.wait(1)
    (picture,) = [one for one in paper.elements if isinstance(one, Raster)]
    assert picture.rows == [EVERY_BYTE]
    printer.wait_kick()
    assert printer.unknown == []


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        ({"paper": False}, State.PAPER_OUT),
        ({"cover_open": True}, State.COVER_OPEN),
        ({"mute": True}, State.SILENT),
        ({"garbage": b"\x80" * 7}, State.GARBLED),
    ],
)
def test_t3_what_ails_it_is_heard(
    attached: Printer, printer: FakePrinter, trouble: dict[str, object], state: State
) -> None:
    vars(printer).update(trouble)
    with Connection(attached) as connection:
        try:
            found = connection.condition().state
        except PrinterFailed as failed:
            found = failed.state
    assert found is state


def test_t3_an_unplugged_one_is_off(attached: Printer, cable: FakeCable) -> None:
    with Connection(attached) as connection:
        cable.unplug()
        with pytest.raises(PrinterFailed) as failed:
            connection.condition()
        assert failed.value.state is State.OFF
    with pytest.raises(PrinterFailed) as failed:
        Connection(replace(attached, host="/dev/usb/lp99"))
    assert failed.value.state is State.OFF


def test_t3_a_file_that_is_no_serial_port_is_off() -> None:
    with pytest.raises(PrinterFailed):
        Connection(Printer("p", "P", "/dev/null", terminal="t1", baud=BAUD))


def test_t3_a_kitchen_ticket_comes_out_of_the_port(
    house: Box, attached: Printer, printer: FakePrinter, bar: FakePrinter, serve: Serve
) -> None:
    at_the_port(house, attached, printer, bar)
    desk = serve(house)
    order(house)
    printer.wait(1)
    desk.until(lambda: bool(house.journal.state("tickets:c").prints))
    (mark,) = house.journal.state("tickets:c").prints
    assert (mark.confirmed, mark.duplicate) == (True, False)


def test_t3_what_another_terminal_sent_is_printed_where_the_printer_hangs_and_once(
    house: Box, attached: Printer, printer: FakePrinter, bar: FakePrinter
) -> None:
    at_the_port(house, attached, printer, bar)
    mine, other = Desk(house), house.journal.state("printing:it").reachable("t2")
    assert [one.id for one in other] == ["bar"]
    order(house)
    (waiting,) = mine.board.for_printer("hot")
    foreign = replace(waiting.ticket, terminal="t2")
    waiting.ticket = foreign
    now_s = waiting.seen_s
    assert mine.board.due("hot", now_s, now_s) == [waiting]
    assert not mine.board.may_be_second(waiting)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"host": "/etc/passwd"}, "no address"),
        ({"host": "/dev/../etc/passwd"}, "no address"),
        ({"terminal": ""}, "no address"),
        ({"baud": 300}, "no speed"),
        ({"host": "192.168.1.9", "terminal": "", "baud": BAUD}, "no such speed"),
    ],
)
def test_t3_a_port_that_is_none_is_refused(
    house: Box, printer: FakePrinter, bar: FakePrinter, wrong: dict[str, str], said: str
) -> None:
    at_port = Printer("hot", "Wok", "/dev/ttyUSB0", terminal="t1", baud=BAUD)
    with pytest.raises(PlanRefused, match=said):
        at_the_port(house, replace(at_port, **wrong), printer, bar)  # type: ignore[arg-type]
