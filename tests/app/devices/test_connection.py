"""A printer that answers anything at all never does more than fail (T3)."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.devices import connection as module
from comptoir.devices.condition import State
from comptoir.devices.connection import Connection, PrinterFailed
from comptoir.domain.printing import Printer
from tests.fakes.printer import FakePrinter


@pytest.fixture
def liar(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakePrinter]:
    monkeypatch.setattr(module, "ANSWER_S_MAX", 0.2)
    monkeypatch.setattr(module, "FINISH_S_MAX", 0.2)
    made = FakePrinter()
    yield made
    made.switch_off()


def address(printer: FakePrinter) -> Printer:
    return Printer("p", "P", "127.0.0.1", printer.port)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(garbage=st.binary(min_size=1, max_size=400))
def test_garbage_is_a_condition_or_a_named_failure(liar: FakePrinter, garbage: bytes) -> None:
    liar.garbage = garbage
    assert told(liar) in State


def told(printer: FakePrinter) -> State:
    """Return what was made of it: a condition, or the failure's name."""
    try:
        with Connection(address(printer)) as connection:
            state = connection.condition().state
            connection.confirm()
    except PrinterFailed as failed:
        return failed.state
    return state


def test_silence_ends_after_its_time(liar: FakePrinter) -> None:
    liar.mute = True
    with Connection(address(liar)) as connection, pytest.raises(PrinterFailed) as caught:
        connection.condition()
    assert (caught.value.state, caught.value.begun) == (State.SILENT, False)


def test_a_printer_that_stops_reading_is_given_up(
    liar: FakePrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK_S_MAX", 0.2)
    liar.stuck = True
    with Connection(address(liar)) as connection, pytest.raises(PrinterFailed) as caught:
        connection.print(bytes(50_000_000))
    assert caught.value.begun


@pytest.mark.parametrize("host", ["256.1.1.1", "no such host", "x" * 300, "\udcff", "127.0.0.1"])
def test_an_address_where_nobody_listens_is_off(host: str) -> None:
    with pytest.raises(PrinterFailed) as caught:
        Connection(Printer("p", "P", host, 1))
    assert caught.value.state is State.OFF
