"""The fold of a check's payments: money that moved stays, whatever else happened."""

from collections.abc import Sequence
from dataclasses import replace

from comptoir.domain import events as ev
from comptoir.domain.fold_money import with_facts
from comptoir.domain.payment import CANCELLED, INTENDED, TAKEN, Payment


def fold_payments(events: Sequence[ev.Event]) -> tuple[Payment, ...]:
    """Fold the payments of a check, in the order in which they were first heard of."""
    payments: dict[str, Payment] = {}
    for event in events:
        _pay(payments, event)
    return tuple(with_facts(payments, events).values())


def _pay(payments: dict[str, Payment], event: ev.Event) -> None:
    where, who = event.envelope.terminal, event.envelope.actor
    match event.body:
        case ev.PaymentIntended(payment=name) as body:
            intended = Payment(
                name,
                body.tender,
                body.amount,
                terminal=where,
                taken_by=who,
                part=body.part,
                settles=body.settles,
            )
            payments.setdefault(name, intended)
        case ev.PaymentTaken(payment=name) as body:
            payments[name] = Payment(
                name,
                body.tender,
                body.amount,
                TAKEN,
                body.tendered,
                body.change,
                where,
                who,
                body.part,
                body.settles,
                body.together,
            )
        case ev.PaymentCancelled(payment=name):
            old = payments.get(name)
            if old is not None and old.status == INTENDED:
                payments[name] = replace(old, status=CANCELLED)
        case _:
            pass
