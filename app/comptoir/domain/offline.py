"""Offline: by a manager's switch or because the cloud does not answer; and what was taken then."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from comptoir.domain.events import AwayEnded, Event, OfflineLimitsSet, PaymentIntended
from comptoir.domain.events.terminals import OFFLINE, OfflineSet
from comptoir.domain.hlc import milliseconds

__all__ = ["OFFLINE", "Away", "Charge", "Offline", "fold_away", "fold_offline"]


@dataclass(frozen=True, slots=True)
class Offline:
    """Whether the restaurant stays off the internet, since when, and who wanted it and why.

    ``began_ms`` and ``back_ms`` are of the newest time that is over, whatever the cause;
    ``each_max`` and ``total_max`` (minor units) what is taken meanwhile without a manager.
    """

    on: bool = False
    since_ms: int = 0
    by: str = ""
    terminal: str = ""
    reason: str = ""
    began_ms: int = 0
    back_ms: int = 0
    each_max: int = 7_500
    total_max: int = 150_000


@dataclass(frozen=True, slots=True)
class Charge:
    """Money that nobody outside could be asked about; ``amount`` in minor units, tip included."""

    check: str
    payment: str
    tender: str
    amount: int
    by: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Away:
    """One terminal's time without the cloud; ``until_ms`` is 0 while nobody said it is over."""

    id: str
    terminal: str = ""
    since_ms: int = 0
    until_ms: int = 0
    charges: tuple[Charge, ...] = ()


def fold_offline(_: str, events: Sequence[Event]) -> Offline:
    """Fold the switch and the limits: the last one who set them counts, on all terminals."""
    state = Offline()
    for event in events:
        match event.body:
            case OfflineSet() as body if body.offline != state.on:
                state = _switched(state, event, body)
            case OfflineLimitsSet(each_max=each, total_max=total):
                state = replace(state, each_max=each, total_max=total)
            case AwayEnded(since_ms=since, until_ms=until):
                state = _over(state, since, until)
            case _:
                pass
    return state


def _switched(state: Offline, event: Event, body: OfflineSet) -> Offline:
    at, envelope = milliseconds(event.envelope.hlc), event.envelope
    over = _over(state, state.since_ms, at) if state.on else state
    return replace(
        over,
        on=body.offline,
        since_ms=at,
        by=envelope.actor,
        terminal=envelope.terminal,
        reason=body.reason,
    )


def _over(state: Offline, since_ms: int, until_ms: int) -> Offline:
    """Note a time that is over; terminals that were away together were away once."""
    if since_ms > state.back_ms:
        return replace(state, began_ms=since_ms, back_ms=until_ms)
    if until_ms < state.began_ms:
        return state
    return replace(
        state, began_ms=min(since_ms, state.began_ms), back_ms=max(until_ms, state.back_ms)
    )


def fold_away(name: str, events: Sequence[Event]) -> Away:
    """Fold what a terminal took while it was away, and when that ended."""
    state = Away(name)
    for event in events:
        match event.body:
            case PaymentIntended() as body:
                charge = Charge(
                    body.check,
                    body.payment,
                    body.tender,
                    body.amount + body.tip,
                    event.envelope.actor,
                    milliseconds(event.envelope.hlc),
                )
                terminal = event.envelope.terminal
                state = replace(state, terminal=terminal, charges=(*state.charges, charge))
            case AwayEnded(since_ms=since, until_ms=until):
                terminal = event.envelope.terminal
                state = replace(state, terminal=terminal, since_ms=since, until_ms=until)
            case _:
                pass
    return state
