"""The fold of a check: lines unite, void beats edit, the kitchen's most advanced status wins."""

from collections.abc import Sequence
from dataclasses import replace

from comptoir.domain import events as ev
from comptoir.domain.check import CANCELLED, FIRED, INTENDED, PROGRESS, TAKEN, Check, Line, Payment
from comptoir.domain.hlc import milliseconds


def fold_check(check: str, events: Sequence[ev.Event]) -> Check:
    """Fold a check; facts about a line whose addition has not arrived yet wait for it."""
    lines = {
        event.body.line: _line(event, event.body)
        for event in events
        if isinstance(event.body, ev.LineAdded)
    }
    payments: dict[str, Payment] = {}
    state = Check(check)
    for event in events:
        state = _opened(state, event)
        _edit(lines, event)
        _pay(payments, event)
    return replace(
        state,
        lines=tuple(lines.values()),
        payments=tuple(payments.values()),
        changed_ms=milliseconds(events[-1].envelope.hlc) if events else 0,
        newer_version=any(event.body is None for event in events),
    )


def _line(event: ev.Event, body: ev.LineAdded) -> Line:
    return Line(
        body.line,
        body.item,
        body.names,
        body.qty_milli,
        body.unit_price,
        body.modifiers,
        body.taxes,
        body.station,
        body.course,
        body.note,
        added_by=event.envelope.actor,
    )


def _opened(state: Check, event: ev.Event) -> Check:
    body, envelope = event.body, event.envelope
    if not isinstance(body, ev.CheckOpened) or state.number:
        return state
    return replace(
        state,
        number=body.number,
        order_type=body.order_type,
        table=body.table,
        covers=body.covers,
        server=envelope.actor,
        business_date=envelope.business_date,
        terminal=envelope.terminal,
        opened_ms=milliseconds(envelope.hlc),
    )


def _edit(lines: dict[str, Line], event: ev.Event) -> None:
    match event.body:
        case ev.LineQtySet(line=line, qty_milli=qty) if line in lines:
            lines[line] = replace(lines[line], qty_milli=qty)
        case ev.LineVoided(line=line, reason=reason) if line in lines:
            if not lines[line].voided:
                lines[line] = replace(lines[line], voided=True, void_reason=reason)
        case ev.LinesFired(lines=fired):
            _advance(lines, fired, FIRED, milliseconds(event.envelope.hlc))
        case ev.LinesBumped(lines=bumped, status=status):
            _advance(lines, bumped, status, 0)
        case _:
            pass


def _advance(lines: dict[str, Line], names: Sequence[str], status: str, fired_ms: int) -> None:
    for name in names:
        line = lines.get(name)
        if line is None or status not in PROGRESS:
            continue
        fired = line.fired_ms or fired_ms
        if PROGRESS.index(status) > PROGRESS.index(line.status):
            lines[name] = replace(line, status=status, fired_ms=fired)


def _pay(payments: dict[str, Payment], event: ev.Event) -> None:
    where, who = event.envelope.terminal, event.envelope.actor
    match event.body:
        case ev.PaymentIntended(payment=name, tender=tender, amount=amount):
            intended = Payment(name, tender, amount, terminal=where, taken_by=who)
            payments.setdefault(name, intended)
        case ev.PaymentTaken(payment=name, tender=tender, amount=amount, tendered=got, change=back):
            payments[name] = Payment(name, tender, amount, TAKEN, got, back, where, who)
        case ev.PaymentCancelled(payment=name):
            old = payments.get(name)
            if old is not None and old.status == INTENDED:
                payments[name] = replace(old, status=CANCELLED)
        case _:
            pass
