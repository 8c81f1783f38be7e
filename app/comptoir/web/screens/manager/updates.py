"""Updates, for a manager: what runs where, what is offered, tonight or now, what went wrong."""

from dataclasses import dataclass

from werkzeug.wrappers import Response as AnyResponse

from comptoir.bus.wire import HeldBundle, UpdatesNow
from comptoir.commands import queries
from comptoir.commands.claims import place_of
from comptoir.commands.updates import (
    OfferUpdate,
    SetUpdateHour,
    UpdateRefused,
    WantUpdate,
    updates,
)
from comptoir.domain.updates import AT_DAYS_END, Offer, Updates
from comptoir.domain.versions import is_older
from comptoir.web.access import carry_out, command_id
from comptoir.web.screens.floor import go
from comptoir.web.screens.manager.door import managers
from comptoir.web.screens.office import forms
from comptoir.web.services import Services, services
from comptoir.web.update_rows import Row, all_have_it, row

blueprint = managers("updates", __name__)
PAGE = "/manager/terminals"
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Round:
    """What the page says of updates; ``here`` is None where no updates program speaks."""

    offer: Offer | None
    here: UpdatesNow | None
    who: str
    taken_mb: int
    size_mb: int
    source: str
    rows: tuple[Row, ...]
    stopped: str
    done: bool
    can_offer: HeldBundle | None
    minutes: int
    at_days_end: bool


def now(s: Services) -> Round:
    """Return how the round stands, as this terminal knows it."""
    state, here = updates(s.journal), s.updates.report(s.clock.now_ms())
    offer = _offer(state, here)
    rows = _rows(s, state, offer)
    stopped, cutoff = state.stopped_by(), queries.restaurant(s.journal).cutoff_minutes
    return Round(
        offer,
        here,
        _name(s, here.who) if here and here.who else "",
        here.taken // MB if here else 0,
        offer.size // MB if offer else 0,
        _name(s, here.source) if here and here.source else "",
        rows,
        _name(s, stopped.terminal) if stopped else "",
        bool(offer) and all_have_it(rows),
        _to_offer(state, here),
        cutoff if state.minutes == AT_DAYS_END else state.minutes,
        state.minutes == AT_DAYS_END,
    )


@blueprint.post(f"{PAGE}/updates/<bundle>/want")
def want(bundle: str) -> AnyResponse:
    """Install at once, or go on after a failure."""
    carry_out(WantUpdate(command_id(), bundle))
    return go(PAGE)


@blueprint.post(f"{PAGE}/updates/<bundle>/offer")
def offer(bundle: str) -> AnyResponse:
    """Offer all terminals what this one has: tonight, or at once."""
    s = services()
    here = s.updates.report(s.clock.now_ms())
    held = here.held if here else None
    if held is None or held.bundle != bundle:
        raise UpdateRefused("This terminal does not have this update any more. Look again.")
    carry_out(OfferUpdate(command_id(), bundle, held.compatible, held.version, held.size))
    if forms.text("now"):
        carry_out(WantUpdate(f"{command_id()}-now", bundle))
    return go(PAGE)


@blueprint.post(f"{PAGE}/updates/hour")
def set_hour() -> AnyResponse:
    """Set the quiet hour."""
    said = forms.text("minutes")
    if not said.removeprefix("-").isdecimal():
        raise UpdateRefused("The quiet hour is a time of day. Choose it again.")
    carry_out(SetUpdateHour(command_id(), int(said)))
    return go(PAGE)


def _rows(s: Services, state: Updates, offer: Offer | None) -> tuple[Row, ...]:
    taking_part = [one.id for one in queries.terminals(s.journal) if not one.retired]
    return tuple(row(state, name, _name(s, name), offer) for name in taking_part)


def _offer(state: Updates, here: UpdatesNow | None) -> Offer | None:
    """Return what is offered to terminals like this one; without its word, the last offer."""
    if here is not None:
        return state.offer_for(here.compatible)
    return state.offers[-1] if state.offers else None


def _to_offer(state: Updates, here: UpdatesNow | None) -> HeldBundle | None:
    """Return what this terminal has, if it is newer than what it runs and what is offered."""
    held = here.held if here else None
    if held is None or here is None or is_older(held.version, here.version):
        return None
    before = state.offer_for(held.compatible)
    if before is None:
        return held
    same = before.bundle == held.bundle or is_older(held.version, before.version)
    return None if same else held


def _name(s: Services, terminal: str) -> str:
    return place_of(s.journal.state, terminal)
