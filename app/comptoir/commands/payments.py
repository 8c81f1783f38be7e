"""Taking money: the intent is written first, so that no money moves without a trace."""

from dataclasses import dataclass

from comptoir.commands.bills import known, unpaid
from comptoir.commands.claims import require_free
from comptoir.commands.desk import SERVICE, Command, Desk, handles
from comptoir.commands.fiscal import state_sale
from comptoir.commands.offline import taken_away
from comptoir.commands.tendered import TENDERED_MAX, handed_over, typed
from comptoir.commands.tills import drawer_here, open_drawer
from comptoir.commands.transfers import square
from comptoir.domain import events as ev
from comptoir.domain.check import INTENDED, TAKEN, Check, Payment
from comptoir.domain.errors import AmountRefused, PaymentAnsweredElsewhere, PaymentNotFound
from comptoir.domain.payment import ASK, NO, YES
from comptoir.domain.tender import CASH, TENDERS, Tender
from comptoir.journal import Writing

__all__ = ["CASH", "AnswerPayment", "CancelPayment", "IntendPayment", "SetTip", "TakePayment"]


@dataclass(frozen=True, slots=True)
class IntendPayment(Command):
    """Say that ``amount`` (minor units) is about to be taken, and a ``tip`` on top of it.

    ``account`` names a house account; ``drawer`` a drawer other than the person's own; ``part``
    the part of a split check that it is for.
    """

    check: str
    payment: str
    tender: str
    amount: int
    tip: int = 0
    account: str = ""
    drawer: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class TakePayment(Command):
    """Say that the money of an intended payment was taken; ``tendered`` is what was handed over.

    ``reference`` is what stands on the slip of a card or a cheque; a ``tip`` not said is the
    intended one.
    """

    check: str
    payment: str
    tendered: int
    tip: int | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class CancelPayment(Command):
    """Say that an intended payment did not happen."""

    check: str
    payment: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AnswerPayment(Command):
    """Say of money that a dead terminal meant to take: received ``yes``, ``no``, or ``ask``."""

    check: str
    payment: str
    received: str


@dataclass(frozen=True, slots=True)
class SetTip(Command):
    """Change the tip of a payment that was taken, as the guest wrote it on the slip."""

    check: str
    payment: str
    tip: int


@handles(IntendPayment, SERVICE)
def intend(command: IntendPayment, writing: Writing, desk: Desk) -> None:
    """Write the intent, at most for what is due."""
    check = unpaid(writing, command.check)
    tender = _tender(command.tender)
    part = check.part(command.part) if command.part else None
    due = part.due if part else check.due
    if not 0 < command.amount <= due:
        raise AmountRefused(f"Check {check.number} owes {due} here; take that or less.")
    if tender.account and not command.account.strip():
        raise AmountRefused("Say whose account this goes on.")
    wanted = Payment(
        command.payment,
        tender.id,
        command.amount,
        taken_by=writing.stamp.actor,
        part=command.part,
    )
    require_free(writing.state, desk, check, wanted)
    drawer = command.drawer and open_drawer(writing, command.drawer).id
    away = taken_away(writing, desk, command.amount + command.tip) if tender.asks else ""
    writing.append(
        ev.PaymentIntended(
            command.check,
            command.payment,
            tender.id,
            command.amount,
            tip=_tip(command.tip),
            account=typed(command.account) if tender.account else "",
            drawer=drawer or drawer_here(writing, desk),
            part=command.part,
            settles=part.total if part and command.amount == due else 0,
            away=away,
        )
    )


def _tender(name: str) -> Tender:
    if name not in TENDERS:
        raise AmountRefused(f"{name!r} is no tender here; use {', '.join(TENDERS)}.")
    return TENDERS[name]


def _tip(tip: int) -> int:
    if not 0 <= tip <= TENDERED_MAX:
        raise AmountRefused("A tip is not less than nothing. Type it again.")
    return tip


@handles(TakePayment, SERVICE)
def take(command: TakePayment, writing: Writing, desk: Desk) -> None:
    """Write that the money was taken, and the change given."""
    check = known(writing, command.check)
    payment = _intended(check, command.payment)
    tender = _tender(payment.tender)
    tip = payment.tip if command.tip is None else _tip(command.tip)
    rounding = check.cash_rounding(payment) if tender.id == CASH else 0
    asked = payment.amount + rounding + tip
    change, reference = handed_over(
        tender, asked, command.tendered, command.reference, hint="; type a tip apart"
    )
    writing.append(
        ev.PaymentTaken(
            command.check,
            payment.id,
            payment.tender,
            payment.amount,
            command.tendered,
            change,
            tip=tip,
            rounding=rounding,
            reference=reference,
            account=payment.account,
            drawer=payment.drawer,
            part=payment.part,
            settles=payment.settles,
            together=tuple(one.id for one in check.members),
        )
    )
    square(writing, command.check)
    state_sale(writing, desk, command.check)


@handles(CancelPayment, SERVICE)
def cancel(command: CancelPayment, writing: Writing, desk: Desk) -> None:
    """Write that nothing was taken."""
    del desk
    payment = _intended(known(writing, command.check), command.payment)
    writing.append(ev.PaymentCancelled(command.check, payment.id, command.reason))


@handles(AnswerPayment, SERVICE)
def answer(command: AnswerPayment, writing: Writing, desk: Desk) -> None:
    """Write what somebody says about money that a terminal meant to take before it died."""
    if command.received not in {YES, NO, ASK}:
        raise AmountRefused(f"{command.received!r} is no answer; say yes, no or ask.")
    payment = _intended(known(writing, command.check), command.payment)
    if payment.terminal == desk.log.terminal:
        raise AmountRefused("It was meant to be taken here: take it, or call it off.")
    writing.append(
        ev.PaymentAnswered(
            command.check,
            payment.id,
            command.received,
            payment.tender,
            payment.amount,
            payment.tip,
            payment.drawer,
            payment.account,
        )
    )
    state_sale(writing, desk, command.check)


@handles(SetTip, SERVICE)
def set_tip(command: SetTip, writing: Writing, desk: Desk) -> None:
    """Write the tip; the last one written counts."""
    del desk
    payment = payment_of(known(writing, command.check), command.payment)
    if payment.status != TAKEN:
        raise AmountRefused("This payment was not taken; it has no tip.")
    writing.append(
        ev.TipSet(
            command.check,
            payment.id,
            _tip(command.tip),
            payment.tip,
            payment.drawer,
            payment.account,
        )
    )


def payment_of(check: Check, name: str) -> Payment:
    """Return a payment of a check; raises PaymentNotFound."""
    for payment in check.payments:
        if payment.id == name:
            return payment
    raise PaymentNotFound(name)


def _intended(check: Check, name: str) -> Payment:
    payment = payment_of(check, name)
    if payment.status == INTENDED:
        return payment
    if payment.answers:
        last = payment.answers[-1]
        raise PaymentAnsweredElsewhere(last.received, last.by, last.terminal)
    raise PaymentNotFound(name)
