"""The fold of what is owed for a check: discounts, service charge, splits, checks paid with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

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


@dataclass(frozen=True, slots=True)
class Merges:
    """Whom a check is paid with: ``into`` whom, and who into it; and who was taken off again."""

    into: str = ""
    sources: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    leavers: tuple[str, ...] = ()


def fold_merges(check: str, events: Sequence[ev.Event]) -> Merges:
    """Return what was said of a check being paid with others, the last word of each pair."""
    state = Merges()
    for event in events:
        match event.body:
            case ev.ChecksMerged(source=source, check=head) if source == check:
                state = replace(state, into=state.into or head, left=_less(state.left, head))
            case ev.ChecksMerged(source=source):
                sources = dict.fromkeys((*state.sources, source))
                state = replace(state, sources=tuple(sources), leavers=_less(state.leavers, source))
            case ev.ChecksUnmerged(source=source, check=head):
                state = _parted(state, head if source == check else source)
            case _:
                pass
    return state


def _parted(state: Merges, other: str) -> Merges:
    if state.into == other:
        state = replace(state, into="", left=(*_less(state.left, other), other))
    if other in state.sources:
        leavers = (*_less(state.leavers, other), other)
        state = replace(state, sources=_less(state.sources, other), leavers=leavers)
    return state


def _less(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return tuple(one for one in names if one != name)
