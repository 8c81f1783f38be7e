"""The fold of what is owed for a check: discounts, service charge, splits, checks paid with it."""

from collections.abc import Sequence
from dataclasses import replace

from comptoir.domain import events as ev
from comptoir.domain.bill import Discount, ServiceCharge
from comptoir.domain.hlc import milliseconds
from comptoir.domain.parts import Split


def fold_discounts(events: Sequence[ev.Event]) -> tuple[Discount, ...]:
    """Return the discount in force of each line that has one, and of the check."""
    found: dict[str, Discount] = {}
    for event in events:
        if isinstance(body := event.body, ev.DiscountSet):
            found.pop(body.line, None)
            if body.ppm or body.amount:
                found[body.line] = Discount(
                    body.line, body.ppm, body.amount, body.name, body.reason
                )
    return tuple(found.values())


def fold_service(events: Sequence[ev.Event]) -> ServiceCharge:
    """Return the service charge in force."""
    charge = ServiceCharge()
    for event in events:
        if isinstance(body := event.body, ev.ServiceChargeSet):
            charge = ServiceCharge(body.ppm, body.name, body.taxes)
    return charge


def fold_splits(events: Sequence[ev.Event]) -> tuple[Split, ...]:
    """Return all splits in the order of their facts; an undo may come before its split."""
    found: dict[str, Split] = {}
    undone: set[str] = set()
    for event in events:
        match event.body:
            case ev.CheckSplit(split=name) as body if name not in found:
                envelope = event.envelope
                found[name] = Split(
                    name,
                    body.how,
                    body.parts,
                    body.of,
                    envelope.terminal,
                    envelope.actor,
                    milliseconds(envelope.hlc),
                )
            case ev.SplitsUndone(splits=splits):
                undone.update(splits)
            case _:
                pass
    return tuple(replace(split, undone=split.id in undone) for split in found.values())


def fold_merges(check: str, events: Sequence[ev.Event]) -> tuple[str, tuple[str, ...]]:
    """Return the check that this one is paid with, and those said to be paid with this one."""
    into, sources = "", []
    for event in events:
        if isinstance(body := event.body, ev.ChecksMerged):
            if body.source == check:
                into = into or body.check
            elif body.source not in sources:
                sources.append(body.source)
    return into, tuple(sources)
