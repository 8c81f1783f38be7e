"""Checks for tests: facts of several terminals, folded in the order in which all fold them."""

from collections.abc import Sequence
from itertools import count

from comptoir.domain import events as ev
from comptoir.domain.check import Check
from comptoir.domain.envelope import Envelope
from comptoir.domain.fold import fold
from comptoir.domain.parts import EVEN, SEATS, Plan
from comptoir.domain.records import dump
from comptoir.domain.tax import TaxRate

VAT10 = TaxRate("v10", "10 %", 100_000)
VAT20 = TaxRate("v20", "20 %", 200_000)
SALES = TaxRate("s", "8.875 %", 88_750, inclusive=False)
OPENED = ev.CheckOpened("c", "A1-1", "eat_in", "7", 4)


def event(body: ev.Body, hlc: int, terminal: str = "t1", seq: int = 1) -> ev.Event:
    envelope = Envelope(
        "r", terminal, 1, seq, hlc << 16, "2026-11-22", "anna", body.KIND, 1, dump(body), ""
    )
    return ev.Event(envelope, body)


def folded(*bodies: ev.Body, check: str = "c") -> Check:
    made = [event(body, hlc) for body, hlc in zip(bodies, count(1))]
    state = fold(f"check:{check}", [e for e in made if f"check:{check}" in ev.aggregates_of(e)])
    assert isinstance(state, Check)
    return state


def line(
    name: str = "l1",
    price: int = 500,
    seats: Sequence[int] = (),
    taxes: Sequence[TaxRate] = (),
    check: str = "c",
) -> ev.LineAdded:
    names = {"en": "Soup"}
    return ev.LineAdded(
        check, name, "soup", names, 1000, price, taxes=tuple(taxes), seats=tuple(seats)
    )


def taken(name: str, amount: int, part: str = "", settles: int = 0) -> ev.PaymentTaken:
    return ev.PaymentTaken("c", name, "cash", amount, amount, 0, part, settles)


def even(name: str, parts: int, of: Sequence[str] = ()) -> ev.CheckSplit:
    plans = tuple(Plan(f"{name}{i}") for i in range(1, parts + 1))
    return ev.CheckSplit("c", name, EVEN, plans, tuple(of))


def by_seat(name: str, *seats: Sequence[int], of: Sequence[str] = ()) -> ev.CheckSplit:
    plans = tuple(Plan(f"{name}{i}", seats=tuple(each)) for i, each in enumerate(seats, 1))
    return ev.CheckSplit("c", name, SEATS, plans, tuple(of))


def dues(check: Check) -> dict[str, int]:
    return {part.id: part.due for part in check.parts}
