"""What is left of an item: taken off ("86"), back, or counted down by every line of every terminal.

A count is an aggregate of its own: it ends with the next count of the item, so it stays short. Two
terminals that could not hear each other may both sell the last one; the count then goes below zero
and says by how much. What comes in or is wasted belongs to the count that its writer knew, as lines
do: so what is left is also what the stock should hold when it is counted again.
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


RECEIVED, WASTED = "received", "wasted"


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody wrote down since the count: ``received`` or ``wasted``, unless undone."""

    id: str
    what: str
    qty_milli: int
    reason: str = ""
    by: str = ""
    at_ms: int = 0
    undone: bool = False

    @property
    def added_milli(self) -> int:
        """Return what it adds to what is left; below zero when it takes away."""
        if self.undone:
            return 0
        return self.qty_milli if self.what == RECEIVED else -self.qty_milli


@dataclass(frozen=True, slots=True)
class Count:
    """A count, what lines took from it, and what came in or was wasted since, in thousandths."""

    id: str
    item: str = ""
    start_milli: int = 0
    taken_milli: int = 0
    entries: tuple[Entry, ...] = ()

    @property
    def left_milli(self) -> int:
        """Return what should be left; below zero when more was sold than there was."""
        added = sum(one.added_milli for one in self.entries)
        return self.start_milli + added - self.taken_milli


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
    """Fold a count: what lines took from it, as they now stand; a void gives back.

    A count that was written down wrongly is what it was corrected to, whenever that arrives.
    """
    counted = [event.body for event in events if isinstance(event.body, ev.ItemCounted)]
    corrected = [event.body for event in events if isinstance(event.body, ev.StockRecounted)]
    return Count(
        count,
        counted[-1].item if counted else "",
        (corrected or counted)[-1].left_milli if counted else 0,
        _taken(events),
        _entries(events),
    )


def _taken(events: Sequence[ev.Event]) -> int:
    added = [event.body for event in events if isinstance(event.body, ev.LineAdded)]
    portions = {body.line: body.portion_milli for body in added}
    taken = {body.line: body.qty_milli for body in added}
    back: set[str] = set()
    for event in events:
        match event.body:
            case ev.LineQtySet(line=line, qty_milli=qty) if line in taken:
                taken[line] = qty
            case ev.LineVoided(line=line):
                back.add(line)
            case _:
                pass
    return sum(
        half_up(qty * portions[line], 1000) for line, qty in taken.items() if line not in back
    )


def _entries(events: Sequence[ev.Event]) -> tuple[Entry, ...]:
    """Return what was received and wasted; undone is undone, whichever came first."""
    undone = {event.body.entry for event in events if isinstance(event.body, ev.StockUndone)}
    found: dict[str, Entry] = {}
    for event in events:
        match event.body:
            case ev.StockReceived(entry=name, qty_milli=qty, note=reason):
                what = RECEIVED
            case ev.StockWasted(entry=name, qty_milli=qty, reason=reason):
                what = WASTED
            case _:
                continue
        by, at = event.envelope.actor, milliseconds(event.envelope.hlc)
        found[name] = Entry(name, what, qty, reason, by, at, name in undone)
    return tuple(found.values())
