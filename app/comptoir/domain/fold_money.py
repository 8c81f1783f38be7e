"""The fold of what is said about payments later: answers, tips, refunds, where and when."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from comptoir.domain import events as ev
from comptoir.domain.hlc import milliseconds
from comptoir.domain.payment import (
    CANCELLED,
    INTENDED,
    NO,
    TAKEN,
    YES,
    Answer,
    Payment,
    Refund,
)


def with_facts(payments: Mapping[str, Payment], events: Sequence[ev.Event]) -> dict[str, Payment]:
    """Return the payments with everything that was said about them."""
    known = dict(payments)
    for event in events:
        body = event.body
        if isinstance(body, ev.PaymentAnswered):
            known.setdefault(body.payment, _of_answer(event, body))
        elif isinstance(body, ev.PaymentRefunded):
            unheard = Payment(body.payment, body.tender, 0, CANCELLED)
            known.setdefault(body.payment, unheard)
    for event in events:
        name = getattr(event.body, "payment", None)
        note = _NOTES.get(type(event.body))
        if note is not None and name in known:
            known[name] = note(known[name], event, event.body)
    return {name: _judged(payment) for name, payment in known.items()}


def _of_answer(event: ev.Event, body: ev.PaymentAnswered) -> Payment:
    """Return an intent that is known only because somebody answered for it."""
    return Payment(
        body.payment,
        body.tender,
        body.amount,
        terminal=event.envelope.terminal,
        tip=body.tip,
        drawer=body.drawer,
        account=body.account,
    )


def _intended(payment: Payment, event: ev.Event, body: ev.PaymentIntended) -> Payment:
    told = replace(
        payment,
        intended_ms=payment.intended_ms or milliseconds(event.envelope.hlc),
        drawer=payment.drawer or body.drawer,
        account=payment.account or body.account,
    )
    settled = payment.status == TAKEN or payment.answers
    return told if settled else replace(told, tip=body.tip)


def _taken(payment: Payment, event: ev.Event, body: ev.PaymentTaken) -> Payment:
    return replace(
        payment,
        tip=body.tip,
        rounding=body.rounding,
        reference=body.reference,
        drawer=body.drawer or payment.drawer,
        account=body.account or payment.account,
        taken_ms=milliseconds(event.envelope.hlc),
        takes=payment.takes + 1,
    )


def _answered(payment: Payment, event: ev.Event, body: ev.PaymentAnswered) -> Payment:
    envelope = event.envelope
    answer = Answer(body.received, envelope.actor, envelope.terminal, milliseconds(envelope.hlc))
    first_yes = body.received == YES and YES not in {one.received for one in payment.answers}
    if first_yes and payment.status != TAKEN:
        payment = replace(payment, tender=body.tender, amount=body.amount, tip=body.tip)
    return replace(payment, answers=(*payment.answers, answer))


def _tipped(payment: Payment, event: ev.Event, body: ev.TipSet) -> Payment:
    del event
    return replace(payment, tip=body.tip, tip_changes=payment.tip_changes + 1)


def _refunded(payment: Payment, event: ev.Event, body: ev.PaymentRefunded) -> Payment:
    if any(refund.id == body.refund for refund in payment.refunds):
        return payment
    envelope = event.envelope
    refund = Refund(
        body.refund,
        body.tender,
        body.amount,
        body.goods,
        body.returned,
        body.reason,
        envelope.actor,
        envelope.terminal,
        milliseconds(envelope.hlc),
    )
    return replace(payment, refunds=(*payment.refunds, refund))


_NOTES: Mapping[type, Callable[[Payment, ev.Event, object], Payment]] = {
    ev.PaymentIntended: _intended,  # type: ignore[dict-item]  # each takes the body it is filed under
    ev.PaymentTaken: _taken,  # type: ignore[dict-item]
    ev.PaymentAnswered: _answered,  # type: ignore[dict-item]
    ev.TipSet: _tipped,  # type: ignore[dict-item]
    ev.PaymentRefunded: _refunded,  # type: ignore[dict-item]
}


def _judged(payment: Payment) -> Payment:
    """Return the payment with its status: taken by itself, by a yes, or not by a no."""
    said = {answer.received: answer for answer in reversed(payment.answers)}
    if payment.status == TAKEN:
        return replace(payment, disputed=NO in said)
    if YES in said:
        return replace(
            payment,
            status=TAKEN,
            tendered=payment.with_tip,
            taken_by=payment.taken_by or said[YES].by,
            taken_ms=said[YES].at_ms,
            disputed=NO in said,
        )
    if NO in said and payment.status == INTENDED:
        return replace(payment, status=CANCELLED)
    return payment
