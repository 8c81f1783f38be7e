"""Operations of a service: sign in, floor, checks, payments, kitchen."""

from http import HTTPStatus

from flask import request

from comptoir.commands import (
    AddLine,
    Bump,
    CancelPayment,
    Command,
    Fire,
    IntendPayment,
    OpenCheck,
    Recall,
    SetQuantity,
    TakePayment,
    VoidLine,
    queries,
)
from comptoir.domain.check import FIRED
from comptoir.web import approvals, sessions
from comptoir.web.api import answers, bodies
from comptoir.web.api.bill_bodies import Fired
from comptoir.web.api.caller import ask_money, carry_out, command_id
from comptoir.web.api.operation import Access, Query, Registry
from comptoir.web.screens import kitchen as kitchen_screen
from comptoir.web.screens.floor import state_of
from comptoir.web.screens.sign_in import token_for, whose
from comptoir.web.services import services

service = Registry("service")


@service.commands(
    "/sessions",
    answers.SessionView,
    body=bodies.SignIn,
    access=Access.OPEN,
    command=False,
    status=HTTPStatus.CREATED,
)
def sign_in(body: bodies.SignIn) -> answers.SessionView:
    """Sign in with a PIN or a badge; wrong ones slow the next tries down."""
    person = whose(body.pin or "", body.staff, body.badge or "")
    expires = services().clock.now_ms() + sessions.LIFE_MS
    return answers.SessionView(token_for(person), expires, answers.staff(person))


@service.commands(
    "/approvals",
    answers.ApprovalView,
    body=bodies.Approved,
    command=False,
    status=HTTPStatus.CREATED,
)
def approve(body: bodies.Approved) -> answers.ApprovalView:
    """Let a manager approve one command of whoever is signed in, by PIN or badge."""
    person = whose(body.pin or "", body.staff, body.badge or "")
    approval = approvals.issue(person, body.command)
    token = approvals.token(approval)
    return answers.ApprovalView(token, approval.expires, answers.staff(person))


@service.reads("/staff", answers.StaffList)
def list_staff() -> answers.StaffList:
    """List who may sign in."""
    people = queries.staff(services().journal)
    return answers.StaffList(tuple(answers.staff(person) for person in people))


@service.reads("/floor", answers.FloorView)
def read_floor() -> answers.FloorView:
    """Read every table with its open checks."""
    journal = services().journal
    tables: dict[str, list[answers.TableView]] = {}
    names: dict[str, str] = {}
    seen: set[str] = set()
    for one in queries.floor(journal):
        names[one.area.id] = one.area.name
        seen.add(one.table.id)
        checks = tuple(answers.check(check) for check in one.checks)
        table = answers.TableView(
            one.table.id, one.table.label, one.table.seats, state_of(one.checks), checks
        )
        tables.setdefault(one.area.id, []).append(table)
    rest = (check for check in queries.open_checks(journal) if check.table not in seen)
    return answers.FloorView(
        tuple(answers.AreaView(area, names[area], tuple(its)) for area, its in tables.items()),
        tuple(answers.check(check) for check in rest),
    )


@service.reads("/checks", answers.Checks)
def list_checks() -> answers.Checks:
    """List the open checks."""
    checks = queries.open_checks(services().journal)
    return answers.Checks(tuple(answers.check(check) for check in checks))


@service.reads("/checks/<check>", answers.CheckView)
def read_check(check: str) -> answers.CheckView:
    """Read a check, open or paid."""
    return answers.check(queries.check(services().journal, check))


def on_check(command: Command, check: str) -> answers.Done:
    """Carry out a command and answer with the check as it is then."""
    outcome, safety = carry_out(command)
    now = queries.check(services().journal, check, outcome.states)
    return answers.done(outcome, safety, now)


@service.commands("/checks", answers.Done, body=bodies.NewCheck, status=HTTPStatus.CREATED)
def open_check(body: bodies.NewCheck) -> answers.Done:
    """Open a check."""
    command = OpenCheck(command_id(), body.check, body.order_type, body.table, body.covers)
    return on_check(command, body.check)


@service.commands(
    "/checks/<check>/lines", answers.Done, body=bodies.NewLine, status=HTTPStatus.CREATED
)
def add_line(check: str, body: bodies.NewLine) -> answers.Done:
    """Add an item to a check."""
    command = AddLine(
        command_id(),
        check,
        body.line,
        body.item,
        body.qty_milli,
        body.modifiers,
        body.note,
        body.variant,
        body.price,
        body.seats,
        body.course,
    )
    return on_check(command, check)


@service.commands("/checks/<check>/lines/<line>/quantity", answers.Done, body=bodies.NewQuantity)
def set_quantity(check: str, line: str, body: bodies.NewQuantity) -> answers.Done:
    """Change the quantity of a line that was not sent."""
    return on_check(SetQuantity(command_id(), check, line, body.qty_milli), check)


@service.commands("/checks/<check>/lines/<line>/void", answers.Done, body=bodies.Reason)
def void_line(check: str, line: str, body: bodies.Reason) -> answers.Done:
    """Void a line; one that was sent needs a reason."""
    return on_check(VoidLine(command_id(), check, line, body.reason), check)


@service.commands("/checks/<check>/fire", answers.Done, body=Fired)
def fire(check: str, body: Fired) -> answers.Done:
    """Send to the kitchen what waits, or the named lines, or a course."""
    return on_check(Fire(command_id(), check, body.lines, body.course), check)


@service.commands("/checks/<check>/bump", answers.Done, body=bodies.Bumped)
def bump(check: str, body: bodies.Bumped) -> answers.Done:
    """Mark lines as ready or served."""
    return on_check(Bump(command_id(), check, body.lines, body.status), check)


@service.commands("/checks/<check>/recall", answers.Done, body=bodies.Recalled)
def recall(check: str, body: bodies.Recalled) -> answers.Done:
    """Call bumped lines back to the kitchen's screen."""
    return on_check(Recall(command_id(), check, body.lines), check)


@service.commands(
    "/checks/<check>/payments", answers.Done, body=bodies.NewPayment, status=HTTPStatus.CREATED
)
def intend_payment(check: str, body: bodies.NewPayment) -> answers.Done:
    """Write down that money is about to be taken, before asking for it."""
    command = IntendPayment(
        command_id(),
        check,
        body.payment,
        body.tender,
        body.amount,
        body.tip,
        body.account,
        body.drawer,
        body.part,
    )
    outcome, safety = ask_money(command)
    return answers.done(outcome, safety, queries.check(services().journal, check))


@service.commands("/checks/<check>/payments/<payment>/take", answers.Done, body=bodies.Taken)
def take_payment(check: str, payment: str, body: bodies.Taken) -> answers.Done:
    """Write down that the money was taken; the answer says the change."""
    command = TakePayment(command_id(), check, payment, body.tendered, body.tip, body.reference)
    return on_check(command, check)


@service.commands("/checks/<check>/payments/<payment>/cancel", answers.Done, body=bodies.Reason)
def cancel_payment(check: str, payment: str, body: bodies.Reason) -> answers.Done:
    """Write down that an intended payment did not happen."""
    return on_check(CancelPayment(command_id(), check, payment, body.reason), check)


@service.reads("/kitchen", answers.Kitchen, query=(Query("station", "only this station's dishes"),))
def read_kitchen() -> answers.Kitchen:
    """Read what the kitchen has to cook, oldest first."""
    station = request.args.get("station", "")[:64]
    return answers.Kitchen(
        tuple(
            answers.TicketView(
                ticket.check.id,
                ticket.check.number,
                ticket.label,
                ticket.check.order_type,
                ticket.fired_ms,
                tuple(
                    answers.line(line, ticket.check) for row in ticket.rows for line in row.lines
                ),
            )
            for ticket in kitchen_screen.tickets(FIRED, station)
        )
    )


def _lines(ticket: kitchen_screen.Ticket) -> tuple[answers.LineView, ...]:
    return tuple(answers.line(line, ticket.check) for row in ticket.rows for line in row.lines)
