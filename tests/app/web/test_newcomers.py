"""New terminals are heard and shown, few of them; one that is in use calls no more."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from comptoir.commands import Actor, OpenCheck
from comptoir.commands.denials import NoteDenied
from comptoir.domain.house import SYSTEM, WAITER
from comptoir.domain.records import dump
from comptoir.web import newcomers
from comptoir.web.ether import BYTES_MAX, HEARD_MAX, Ether
from comptoir.web.newcomers import Newcomers
from tests.fakes.box import StandingClock
from tests.fakes.ports import free_ports
from tests.fakes.till import HostTill

AT = "192.168.1.7"


class Air:
    """Stands for the network; ``Ether`` itself is tried in a network of its own."""

    def __init__(self) -> None:
        self.called: list[bytes] = []
        self.waiting: list[tuple[bytes, str]] = []

    def call(self, message: bytes) -> None:
        self.called.append(message)

    def heard(self) -> Iterator[tuple[bytes, str]]:
        while self.waiting:
            yield self.waiting.pop(0)

    def close(self) -> None:
        self.waiting.clear()


class Bench:
    """A till and what it hears."""

    def __init__(self, till: HostTill) -> None:
        self.till, self.air, self.told = till, Air(), 0
        air: Any = self.air
        self.newcomers = Newcomers(air, till.desk, till.identity, 8080, self.note)

    def note(self) -> None:
        self.told += 1

    def hears(self, terminal: str, host: str = AT, **more: object) -> list[str]:
        card = dump(self.till.identity.card) | {"terminal": terminal}
        call = {"comptoir": "new", "card": card, "port": 8080} | more
        self.air.waiting.append((json.dumps(call).encode(), host))
        return self.look()

    def look(self) -> list[str]:
        self.newcomers.look()
        return [one.card.terminal for one in self.newcomers.found()]


@pytest.fixture
def bench(till: HostTill) -> Bench:
    return Bench(till)


def test_a_new_one_calls_its_card_in_one_datagram(bench: Bench) -> None:
    bench.look()
    (called,) = bench.air.called
    assert json.loads(called)["card"] == dump(bench.till.identity.card)
    assert len(called) < BYTES_MAX


def test_wrong_pins_are_no_work(bench: Bench) -> None:
    denied = NoteDenied("d1", "sign_in", "", "pin-wrong")
    bench.till.desk.run(denied, Actor("till", SYSTEM))
    assert bench.newcomers.is_new()


def test_once_somebody_has_worked_it_calls_no_more(bench: Bench) -> None:
    bench.till.desk.run(OpenCheck("o1", "c1"), Actor("lucas", WAITER))
    bench.look()
    assert bench.air.called == []
    assert not bench.newcomers.is_new()


def test_who_calls_is_shown_until_it_is_silent(bench: Bench) -> None:
    clock = bench.till.use_clock(StandingClock(bench.till.desk.clock.now_ms()))
    assert bench.hears("t2") == ["t2"]
    assert bench.told == 1
    clock.ms += newcomers.SILENT_MS - 1
    assert bench.look() == ["t2"]
    clock.ms += 1
    assert bench.look() == []


def test_it_is_told_once_that_somebody_calls(bench: Bench) -> None:
    for _ in range(3):
        bench.hears("t2")
    assert bench.told == 1


def test_one_address_is_one_terminal_and_there_are_few(bench: Bench) -> None:
    bench.hears("t2")
    assert bench.hears("t3") == ["t2"]
    for number in range(20):
        found = bench.hears(f"x{number}", f"192.168.1.{100 + number}")
    assert len(found) == newcomers.SHOWN_MAX


@pytest.mark.parametrize(
    "more", [{"comptoir": "old"}, {"port": "x"}, {"card": {"terminal": "t2"}}, {"host": "8.8.8.8"}]
)
def test_what_is_no_call_of_this_network_is_nothing(bench: Bench, more: dict[str, object]) -> None:
    host = str(more.pop("host", AT))
    assert bench.hears("t2", host, **more) == []
    bench.air.waiting.append((b"\xff{", AT))
    assert bench.look() == []


def test_it_does_not_hear_itself(bench: Bench) -> None:
    assert bench.hears(bench.till.identity.terminal) == []


def test_a_datagram_is_heard_and_no_more_at_a_time_than_it_may_cost() -> None:
    (port,) = free_ports(1)
    ether = Ether(port)
    assert list(ether.heard()) == []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        for _ in range(HEARD_MAX + 5):
            out.sendto(b"hello", ("127.0.0.1", port))
    assert list(ether.heard()) == [(b"hello", "127.0.0.1")] * HEARD_MAX
    ether.close()


def test_port_0_neither_calls_nor_hears() -> None:
    ether = Ether(0)
    ether.call(b"hello")
    assert list(ether.heard()) == []


def test_a_call_reaches_all_on_a_cable_without_a_router() -> None:
    """In a network of its own: link-local addresses alone, and no route out."""
    heard = """
from comptoir.web.ether import Ether
first, second = Ether(8886), Ether(8886)
assert not list(second.heard()), "its socket is there from now on"
first.call(b"hello")
print(set(second.heard()))
"""
    lay = (
        "ip link add cable type veth peer name other; ip link set other up; ip link set cable up;"
        ' ip address add 169.254.7.1/16 broadcast + dev cable; exec "$@"'
    )
    done = subprocess.run(
        ["unshare", "--net", "sh", "-ec", lay, "sh", sys.executable, "-c", heard],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "{(b'hello', '169.254.7.1')}\n", done.stderr
