"""Updates of the terminals' system: what is offered, whose turn it is, what stopped the round.

Turns are claims, in the order in which the fold has them: two terminals that began at the same
moment come to the same, and the earlier one goes first.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from comptoir.domain.events import Event
from comptoir.domain.events.updates import (
    UPDATES,
    UpdateBegun,
    UpdateEnded,
    UpdateHourSet,
    UpdateOffered,
    UpdateRuns,
    UpdateWanted,
)
from comptoir.domain.hlc import milliseconds
from comptoir.domain.versions import precedes

__all__ = [
    "FAILED",
    "KEPT",
    "UPDATES",
    "WENT_BACK",
    "Offer",
    "System",
    "Turn",
    "Updates",
    "fold_updates",
]

KEPT, WENT_BACK, FAILED = "kept", "went back", "failed"
AT_DAYS_END = -1


@dataclass(frozen=True, slots=True)
class Offer:
    """A bundle for terminals of one base and profile; ``at_once``: no quiet hour is waited for."""

    bundle: str
    compatible: str
    version: str
    size: int
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """One terminal's turn with a bundle; ``outcome`` is empty while it lasts."""

    terminal: str
    bundle: str
    begun_ms: int
    outcome: str = ""
    why: str = ""
    ended_ms: int = 0


@dataclass(frozen=True, slots=True)
class System:
    """Which version a terminal last said that it runs, and for which updates it is made.

    A ``spare`` came with an older image when others ran what is offered already.
    """

    terminal: str
    version: str
    compatible: str
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Updates:
    """What is offered, by base and profile, the turns taken with it, and what runs where."""

    offers: tuple[Offer, ...] = ()
    turns: tuple[Turn, ...] = ()
    minutes: int = AT_DAYS_END
    systems: tuple[System, ...] = ()

    def offer_for(self, compatible: str) -> Offer | None:
        """Return what is offered to terminals of this base and profile."""
        return next((one for one in self.offers if one.compatible == compatible), None)

    def offer(self, bundle: str) -> Offer | None:
        """Return a bundle's offer while it is the last one."""
        return next((one for one in self.offers if one.bundle == bundle), None)

    def system(self, terminal: str) -> System | None:
        """Return what a terminal runs, if it ever said so."""
        return next((one for one in self.systems if one.terminal == terminal), None)

    def is_spare(self, terminal: str) -> bool:
        """Tell whether a terminal came when the others had been updated."""
        system = self.system(terminal)
        return system is not None and system.spare

    def under_way(self, out: Collection[str] = ()) -> Turn | None:
        """Return whose turn it is; what a retired terminal (``out``) began is nobody's."""
        open_ones = (one for one in self.turns if not one.outcome and one.terminal not in out)
        return next(open_ones, None)

    def mine(self, terminal: str) -> Turn | None:
        """Return a terminal's newest turn."""
        return next((one for one in reversed(self.turns) if one.terminal == terminal), None)

    def stopped_by(self) -> Turn | None:
        """Return the turn that went wrong, after which nobody goes on."""
        return next((one for one in self.turns if one.outcome in {WENT_BACK, FAILED}), None)

    def newest_kept(self) -> Turn | None:
        """Return the turn that ended last, and well."""
        kept = [one for one in self.turns if one.outcome == KEPT]
        return max(kept, key=lambda one: one.ended_ms, default=None)


def fold_updates(_: str, events: Sequence[Event]) -> Updates:
    """Fold offers, wishes and turns; what was superseded is left out."""
    state = Updates()
    for event in events:
        match event.body:
            case UpdateOffered() as body:
                state = _offered(state, body)
            case UpdateWanted(bundle=bundle):
                state = _wanted(state, bundle)
            case UpdateBegun(bundle=bundle):
                at_ms, name = milliseconds(event.envelope.hlc), event.envelope.terminal
                state = _begun(state, Turn(name, bundle, at_ms))
            case UpdateEnded() as body:
                state = _ended(state, event, body)
            case UpdateRuns(version=version, compatible=compatible):
                system = System(event.envelope.terminal, version, compatible)
                state = _runs(state, system)
            case UpdateHourSet(minutes=minutes):
                state = replace(state, minutes=minutes)
            case _:
                pass
    return state


def _offered(state: Updates, body: UpdateOffered) -> Updates:
    """Put a bundle in the place of the one before; a turn that lasts is still somebody's turn."""
    if state.offer(body.bundle):
        return state
    offers = tuple(one for one in state.offers if one.compatible != body.compatible)
    new = Offer(body.bundle, body.compatible, body.version, body.size)
    offers = (*offers, new)
    offered = {one.bundle for one in offers}
    turns = tuple(one for one in state.turns if one.bundle in offered or not one.outcome)
    return replace(state, offers=offers, turns=turns)


def _wanted(state: Updates, bundle: str) -> Updates:
    """Let it begin at once, and again where it went wrong."""
    offers = tuple(
        replace(one, at_once=True) if one.bundle == bundle else one for one in state.offers
    )
    turns = tuple(
        one for one in state.turns if one.bundle != bundle or one.outcome not in {WENT_BACK, FAILED}
    )
    return replace(state, offers=offers, turns=turns)


def _begun(state: Updates, turn: Turn) -> Updates:
    others = tuple(one for one in state.turns if one.terminal != turn.terminal)
    lasting = any(one.terminal == turn.terminal and not one.outcome for one in state.turns)
    if lasting or state.offer(turn.bundle) is None:
        return state
    return replace(state, turns=(*others, turn))


def _runs(state: Updates, system: System) -> Updates:
    others = tuple(one for one in state.systems if one.terminal != system.terminal)
    offer, new = state.offer_for(system.compatible), len(others) == len(state.systems)
    if new and offer is not None and precedes(system.version, offer.version):
        kept = any((one.bundle, one.outcome) == (offer.bundle, KEPT) for one in state.turns)
        system = replace(system, spare=kept)
    return replace(state, systems=(*others, system))


def _ended(state: Updates, event: Event, body: UpdateEnded) -> Updates:
    at_ms = milliseconds(event.envelope.hlc)
    name = event.envelope.terminal
    turns = []
    for one in state.turns:
        if (one.terminal, one.bundle, one.outcome) == (name, body.bundle, ""):
            if state.offer(one.bundle) is None:
                continue
            turns.append(replace(one, outcome=body.outcome, why=body.why, ended_ms=at_ms))
        else:
            turns.append(one)
    return replace(state, turns=tuple(turns))
