"""A round of updates, as the strip tells it: where one is under way, where one went wrong."""

from dataclasses import dataclass

from comptoir.commands import queries
from comptoir.commands.claims import place_of
from comptoir.commands.updates import updates
from comptoir.domain.updates import Updates
from comptoir.web.services import Services


@dataclass(frozen=True, slots=True)
class Coming:
    """The version that this terminal is fetching, from whom, and how long that lasts at most."""

    version: str
    source: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Lamp:
    """The terminal that is being updated, and the one at which the round stopped; or nothing."""

    under_way: str = ""
    stopped: str = ""
    coming: Coming | None = None


def lamp(s: Services) -> Lamp:
    """Return what the strip says."""
    state = updates(s.journal)
    if not state.turns:
        return Lamp()
    out = {one.id for one in queries.terminals(s.journal) if one.retired}
    now, stopped = state.under_way(out), state.stopped_by()
    return Lamp(
        place_of(s.journal.state, now.terminal) if now else "",
        place_of(s.journal.state, stopped.terminal) if stopped else "",
        _coming(s, state),
    )


def _coming(s: Services, state: Updates) -> Coming | None:
    here = s.updates.report(s.clock.now_ms())
    offer = state.offer(here.bundle) if here else None
    if here is None or offer is None or not (here.source and here.step == "fetching"):
        return None
    return Coming(offer.version, place_of(s.journal.state, here.source), -(-here.left_s // 60))
