"""What robot waiters ask of the API: the commands of a table's evening, and what answers mean."""

import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from comptoir.demo.promises import LINE, OPENED, TAKEN, Fact

CHECKS = "/api/v1/checks"
LINES_MOST = 4
COVERS_MOST = 4
NOTE_STEP = 500
COOKED_S_MIN, COOKED_S_MAX = 3.0, 8.0


@dataclass(frozen=True, slots=True)
class Sent:
    """One command on the pad: where it goes, what it says, which fact its answer promises.

    ``takes_s`` is how long the table then has to wait.
    """

    path: str
    body: Mapping[str, Any]
    doing: str
    fact: Fact | None = None
    takes_s: float = 0.0
    command: str = field(default_factory=lambda: uuid.uuid4().hex)


@dataclass(slots=True)
class Table:
    """A table being served: its check and the pad with every command answered so far."""

    id: str
    label: str
    check: str = field(default_factory=lambda: uuid.uuid4().hex)
    pad: list[Sent] = field(default_factory=list)
    at: str = ""
    waits_until_s: float = 0.0
    number: str = ""
    due: int = 0


def evening(
    table: Table, items: Sequence[Mapping[str, Any]], chance: random.Random
) -> Iterator[Sent]:
    """Yield the commands of one table, each when the one before was answered."""
    one = f"{CHECKS}/{table.check}"
    opening = {"check": table.check, "table": table.id, "covers": chance.randint(1, COVERS_MOST)}
    yield Sent(CHECKS, opening, f"opening table {table.label}", (OPENED, table.check))
    lines = []
    for _ in range(chance.randint(1, LINES_MOST)):
        line, item = uuid.uuid4().hex, chance.choice(items)
        lines.append(line)
        dish = item["names"].get("en", item["id"])
        body = {"line": line, "item": item["id"], "modifiers": choices(item, chance)}
        yield Sent(f"{one}/lines", body, f"{dish} for table {table.label}", (LINE, line))
    cooked_s = chance.uniform(COOKED_S_MIN, COOKED_S_MAX)
    doing = f"sending table {table.label} to the kitchen"
    yield Sent(f"{one}/fire", {}, doing, takes_s=cooked_s)
    served = {"lines": lines, "status": "served"}
    yield Sent(f"{one}/bump", served, f"serving table {table.label}")
    payment, due = uuid.uuid4().hex, table.due
    intent = {"payment": payment, "tender": "cash", "amount": due}
    yield Sent(f"{one}/payments", intent, f"the bill of table {table.label}")
    taken = (TAKEN, payment_of(payment, due))
    paid = {"tendered": -(-due // NOTE_STEP) * NOTE_STEP}
    take = f"{one}/payments/{payment}/take"
    yield Sent(take, paid, f"cash of table {table.label}", taken)


def payment_of(name: str, amount: int) -> str:
    """Return a payment with its amount: money is only there when all of it is."""
    return f"{name} {amount}"


def choices(item: Mapping[str, Any], chance: random.Random) -> list[str]:
    """Return modifiers that satisfy each group's minimum."""
    chosen: list[str] = []
    for group in item["groups"]:
        options = [modifier["id"] for modifier in group["modifiers"]]
        chosen += chance.sample(options, group["min"])
    return chosen


def held(check: Mapping[str, Any]) -> set[Fact]:
    """Return the facts that a till's check shows, as (kind, ref)."""
    facts = {(OPENED, str(check["id"]))}
    facts |= {(LINE, str(line["id"])) for line in check.get("lines", ())}
    payments = check.get("payments", ())
    facts |= {
        (TAKEN, payment_of(p["id"], p["amount"])) for p in payments if p.get("status") == "taken"
    }
    return facts
