"""Paper on a network printer: X8, T3, X22, K10."""

from collections.abc import Callable

from comptoir.domain.tickets import Tickets
from tests.app.devices.conftest import Desk, order
from tests.fakes.box import Box
from tests.fakes.printer import FakePrinter

Serve = Callable[[Box], Desk]


def record(box: Box, check: str = "c") -> Tickets:
    found: Tickets = box.journal.state(f"tickets:{check}")
    return found


def test_each_station_gets_its_own_dishes_once(
    house: Box, printer: FakePrinter, bar: FakePrinter, serve: Serve
) -> None:
    desk = serve(house)
    order(house, "c", "duck", "tofu", "tea")
    printer.wait(1)
    bar.wait(1)
    desk.until(lambda: len(record(house).prints) == 2)
    assert (len(printer.pieces), len(bar.pieces)) == (1, 1)
    assert printer.pieces[0].black > bar.pieces[0].black
    assert all(mark.confirmed and not mark.duplicate for mark in record(house).prints)
    assert printer.unknown == bar.unknown == []
