"""The fold of a terminal: admitted, retired, suspended, decided about."""

from collections.abc import Sequence
from dataclasses import replace

from comptoir.domain import events as ev
from comptoir.domain.hlc import milliseconds
from comptoir.domain.house import LastSeen, Terminal


def fold_terminal(terminal: str, events: Sequence[ev.Event]) -> Terminal:
    """Fold what is known of a terminal.

    Two that retire each other are suspended, in whatever order it is heard; a third one that
    retires one of them has decided, as has who says so.
    """
    state = Terminal(terminal)
    decided_out = False
    for event in events:
        match event.body:
            case ev.TerminalAdmitted(card=card):
                state = replace(state, card=card)
            case ev.TerminalRetired(terminal=name) if name == terminal:
                state = _retired(state, event, event.body)
            case ev.TerminalRetired(terminal=name):
                state = replace(state, against=(*state.against, name))
            case ev.TerminalDecided(out=out):
                decided_out = out
                state = state if out else _back(state)
            case ev.TerminalLastSeen(epoch=epoch, seq=seq, hash=digest):
                seen = LastSeen(event.envelope.terminal, epoch, seq, digest)
                state = replace(state, last_seen=(*state.last_seen, seen))
            case ev.EventAdopted(hash=digest):
                state = replace(state, adopted=(*state.adopted, digest))
            case _:
                pass
    each_other = state.retired and set(state.retired_by) <= set(state.against)
    return replace(state, suspended=each_other and not decided_out)


def _retired(state: Terminal, event: ev.Event, body: ev.TerminalRetired) -> Terminal:
    by = (*state.retired_by, event.envelope.terminal)
    if state.retired:
        return replace(state, retired_by=by)
    return replace(
        state,
        retired=True,
        retired_ms=milliseconds(event.envelope.hlc),
        reason=body.reason,
        actor=event.envelope.actor,
        retired_by=by,
    )


def _back(state: Terminal) -> Terminal:
    return replace(
        state, retired=False, retired_ms=0, reason="", actor="", retired_by=(), against=()
    )
