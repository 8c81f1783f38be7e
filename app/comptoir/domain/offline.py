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
    """A payment that nobody outside could be asked about."""

    check: str
    payment: str
    by: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Away:
    """What one terminal took in one time without the cloud."""

    id: str
    terminal: str = ""
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
    """Fold what a terminal took while it was away."""
    state = Away(name)
    for event in events:
        if isinstance(event.body, PaymentIntended):
            state = replace(
                state,
                terminal=event.envelope.terminal,
                charges=(*state.charges, _charge(event, event.body)),
            )
    return state


def _charge(event: Event, body: PaymentIntended) -> Charge:
    at_ms = milliseconds(event.envelope.hlc)
    return Charge(body.check, body.payment, event.envelope.actor, at_ms)
