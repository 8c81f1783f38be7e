"""Updates of the terminals: what lies ready, who is offered it, how far each restaurant is."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request

from comptoir.commands.overview import Overview
from comptoir.commands.updates import OfferUpdate, UpdateRefused, WantUpdate
from comptoir.domain.updates import AT_DAYS_END, Offer
from comptoir.web.head_office import door
from comptoir.web.head_office.services import services
from comptoir.web.head_office.targets import TARGETS_MAX, Target, id_for, publish, ticked
from comptoir.web.update_rows import Row, all_have_it, row

blueprint = door.room("office_updates", __name__)
blueprint.before_request(door.publishers_only)
BUNDLES_MAX = 20
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Standing:
    """How an update stands in a restaurant; ``hour`` is when its house is quiet."""

    site: Overview
    offer: Offer | None
    rows: tuple[Row, ...]
    stopped: str
    done: bool
    hour: str


@blueprint.get("/updates")
def show() -> str:
    """Show what can be offered, and how far every restaurant is."""
    door.saw()
    bundles = services().bundles()[:BUNDLES_MAX]
    return render_template("head_office/updates.html", bundles=bundles, mb=MB, **_standings())


@blueprint.get("/updates/now")
def now() -> str:
    """Return how far they are, for a page that is open."""
    return render_template("head_office/updates_now.html", **_standings())


@blueprint.get("/updates/<bundle>")
def show_one(bundle: str) -> str:
    """Show which restaurants could be offered an update."""
    door.saw()
    return _page(_ready(bundle), _targets())


@blueprint.post("/updates/<bundle>")
def offer(bundle: str) -> str:
    """Offer it to the ticked restaurants: tonight, or at once."""
    ready, at_once = _ready(bundle), bool(request.form.get("now"))
    about = (ready.bundle, ready.compatible, ready.version, ready.size)
    done = []
    for target in ticked(_targets()):
        command = id_for(target.site)
        wanted = [WantUpdate(f"{command}-now", bundle)] if at_once else []
        detail = f"update {ready.version} of {ready.compatible}, {'now' if at_once else 'tonight'}"
        done.append(publish(target, detail, target.now, OfferUpdate(command, *about), *wanted))
    return _page(ready, done)


def _page(ready: Offer, targets: Sequence[Target]) -> str:
    return render_template(
        "head_office/update.html",
        ready=ready,
        targets=targets,
        done=any(one.said or one.fault for one in targets),
        command=uuid.uuid4().hex,
    )


def _ready(bundle: str) -> Offer:
    found = next((one for one in services().bundles() if one.bundle == bundle), None)
    if found is None:
        raise UpdateRefused("This update is not on the shelf any more. Look again.")
    return found


def _sites() -> list[Overview]:
    return [site for site in door.sites() if door.user().may_publish(site.id)]


def _targets() -> list[Target]:
    """Return the restaurants that could have it, each with what its terminals run."""
    return [Target(one, _versions(one)) for one in _sites()[:TARGETS_MAX]]


def _versions(site: Overview) -> str:
    out = {one.id for one in site.terminals if one.retired}
    found = {one.version for one in site.updates.systems if one.terminal not in out}
    return ", ".join(sorted(found))


def _standings() -> dict[str, object]:
    found = _sites()
    shown = [_standing(site) for site in found[:TARGETS_MAX]]
    return {"standings": shown, "more": len(found[TARGETS_MAX:])}


def _standing(site: Overview) -> Standing:
    state = site.updates
    names = {one.id: f"{one.letter} · {one.name}" for one in site.terminals if not one.retired}
    rows = []
    for terminal, name in names.items():
        system = state.system(terminal)
        meant = state.offer_for(system.compatible) if system else None
        rows.append(row(state, terminal, name, meant))
    stopped, offer = state.stopped_by(), state.offers[-1] if state.offers else None
    minutes = site.house.cutoff_minutes if state.minutes == AT_DAYS_END else state.minutes
    return Standing(
        site,
        offer,
        tuple(rows),
        names.get(stopped.terminal, stopped.terminal) if stopped else "",
        bool(offer) and all_have_it(rows),
        f"{minutes // 60:02}:{minutes % 60:02}",
    )
