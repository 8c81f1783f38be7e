"""What is left of an item: taken off ("86"), back, or counted down by every line of every terminal.

A count is an aggregate of its own: it ends with the next count of the item, so it stays short. Two
terminals that could not hear each other may both sell the last one; the count then goes below zero
and says by how much.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from comptoir.domain import events as ev
from comptoir.domain.hlc import milliseconds
from comptoir.domain.money import half_up


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether an item (or ``item/variant``) is to be had, as its last fact says."""

    item: str
    stopped: bool = False
    reason: str = ""
    count: str = ""
    by: str = ""
    since_ms: int = 0


@dataclass(frozen=True, slots=True)
class Count:
    """A count and what was taken from it, in thousandths."""

    id: str
    item: str = ""
    start_milli: int = 0
    taken_milli: int = 0

    @property
    def left_milli(self) -> int:
        """Return what is left; below zero when more was sold than there was."""
        return self.start_milli - self.taken_milli


def fold_availability(item: str, events: Sequence[ev.Event]) -> Availability:
    """Fold the facts about one item: the last one counts."""
    state = Availability(item)
    for event in events:
        by, at = event.envelope.actor, milliseconds(event.envelope.hlc)
        match event.body:
            case ev.ItemCounted(count=count):
                state = Availability(item, count=count, by=by, since_ms=at)
            case ev.ItemStopped(reason=reason):
                state = replace(state, stopped=True, reason=reason, by=by, since_ms=at)
            case ev.ItemBack():
                state = Availability(item, by=by, since_ms=at)
            case _:
                pass
    return state


def fold_count(count: str, events: Sequence[ev.Event]) -> Count:
    """Fold a count: what lines took from it, as they now stand; a void gives back."""
    state = Count(count)
    added = [event.body for event in events if isinstance(event.body, ev.LineAdded)]
    portions = {body.line: body.portion_milli for body in added}
    taken = {body.line: body.qty_milli for body in added}
    back: set[str] = set()
    for event in events:
        match event.body:
            case ev.ItemCounted(item=item, left_milli=left):
                state = replace(state, item=item, start_milli=left)
            case ev.LineQtySet(line=line, qty_milli=qty) if line in taken:
                taken[line] = qty
            case ev.LineVoided(line=line):
                back.add(line)
            case _:
                pass
    total = sum(
        half_up(qty * portions[line], 1000) for line, qty in taken.items() if line not in back
    )
    return replace(state, taken_milli=total)
