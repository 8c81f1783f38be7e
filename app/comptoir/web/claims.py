"""Before money is asked for: every living terminal has said that nobody there takes it.

The intent is on disk here, and no terminal that stored it lets another be written for the same
money. What one wrote before it heard is here by the time it has answered: of two that crossed, the
earlier goes on and the later is called off, at both ends alike.
"""

from collections.abc import Callable, Sequence
from functools import partial

from comptoir.commands import CancelPayment, Command, IntendPayment, queries
from comptoir.commands.accounts import CancelAccountPayment, IntendAccountPayment
from comptoir.commands.claims import place_of, require_free
from comptoir.commands.payments import payment_of
from comptoir.domain.accounts import Account
from comptoir.domain.check import CANCELLED, INTENDED, Check, Payment
from comptoir.domain.errors import BeingPaid, NobodyAnswered, PaymentNotFound
from comptoir.domain.events import Event
from comptoir.web.services import Services

ANSWER_MS = 3000  # who is cut off meanwhile is known to be away by then
Intent = IntendPayment | IntendAccountPayment


def hold(
    s: Services, command: Intent, events: Sequence[Event], call_off: Callable[[Command], object]
) -> None:
    """Wait until nobody else can be taking the money of an intent just written.

    Else the intent is called off, and BeingPaid or NobodyAnswered raised. With nobody alive there
    is nothing to wait for.
    """
    own = [event for event in events if event.envelope.terminal == s.identity.terminal]
    silent = s.safety.unanswered(own[-1], ANSWER_MS) if own else ()
    owing, payment, cancel = _look(s, command)
    try:
        _settle(s, owing, payment, silent)
    except (BeingPaid, NobodyAnswered) as refusal:
        if payment.status == INTENDED:
            call_off(cancel(f"{command.id}-off", reason=refusal.code))
        raise


def _look(s: Services, command: Intent) -> tuple[Check | Account, Payment, Callable[..., Command]]:
    """Return what is to be paid, the payment as it stands now, and what calls it off."""
    name = command.payment
    if isinstance(command, IntendPayment):
        check = queries.check(s.journal, command.check)
        off = partial(CancelPayment, check=check.id, payment=name)
        return check, payment_of(check, name), off
    account: Account = s.journal.state(f"account:{command.account}")
    found = account.payment(name)
    if found is None:
        raise PaymentNotFound(name)
    return account, found, partial(CancelAccountPayment, account=account.name, payment=name)


def _settle(s: Services, owing: Check | Account, payment: Payment, silent: Sequence[str]) -> None:
    state = s.journal.state
    if payment.status in {INTENDED, CANCELLED}:
        require_free(state, s.desk, owing, payment)
    if payment.status == CANCELLED:  # asked again, after it was called off
        raise PaymentNotFound(payment.id)
    if silent:
        raise NobodyAnswered(", ".join(place_of(state, peer) for peer in silent))
