"""What this terminal does about an update: whose turn it is follows from what all terminals hold.

No terminal leads. One takes its turn when nobody else has one, more than half of the terminals are
there (of two parts of a torn network one at most goes on), all is SAFE, and who was last is back.
Claims that crossed are found out while the first one waits; the fold says which was earlier.
A spare, with an older image than the others have, waits for no quiet hour: nobody sells at it yet.
"""

from dataclasses import dataclass
from enum import StrEnum

from comptoir.domain.updates import KEPT, Offer, Turn, Updates
from comptoir.domain.versions import is_older

STEP_S = 2.0  # between those who might begin
SETTLE_S = 10.0  # vectors go round every 2 s


class Step(StrEnum):
    """What there is to do, or to wait for; what a screen calls it is its own affair."""

    NOTHING = "nothing"
    DONE = "done"
    OLDER = "older"
    STOPPED = "stopped"
    OTHER = "other"
    HOUR = "hour"
    CHECKS = "checks"
    PEERS = "peers"
    BACK = "back"
    SAFE = "safe"
    CLAIM = "claim"
    SETTLE = "settle"
    INSTALL = "install"
    FETCHING = "fetching"
    RESTART = "restart"
    TRIAL = "trial"


@dataclass(frozen=True, slots=True)
class Facts:
    """How it stands: who this is and what runs here, who takes part and who lives.

    ``hour`` tells whether it is the quiet hour, ``checks`` whether any is open, ``safe`` whether
    all that was written here is SAFE.
    """

    me: str
    compatible: str
    version: str
    others: frozenset[str] = frozenset()
    out: frozenset[str] = frozenset()
    live: frozenset[str] = frozenset()
    safe: bool = True
    hour: bool = False
    checks: bool = False

    @property
    def many(self) -> bool:
        """Tell whether more than half of the terminals are there."""
        return 2 * (1 + len(self.live & self.others)) > 1 + len(self.others)

    @property
    def wait_s(self) -> float:
        """Return how long this one lets those before it begin."""
        return sorted({self.me, *(self.live & self.others)}).index(self.me) * STEP_S


@dataclass(frozen=True, slots=True)
class Move:
    """What to do now, with which offer, and whom it is waited for."""

    step: Step
    offer: Offer | None = None
    who: str = ""


def move(state: Updates, facts: Facts) -> Move:
    """Return what this terminal does now."""
    offer = state.offer_for(facts.compatible)
    if offer is None:
        return Move(Step.NOTHING)
    return _no_need(state, facts, offer) or _in_turn(state, facts, offer)


def _no_need(state: Updates, facts: Facts, offer: Offer) -> Move | None:
    mine = state.mine(facts.me)
    if mine is not None and (mine.bundle, mine.outcome) == (offer.bundle, KEPT):
        return Move(Step.DONE, offer)
    return Move(Step.OLDER, offer) if is_older(offer.version, facts.version) else None


def _in_turn(state: Updates, facts: Facts, offer: Offer) -> Move:
    stopped = state.stopped_by()
    if stopped is not None:
        return Move(Step.STOPPED, offer, stopped.terminal)
    now = state.under_way(facts.out)
    if now is not None and now.terminal != facts.me:
        return Move(Step.OTHER, offer, now.terminal)
    waits = _waits_for(state, facts, offer, now)
    return waits or Move(Step.SETTLE if now else Step.CLAIM, offer)


def _waits_for(state: Updates, facts: Facts, offer: Offer, mine: Turn | None) -> Move | None:
    """Return what stands in the way of beginning; nothing once that has begun and is settled."""
    soon = offer.at_once or state.is_spare(facts.me)
    if not soon and not facts.hour:
        return Move(Step.HOUR, offer)
    if not soon and facts.checks:
        return Move(Step.CHECKS, offer)
    if not facts.many:
        return Move(Step.PEERS, offer)
    last = state.newest_kept()
    gone = last is not None and last.terminal in facts.others - facts.live
    if mine is None and last is not None and gone:
        return Move(Step.BACK, offer, last.terminal)
    return None if facts.safe else Move(Step.SAFE, offer)
