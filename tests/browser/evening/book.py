"""The evening's book: who comes when, to which table and waiter, and what they will ask for.

Minutes are of the evening's clock. Time is compressed: a quarter of an hour lasts as long as its
work does.
"""

import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from comptoir.demo.orders import CHECKS, Sent, payment_of
from comptoir.demo.promises import LINE, OPENED, TAKEN
from tests.browser.evening.house import TABLES, WAITERS, Person

QUARTER = 15
OPENS, CLOSES = 18 * 60 + 30, 23 * 60
KILLED_AT = 20 * 60 + 15
BANQUET, ELEVEN = "table-37", "table-38"
BY_TOUCH = {person.id: f"table-{number}" for number, person in enumerate(WAITERS, 1)}
ORDER_AFTER, MORE_AFTER, PAY_AFTER = 5, 35, 75
SECOND_SEATING, LAST_ARRIVAL = 21 * 60, 20 * 60
ROUND_TO = 500


def clock(minute: int) -> str:
    """Return a minute as people say it, ``20:15``."""
    return f"{minute // 60}:{minute % 60:02}"


class Deed(StrEnum):
    """What a waiter does for a table."""

    ORDER = "order"
    MORE = "more"
    PAY = "pay"


@dataclass
class Party:
    """Guests at a table, their check, and their waiter's pad with every command answered so far."""

    table: str
    covers: int
    arrives: int
    waiter: Person
    chance: random.Random
    items: Sequence[Mapping[str, Any]]
    check: str = field(default_factory=lambda: uuid.uuid4().hex)
    pad: list[Sent] = field(default_factory=list)
    at: int = 0
    due: int = 0
    coming: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        """Return the address of their check."""
        return f"{CHECKS}/{self.check}"

    @property
    def first_round(self) -> int:
        """Return how many dishes they order when they come."""
        return max(2, self.covers)

    @property
    def second_round(self) -> int:
        """Return how many dishes they order afterwards."""
        return 1 + self.covers // 3

    def sent(self, deed: Deed) -> Iterator[Sent]:
        """Return the commands of a deed over the API."""
        return {Deed.ORDER: self._order, Deed.MORE: self._more, Deed.PAY: self._pay}[deed]()

    def _order(self) -> Iterator[Sent]:
        """Sit down and order."""
        seated = {"check": self.check, "table": self.table, "covers": self.covers}
        yield Sent(CHECKS, seated, f"opening {self.table}", (OPENED, self.check))
        yield from self._dishes(self.first_round)

    def _more(self) -> Iterator[Sent]:
        """Get what was ordered, and order a little more."""
        yield self._brought()
        yield from self._dishes(self.second_round)

    def _pay(self) -> Iterator[Sent]:
        """Get the rest, and pay by card or in cash, some with a tip."""
        yield self._brought()
        payment, due = uuid.uuid4().hex, self.due
        tender = self.chance.choice(("cash", "cash", "card"))
        tip = self.chance.choice((0, 0, 200))
        intent = {"payment": payment, "tender": tender, "amount": due, "tip": tip}
        yield Sent(f"{self.path}/payments", intent, f"the bill of {self.table}")
        taken = (TAKEN, payment_of(payment, due))
        given = -(-(due + tip) // ROUND_TO) * ROUND_TO if tender == "cash" else due + tip
        slip = {"reference": f"slip {payment[:6]}"} if tender == "card" else {}
        take = f"{self.path}/payments/{payment}/take"
        yield Sent(take, {"tendered": given, **slip}, f"money of {self.table}", taken)

    def _brought(self) -> Sent:
        lines, self.coming = self.coming, []
        served = {"lines": lines, "status": "served"}
        return Sent(f"{self.path}/bump", served, f"serving {self.table}")

    def _dishes(self, count: int) -> Iterator[Sent]:
        for _ in range(count):
            line, item = uuid.uuid4().hex, self.chance.choice(self.items)
            self.coming.append(line)
            body = {"line": line, "item": item["id"], **_choices(item, self.chance)}
            yield Sent(f"{self.path}/lines", body, f"a dish for {self.table}", (LINE, line))
        yield Sent(f"{self.path}/fire", {}, f"sending {self.table} to the kitchen")


def _choices(item: Mapping[str, Any], chance: random.Random) -> dict[str, object]:
    """Return what a guest wants of a dish: some want a side, some half of it, some two."""
    wish = chance.randrange(6)
    if item["groups"] and wish < 2:
        return {"modifiers": [chance.choice(item["groups"][0]["modifiers"])["id"]]}
    if item["variants"] and wish == 2:
        return {"variant": item["variants"][0]["id"]}
    return {"qty_milli": 2000} if wish == 3 else {}


@dataclass(frozen=True)
class Act:
    """What a waiter does for a party at a minute."""

    at: int
    party: Party
    deed: Deed

    @property
    def quarter(self) -> int:
        """Return the beginning of its quarter of an hour."""
        return self.at - self.at % QUARTER


def book(items: Sequence[Mapping[str, Any]], *, seatings: int) -> list[Act]:
    """Return all acts of the tables without a story of their own, in the evening's order."""
    chance = random.Random(2015)
    taken = {BANQUET, ELEVEN, *BY_TOUCH.values()}
    tables = [name for n in range(1, TABLES + 1) if (name := f"table-{n}") not in taken]
    acts: list[Act] = []
    for seating in range(seatings):
        first, last = (
            (OPENS, LAST_ARRIVAL) if seating == 0 else (SECOND_SEATING, SECOND_SEATING + 40)
        )
        for number, table in enumerate(tables):
            arrives = first + (last - first) * number // len(tables)
            waiter = WAITERS[number % len(WAITERS)]
            party = Party(
                table,
                chance.randint(1, 6),
                arrives,
                waiter,
                random.Random(f"{seating} {table}"),
                items,
            )
            acts += [
                Act(arrives + ORDER_AFTER, party, Deed.ORDER),
                Act(arrives + MORE_AFTER, party, Deed.MORE),
                Act(min(arrives + PAY_AFTER, CLOSES - 1), party, Deed.PAY),
            ]
    return sorted(acts, key=lambda act: act.at)
