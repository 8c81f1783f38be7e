"""One terminal answers at the shared address; another does once it cannot, and nobody pushes in."""

import importlib.util
import struct
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SCRIPT = Path("roles/address/files/tree/usr/lib/comptoir/shared_address.py")
V4 = IPv4Address
SHARED, STEP_S = V4("10.0.0.250"), 0.05


@pytest.fixture(scope="module")
def program() -> ModuleType:
    spec = importlib.util.spec_from_file_location("shared_address", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass
class Street:
    """Terminals in simulated time; ``deaf`` hear nobody and are not heard, ``hung`` do nothing."""

    program: ModuleType
    count: int = 3
    now_s: float = 0.0
    well: set[int] = field(default_factory=set)
    deaf: set[int] = field(default_factory=set)
    hung: set[int] = field(default_factory=set)
    told: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.well = set(range(self.count))
        everybody = {n: V4(f"10.0.0.{n + 1}") for n in range(self.count)}
        self.at = everybody
        self.turns: list[Any] = []
        for n, me in everybody.items():
            peers = set(everybody.values()) - {me}
            self.turns.append(self.program.Turn(me, peers, Hands(self, n), 0.0))

    def wait(self, seconds: float) -> None:
        until_s = self.now_s + seconds
        while self.now_s < until_s:
            self.now_s += STEP_S
            for n, turn in enumerate(self.turns):
                if n not in self.hung:
                    turn.look(self.now_s, well=n in self.well)

    def say(self, sender: int, priority: int) -> None:
        for n, turn in enumerate(self.turns):
            if n != sender and not {n, sender} & (self.deaf | self.hung):
                turn.heard(priority, self.at[sender], self.now_s)

    @property
    def answering(self) -> list[int]:
        return [n for n, turn in enumerate(self.turns) if turn.answers and n not in self.hung]

    def until_another(self, before: int) -> float:
        begin_s = self.now_s
        while self.answering in ([], [before]):
            self.wait(STEP_S)
            assert self.now_s < begin_s + 5, "nobody else answers"
        return self.now_s - begin_s


@dataclass
class Hands:
    """The hands of one terminal of the street."""

    street: Street
    number: int

    def say(self, priority: int) -> None:
        self.street.say(self.number, priority)

    def take(self) -> None:
        self.street.told.append(self.number)

    def leave(self) -> None:
        pass

    def announce(self) -> None:
        self.street.told.append(self.number)


@pytest.fixture
def street(program: ModuleType) -> Street:
    made = Street(program)
    made.wait(3)
    assert len(made.answering) == 1
    return made


def test_a_lonely_terminal_answers(program: ModuleType) -> None:
    alone = Street(program, 1)
    alone.wait(3)
    assert alone.answering == [0]


@pytest.mark.parametrize("count", [2, 3, 12, 40])
def test_of_many_exactly_one_answers(program: ModuleType, count: int) -> None:
    many = Street(program, count)
    many.wait(5)
    assert len(many.answering) == 1


def test_when_it_hangs_another_answers_within_three_adverts_and_a_bit(street: Street) -> None:
    (owner,) = street.answering
    street.hung.add(owner)
    assert street.until_another(owner) <= 1.3
    assert owner not in street.answering


def test_when_its_till_fails_another_answers_at_once_and_it_does_not(street: Street) -> None:
    (owner,) = street.answering
    street.well.discard(owner)
    assert street.until_another(owner) <= 0.4
    assert len(street.answering) == 1


def test_who_comes_back_does_not_push_in(street: Street) -> None:
    (owner,) = street.answering
    street.well.discard(owner)
    street.until_another(owner)
    (now,) = street.answering
    street.well.add(owner)
    street.wait(10)
    assert street.answering == [now]


def test_who_hung_gives_up_before_it_says_anything(street: Street) -> None:
    (owner,) = street.answering
    street.hung.add(owner)
    street.wait(3)
    (now,) = street.answering
    street.hung.discard(owner)
    street.wait(STEP_S)
    assert street.answering == [now]
    street.wait(10)
    assert street.answering == [now]


def test_parted_both_answer_and_together_again_one_which_tells_where_it_is(street: Street) -> None:
    (owner,) = street.answering
    street.deaf.add(owner)
    street.wait(3)
    assert len(street.answering) == 2
    street.deaf.clear()
    street.told.clear()
    street.wait(1)
    (left,) = street.answering
    assert left in street.told


def test_with_no_till_well_nobody_answers(street: Street) -> None:
    street.well.clear()
    street.wait(1)
    assert street.answering == []


def test_who_ends_lets_another_answer_at_once(street: Street) -> None:
    (owner,) = street.answering
    street.turns[owner].end(street.now_s)
    street.hung.add(owner)
    assert street.until_another(owner) <= 0.4


def test_an_advert_is_as_the_standard_lays_it_out(program: ModuleType) -> None:
    me, peer = V4("10.0.0.1"), V4("10.0.0.2")
    data = program.packet(program.Advert(250, 200, SHARED), me, peer)
    kind, router, priority, count, interval = struct.unpack("!BBBBH", data[:6])
    assert (kind, router, priority, count, interval) == (0x31, 250, 200, 1, 30)
    assert (len(data), data[8:]) == (12, SHARED.packed)
    assert program.read(data, me, peer) == program.Advert(250, 200, SHARED)


@pytest.mark.parametrize("place", range(12))
def test_a_changed_byte_makes_it_none(program: ModuleType, place: int) -> None:
    me, peer = V4("10.0.0.1"), V4("10.0.0.2")
    data = bytearray(program.packet(program.Advert(250, 200, SHARED), me, peer))
    data[place] ^= 0x55
    assert program.read(bytes(data), me, peer) is None
    assert program.read(bytes(data[:place]), me, peer) is None
