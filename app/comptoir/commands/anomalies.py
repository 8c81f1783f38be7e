"""Anomalies of the cash: counts that are over or short, drawers opened for nothing, late voids.

Each is told with who and when, and with what it is of: its drawer, or its check.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from comptoir.commands.desk import MANAGERS, Command, Desk, handles
from comptoir.commands.sales import Period, Sales
from comptoir.domain import events as ev
from comptoir.domain import sales
from comptoir.domain.anomalies import CashLimits
from comptoir.domain.cash import Drawer
from comptoir.domain.check import Check
from comptoir.domain.errors import AmountRefused
from comptoir.domain.tickets import RECEIPT, Tickets
from comptoir.journal import Journal, Writing

AMOUNT_MAX = 100_000_000
COUNT_MAX = 1000
LATE_KINDS = (sales.VOID, sales.CORRECTION)


@dataclass(frozen=True, slots=True)
class SetCashLimits(Command):
    """Mark from now on what is beyond these, in every report."""

    over_short: int
    no_sales: int
    voids: int


@handles(SetCashLimits, MANAGERS)
def set_limits(command: SetCashLimits, writing: Writing, desk: Desk) -> None:
    """Set them."""
    del desk
    counts = (command.no_sales, command.voids)
    if not (0 <= command.over_short <= AMOUNT_MAX and all(0 <= n <= COUNT_MAX for n in counts)):
        raise AmountRefused(f"A limit is not less than nothing, a count at most {COUNT_MAX}.")
    writing.append(ev.CashLimitsSet(command.over_short, command.no_sales, command.voids))


@dataclass(frozen=True, slots=True)
class Incident:
    """Something to look at; ``of`` is the drawer or the check that it happened to.

    ``amount`` is what was over (or, below zero, short), or what the voided line cost.
    """

    of: str
    name: str
    by: str
    at_ms: int
    business_date: str
    amount: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What one person did on one business day; ``beyond`` the house's limit."""

    by: str
    business_date: str
    incidents: tuple[Incident, ...]
    beyond: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """A drawer's count at its closing; ``beyond`` the house's limit."""

    incident: Incident
    beyond: bool


@dataclass(frozen=True, slots=True)
class Anomalies:
    """The anomalies of a period, newest first, and the limits that mark them."""

    limits: CashLimits
    counts: tuple[Counted, ...]
    no_sales: tuple[Group, ...]
    voids: tuple[Group, ...]


def cash_limits(journal: Journal) -> CashLimits:
    """Return the house's limits."""
    found: CashLimits = journal.state("limits:it")
    return found


def anomalies(journal: Journal, found: Sales, period: Period) -> Anomalies:
    """Return what happened in a period, within the limits or beyond."""
    limits = cash_limits(journal)
    drawers: list[Drawer] = journal.states("drawer")
    here = [one for one in drawers if period.first <= one.business_date <= period.last]
    counts = sorted((one for drawer in here for one in _over_short(drawer)), key=_newest)
    return Anomalies(
        limits,
        tuple(Counted(one, abs(one.amount) > limits.over_short) for one in counts),
        _grouped([one for drawer in here for one in _no_sales(drawer)], limits.no_sales),
        _grouped(list(_late_voids(journal, found, period)), limits.voids),
    )


def _newest(one: Incident) -> tuple[int, str]:
    return -one.at_ms, one.of


def _over_short(drawer: Drawer) -> Iterator[Incident]:
    for one in drawer.closings:
        if one.over:
            yield Incident(
                drawer.id, drawer.name, one.by, one.at_ms, drawer.business_date, one.over
            )


def _no_sales(drawer: Drawer) -> Iterator[Incident]:
    for one in drawer.no_sales:
        yield Incident(
            drawer.id, drawer.name, one.by, one.at_ms, drawer.business_date, reason=one.reason
        )


def _late_voids(journal: Journal, found: Sales, period: Period) -> Iterator[Incident]:
    """Yield the lines taken off after the check's bill or receipt was asked for on paper."""
    cuts = [sales.loss(kind, sales.BY) for kind in LATE_KINDS]
    checks = {
        check.id: check
        for cut in cuts
        for person in found.slices(cut, period)
        for check, _part in found.checks(cut, person.key, period)
    }
    for check in checks.values():
        record: Tickets = journal.state(f"tickets:{check.id}")
        printed = [one.at_ms for one in record.requests if one.what == RECEIPT]
        if printed:
            yield from _after(check, journal.events(f"check:{check.id}"), min(printed))


def _after(check: Check, events: Sequence[ev.Event], printed_ms: int) -> Iterator[Incident]:
    for one in sales.losses(check, events):
        if one.kind in LATE_KINDS and one.at_ms >= printed_ms:
            yield Incident(
                check.id,
                check.number,
                one.by,
                one.at_ms,
                check.business_date,
                one.amount,
                one.reason,
            )


def _grouped(found: Sequence[Incident], limit: int) -> tuple[Group, ...]:
    groups: dict[tuple[str, str], list[Incident]] = {}
    for one in sorted(found, key=_newest):
        groups.setdefault((one.business_date, one.by), []).append(one)
    return tuple(
        Group(by, day, tuple(those), len(those) > limit) for (day, by), those in groups.items()
    )
