"""The fold of where paper comes out: the plan as last published, and what is redirected."""

from collections.abc import Sequence

from comptoir.domain import events as ev
from comptoir.domain.hlc import milliseconds
from comptoir.domain.printing import Printing, Redirection


def fold_printing(_: str, events: Sequence[ev.Event]) -> Printing:
    """Fold the plan; a redirection outlives a new plan as long as both its printers are there."""
    plan = ev.PrintingPublished((), ())
    ways: dict[str, Redirection] = {}
    since: dict[str, int] = {}
    for event in events:
        match event.body:
            case ev.PrintingPublished() as published:
                plan = published
                at_ms = milliseconds(event.envelope.hlc)
                printing = [station.id for station in plan.stations if station.printer]
                since = {station: since.get(station, at_ms) for station in printing}
            case ev.PrinterRedirected(printer=printer, to=to, reason=reason):
                ways[printer] = Redirection(printer, to, reason, event.envelope.actor)
            case _:
                pass
    known = {printer.id for printer in plan.printers}
    kept = tuple(one for one in ways.values() if one.to and {one.printer, one.to} <= known)
    return Printing(plan.printers, plan.stations, kept, since)
