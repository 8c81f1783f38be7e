"""The fold of a drawer: everything anybody did with it is kept, the first closing counts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from comptoir.domain import events as ev
from comptoir.domain.cash import Closing, Count, Drawer, Move, NoSale, OpenDrawer, OpenDrawers
from comptoir.domain.hlc import milliseconds


def fold_drawer(drawer: str, events: Sequence[ev.Event]) -> Drawer:
    """Fold a drawer from its events."""
    state = Drawer(drawer)
    for event in events:
        state = _step(state, event)
    return state


def _step(state: Drawer, event: ev.Event) -> Drawer:
    envelope = event.envelope
    who = (envelope.actor, envelope.terminal, milliseconds(envelope.hlc))
    match event.body:
        case ev.DrawerOpened() as body if not state.opened_by:
            return replace(
                state,
                name=body.name,
                owner=body.owner,
                float_=body.float_,
                terminal=envelope.terminal,
                opened_by=envelope.actor,
                opened_ms=who[2],
                business_date=envelope.business_date,
            )
        case ev.CashMoved() as body if body.move not in {move.id for move in state.moves}:
            move = Move(body.move, body.what, body.amount, body.reason, *who)
            return replace(state, moves=(*state.moves, move))
        case ev.DrawerKicked() as body:
            return replace(state, no_sales=(*state.no_sales, NoSale(body.reason, *who)))
        case ev.DrawerCounted() as body:
            return replace(state, counts=(*state.counts, Count(body.count, *who)))
        case ev.DrawerClosed() as body:
            closing = Closing(body.counted, body.expected, *who, body.number)
            return replace(state, closings=(*state.closings, closing))
        case _:
            return state


def fold_open_drawers(_: str, events: Sequence[ev.Event]) -> OpenDrawers:
    """Fold the list of open drawers; a closed one stays closed, whatever order facts came in."""
    closings = [event for event in events if isinstance(event.body, ev.DrawerClosed)]
    closed = {event.body.drawer for event in closings if isinstance(event.body, ev.DrawerClosed)}
    by_terminal = Counter(event.envelope.terminal for event in closings)
    found: dict[str, OpenDrawer] = {}
    for event in events:
        body = event.body
        if isinstance(body, ev.DrawerOpened) and body.drawer not in closed:
            found.setdefault(
                body.drawer,
                OpenDrawer(body.drawer, body.name, event.envelope.terminal, body.owner),
            )
    return OpenDrawers(tuple(found.values()), tuple(sorted(by_terminal.items())))
