"""The fold of a check: its head here, its lines and its payments each in their own module."""

from collections.abc import Sequence
from dataclasses import replace

from comptoir.domain import events as ev
from comptoir.domain.check import Allergy, Check
from comptoir.domain.fold_bill import fold_discounts, fold_merges, fold_service, fold_splits
from comptoir.domain.fold_lines import fold_lines
from comptoir.domain.fold_payments import fold_payments
from comptoir.domain.hlc import milliseconds
from comptoir.domain.pricing import Terms
from comptoir.domain.terms import fold_exemption


def fold_check(check: str, events: Sequence[ev.Event]) -> Check:
    """Fold a check; table, server and covers are the last writer's."""
    state = Check(check)
    for event in events:
        state = _opened(state, event)
    for event in events:
        state = _headed(state, event)
    merges = fold_merges(check, events)
    return replace(
        state,
        discounts=fold_discounts(events),
        service=fold_service(events),
        splits=fold_splits(events),
        merged_into=merges.into,
        sources=merges.sources,
        left=merges.left,
        leavers=merges.leavers,
        squared=_squared(events),
        lines=fold_lines(events),
        payments=fold_payments(events),
        allergies=_allergies(events),
        exemption=fold_exemption(events),
        changed_ms=milliseconds(events[-1].envelope.hlc) if events else 0,
        newer_version=any(event.body is None for event in events),
    )


def _squared(events: Sequence[ev.Event]) -> tuple[int, ...]:
    found = [event.body for event in events if isinstance(event.body, ev.Squared)]
    return (found[-1].total, found[-1].paid) if found else ()


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
        terms=body.terms or Terms(),
    )


def _headed(state: Check, event: ev.Event) -> Check:
    match event.body:
        case ev.CheckMoved(table=table):
            return replace(state, table=table)
        case ev.CheckHanded(server=server):
            return replace(state, server=server)
        case ev.CoversSet(covers=covers):
            return replace(state, covers=covers)
        case ev.BillAsked(asked=asked):
            return replace(state, asked_ms=milliseconds(event.envelope.hlc) if asked else 0)
        case ev.OrderTypeSet(order_type=order_type):
            return replace(state, order_type=order_type)
        case _:
            return state


def _allergies(events: Sequence[ev.Event]) -> tuple[Allergy, ...]:
    noted: set[Allergy] = set()
    for event in events:
        if isinstance(body := event.body, ev.AllergySet):
            allergy = Allergy(body.seat, body.allergy)
            (noted.add if body.present else noted.discard)(allergy)
    return tuple(sorted(noted, key=lambda allergy: (allergy.seat, allergy.what)))
