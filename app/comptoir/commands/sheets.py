"""Sheets of money on paper: X, Z, a drawer's count, a waiter's cash-out, an account paid off."""

from dataclasses import dataclass

from comptoir.commands import queries, receipts
from comptoir.commands.business_day import business_date
from comptoir.commands.desk import SERVICE, TILLS, Command, Desk, handles, need_role
from comptoir.commands.reports import drawer_report, terminal_x, terminal_zs
from comptoir.domain import events as ev
from comptoir.domain.accounts import Account
from comptoir.domain.errors import AmountRefused, DayRefused
from comptoir.domain.house import Terminal
from comptoir.domain.paper import sheet
from comptoir.domain.paper.receipt import Head
from comptoir.domain.paper.rows import Paper
from comptoir.domain.paper.words import language
from comptoir.domain.printing import PlanRefused, Printing
from comptoir.domain.tickets import SHEET, Ticket, Tickets
from comptoir.journal import Journal, Writing

X, Z, DRAWER, PAID = "x", "z", "drawer", "paid"
KINDS = (X, Z, DRAWER, PAID)
SHEETS_MAX = 200


@dataclass(frozen=True, slots=True)
class PrintSheet(Command):
    """Print a sheet on this terminal's receipt printer: ``x``, ``z``, ``drawer`` or ``paid``.

    ``of`` is a terminal, a terminal and the number of its close (``t1/12``), a drawer, or a
    payment and the house account that it paid off.
    """

    what: str
    of: str


@handles(PrintSheet, SERVICE)
def print_sheet(command: PrintSheet, writing: Writing, desk: Desk) -> None:
    """Ask for it, once it is known and may be seen; people may print their own wallet's."""
    journal, subject = desk.log.journal, f"{command.what}/{command.of}"
    plan: Printing = writing.state("printing:it")
    plan.for_receipt(desk.log.terminal)
    own = command.what == DRAWER and writing.state(f"drawer:{command.of}").owner
    if not own or own != writing.stamp.actor:
        need_role(writing, TILLS, "Printing this sheet")
    compose(journal, subject, desk.clock.now_ms(), copy=False)
    record: Tickets = writing.state(f"tickets:{subject}")
    if len(record.requests) >= SHEETS_MAX:
        raise PlanRefused(f"This was asked for {SHEETS_MAX} times already. Look at the printer.")
    writing.append(ev.TicketRequested(subject, command.id, SHEET))


def paper(journal: Journal, ticket: Ticket, *, duplicate: bool) -> Paper:
    """Return a sheet; of a Z, a drawer or a payment, every one but the first is a copy."""
    record: Tickets = journal.state(f"tickets:{ticket.check}")
    again = any(one.at_ms < ticket.at_ms for one in record.requests)
    copy = duplicate or (again and not ticket.check.startswith(f"{X}/"))
    return compose(journal, ticket.check, ticket.at_ms, copy=copy)


def compose(journal: Journal, subject: str, at_ms: int, *, copy: bool) -> Paper:
    """Return the sheet of a subject; raises a DomainError when there is no such thing."""
    what, _, of = subject.partition("/")
    if what not in KINDS:
        raise AmountRefused(f"There is no sheet {what!r}; use {', '.join(KINDS)}.")
    house = queries.restaurant(journal)
    head = Head(
        house=house.name,
        currency=house.currency,
        time=receipts.written(at_ms, house.timezone),
        language=language(house.languages[0]),
        copy=copy,
    )
    return _COMPOSERS[what](journal, of, head, at_ms)


def _x(journal: Journal, of: str, head: Head, at_ms: int) -> Paper:
    today = business_date(at_ms, queries.restaurant(journal))
    report = terminal_x(journal, of, today)
    ranges = tuple(f"{one.terminal}/{one.epoch} {one.first}-{one.last}" for one in report.vector)
    extent = sheet.Extent(ranges, report.late, report.late_amount)
    return sheet.day(f"X · {_place(journal, of)} · {report.date}", head, report.figures, extent)


def _z(journal: Journal, of: str, head: Head, at_ms: int) -> Paper:
    del at_ms
    terminal, _, which = of.partition("/")
    closes = terminal_zs(journal, terminal)
    if not (which.isdecimal() and 0 < int(which[:9]) <= len(closes)):
        raise DayRefused(f"{terminal} has {len(closes)} closed days. Look at their list.")
    close = closes[int(which) - 1]
    ranges = tuple(f"{terminal}/{one.epoch} {one.first}-{one.last}" for one in close.ranges)
    extent = sheet.Extent(
        ranges, close.late, close.late_amount, close.open_checks, close.open_drawers
    )
    title = f"Z {close.number} · {_place(journal, terminal)} · {close.date}"
    return sheet.day(title, head, close.figures, extent)


def _drawer(journal: Journal, of: str, head: Head, at_ms: int) -> Paper:
    del at_ms
    report = drawer_report(journal, of)
    one = report.drawer
    closing = one.closings[0] if one.closings else None
    title = f"Z {closing.number} · {one.name}" if closing else one.name
    expected = closing.expected if closing else 0
    held = sheet.Held(report.tenders, expected, report.declared)
    return sheet.drawer(title, head, one, held)


def _paid(journal: Journal, of: str, head: Head, at_ms: int) -> Paper:
    del at_ms
    payment, _, name = of.partition("/")
    account: Account = journal.state(f"account:{name}")
    charge = account.paid(payment)
    if charge is None:
        raise AmountRefused("Nothing was paid off like this. Look at the account.")
    return sheet.paid_off(head, account, charge)


def _place(journal: Journal, name: str) -> str:
    terminal: Terminal = journal.state(f"terminal:{name}")
    return terminal.card.name if terminal.card else name


_COMPOSERS = {X: _x, Z: _z, DRAWER: _drawer, PAID: _paid}
