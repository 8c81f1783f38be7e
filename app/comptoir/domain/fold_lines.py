"""The fold of a check's lines: they unite, void beats edit, the most advanced status wins.

Facts about a line whose addition has not arrived yet wait for it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from comptoir.domain import events as ev
from comptoir.domain.hlc import milliseconds
from comptoir.domain.line import FIRED, PROGRESS, UNSENT, Change, Line

Lines = dict[str, Line]


def fold_lines(events: Sequence[ev.Event]) -> tuple[Line, ...]:
    """Fold the lines of a check, in the order in which they were added."""
    lines: Lines = {
        event.body.line: line_of(event, event.body)
        for event in events
        if isinstance(event.body, ev.LineAdded)
    }
    for event in events:
        edit = _EDITS.get(type(event.body))
        if edit is not None:
            edit(lines, event.body, event)
    return tuple(lines.values())


def line_of(event: ev.Event, body: ev.LineAdded) -> Line:
    """Return a line as it was added."""
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
        seats=body.seats,
        variant=body.variant,
        kitchen=body.kitchen,
        receipt=body.receipt,
        allergens=body.allergens,
        sold_by=body.sold_by,
        price_list=body.price_list,
        part_of=body.part_of,
        meal=body.meal,
        count=body.count,
        cost=body.cost,
    )


def _set(lines: Lines, names: Iterable[str], **values: Any) -> None:
    for name in names:
        if name in lines:
            lines[name] = replace(lines[name], **values)


def _quantity(lines: Lines, body: ev.LineQtySet, _: ev.Event) -> None:
    _set(lines, [body.line], qty_milli=body.qty_milli)


def _void(lines: Lines, body: ev.LineVoided, _: ev.Event) -> None:
    if body.line in lines and not lines[body.line].voided:
        _set(lines, [body.line], voided=True, void_reason=body.reason)


def _comp(lines: Lines, body: ev.LineComped, _: ev.Event) -> None:
    _set(lines, [body.line], comped=body.comped, comp_reason=body.reason if body.comped else "")


def _seat(lines: Lines, body: ev.LineSeatsSet, _: ev.Event) -> None:
    _set(lines, [body.line], seats=body.seats)


def _tax(lines: Lines, body: ev.OrderTypeSet, _: ev.Event) -> None:
    for name, taxes in zip(body.lines, body.taxes, strict=False):
        _set(lines, [name], taxes=taxes)


def _course(lines: Lines, body: ev.LinesCourseSet, _: ev.Event) -> None:
    _set(lines, body.lines, course=body.course)


def _hold(lines: Lines, body: ev.LinesHeld, _: ev.Event) -> None:
    _set(lines, body.lines, held=body.held)


def _fire(lines: Lines, body: ev.LinesFired, event: ev.Event) -> None:
    _advance(lines, body.lines, FIRED, milliseconds(event.envelope.hlc))


def _bump(lines: Lines, body: ev.LinesBumped, event: ev.Event) -> None:
    _advance(lines, body.lines, body.status, 0)
    _set(lines, body.lines, bumped_ms=milliseconds(event.envelope.hlc))


def _recall(lines: Lines, body: ev.LinesRecalled, _: ev.Event) -> None:
    bumped = [name for name in body.lines if name in lines and lines[name].bumped_ms]
    _set(lines, bumped, status=FIRED, bumped_ms=0)


def _advance(lines: Lines, names: Iterable[str], status: str, fired_ms: int) -> None:
    for name in names:
        line = lines.get(name)
        if line is None or status not in PROGRESS:
            continue
        fired = line.fired_ms or fired_ms
        if PROGRESS.index(status) > PROGRESS.index(line.status):
            lines[name] = replace(line, status=status, fired_ms=fired)


def _change(lines: Lines, body: ev.LineChanged, event: ev.Event) -> None:
    old = lines.get(body.line)
    if old is None:
        return
    new = replace(
        old,
        item=body.item,
        names=body.names,
        qty_milli=body.qty_milli,
        unit_price=body.unit_price,
        modifiers=body.modifiers,
        taxes=body.taxes,
        station=body.station,
        note=body.note,
        variant=body.variant,
        kitchen=body.kitchen,
        receipt=body.receipt,
        allergens=body.allergens,
        sold_by=body.sold_by,
        price_list=body.price_list,
        cost=body.cost,
    )
    if body.fired or old.status != UNSENT:
        at_ms, by = milliseconds(event.envelope.hlc), event.envelope.actor
        change = Change(body.change, old.dish, new.dish, at_ms, by)
        new = replace(new, changes=(*new.changes, change))
    lines[body.line] = new


def _see(lines: Lines, body: ev.ChangesSeen, event: ev.Event) -> None:
    for name, line in lines.items():
        seen = tuple(
            replace(change, seen_by=change.seen_by or event.envelope.actor)
            if change.id in body.changes
            else change
            for change in line.changes
        )
        if seen != line.changes:
            lines[name] = replace(line, changes=seen)


_EDITS: dict[type, Callable[[Lines, Any, ev.Event], None]] = {
    ev.LineQtySet: _quantity,
    ev.LineVoided: _void,
    ev.LineComped: _comp,
    ev.LineSeatsSet: _seat,
    ev.LinesCourseSet: _course,
    ev.OrderTypeSet: _tax,
    ev.LinesHeld: _hold,
    ev.LinesFired: _fire,
    ev.LinesBumped: _bump,
    ev.LinesRecalled: _recall,
    ev.LineChanged: _change,
    ev.ChangesSeen: _see,
}
