"""Giving money back: what was paid twice, and what goods cost that came back."""

from collections import Counter
from dataclasses import dataclass, replace

from comptoir.commands.bills import known
from comptoir.commands.desk import SERVICE, Command, Desk, handles, need_manager
from comptoir.commands.fiscal import state_sale
from comptoir.commands.payments import payment_of
from comptoir.commands.tills import drawer_here
from comptoir.domain import events as ev
from comptoir.domain.check import TAKEN, Check, Payment
from comptoir.domain.errors import AmountRefused, LineNotFound
from comptoir.domain.payment import ReturnedLine
from comptoir.domain.returns import came_back, remaining
from comptoir.domain.tender import TENDERS
from comptoir.journal import Writing

REASON_CHARACTERS_MAX = 200


@dataclass(frozen=True, slots=True)
class RefundPayment(Command):
    """Give back money of a payment; by its own tender unless another is said."""

    check: str
    refund: str
    payment: str
    amount: int
    reason: str
    tender: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class ReturnGoods(Command):
    """Take lines of a paid check back and give back what they cost, taxes and all."""

    check: str
    refund: str
    payment: str
    lines: tuple[ReturnedLine, ...]
    reason: str
    tender: str = ""
    reference: str = ""


@handles(RefundPayment, SERVICE)
def refund(command: RefundPayment, writing: Writing, desk: Desk) -> None:
    """Write a refund; more than was paid too much needs a manager."""
    check = known(writing, command.check)
    payment = _taken(check, command.payment)
    if not 0 < command.amount <= payment.kept:
        raise AmountRefused(f"{payment.kept} of this payment is left to give back, not more.")
    if command.amount > -check.due:
        need_manager(writing, "Giving back what is owed")
    writing.append(_fact(command, payment, command.amount, drawer_here(writing, desk)))
    state_sale(writing, desk, check.id)


@handles(ReturnGoods, SERVICE)
def take_back(command: ReturnGoods, writing: Writing, desk: Desk) -> None:
    """Write a return of goods; it needs a manager."""
    check = known(writing, command.check)
    need_manager(writing, "Taking goods back")
    payment = _taken(check, command.payment)
    amount = worth(check, command.lines)
    if not 0 < amount <= sum(one.amount - one.refunded for one in check.payments):
        raise AmountRefused(f"Check {check.number} was not paid that much; nothing to give back.")
    fact = _fact(command, payment, amount, drawer_here(writing, desk))
    writing.append(replace(fact, goods=amount, returned=command.lines))
    state_sale(writing, desk, check.id)


def worth(check: Check, lines: tuple[ReturnedLine, ...]) -> int:
    """Return what lines that come back cost, taxes and discounts in; raises what refuses them."""
    gone = came_back(check)
    more = _returned(check, gone, lines)
    return remaining(check, gone).total - remaining(check, gone + more).total


def _returned(check: Check, gone: Counter[str], lines: tuple[ReturnedLine, ...]) -> Counter[str]:
    sold = {line.id: line.qty_milli for line in check.live_lines}
    more: Counter[str] = Counter()
    for one in lines:
        more[one.line] += one.qty_milli
        if one.line not in sold:
            raise LineNotFound(one.line, check.number)
        if one.qty_milli <= 0 or more[one.line] + gone[one.line] > sold[one.line]:
            raise AmountRefused(f"Line {one.line} was not sold that often; count again.")
    return more


def _taken(check: Check, name: str) -> Payment:
    payment = payment_of(check, name)
    if payment.status != TAKEN:
        raise AmountRefused("This payment was not taken; there is nothing to give back.")
    return payment


def _fact(
    command: RefundPayment | ReturnGoods, payment: Payment, amount: int, drawer: str
) -> ev.PaymentRefunded:
    tender = command.tender or payment.tender
    if tender not in TENDERS:
        raise AmountRefused(f"{tender!r} is no tender here; use {', '.join(TENDERS)}.")
    if not command.reason.strip():
        raise AmountRefused("Say why money is given back.")
    return ev.PaymentRefunded(
        command.check,
        command.refund,
        payment.id,
        tender,
        amount,
        command.reason.strip()[:REASON_CHARACTERS_MAX],
        reference=command.reference.strip()[:REASON_CHARACTERS_MAX],
        drawer=drawer,
        account=payment.account if tender == payment.tender else "",
    )
