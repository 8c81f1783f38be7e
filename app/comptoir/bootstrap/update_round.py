"""Builds what says how far the terminals are with an update, for those who look after them."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from comptoir import identity as identities
from comptoir.bootstrap.terminal import open_journal
from comptoir.commands.queries import terminals
from comptoir.commands.updates import updates
from comptoir.domain.errors import Refusal
from comptoir.domain.updates import FAILED, KEPT, WENT_BACK, Updates
from comptoir.domain.versions import is_older
from comptoir.replica.roster import Roster
from comptoir.settings import Settings
from comptoir.updates import bundles

NOTHING, NEWER, WAITS, BEGUN = "nothing", "newer", "waits", "begun"
STOPPED = {WENT_BACK, FAILED}


class NotABundle(Refusal):
    """A file that no terminal can install."""


def rows(settings: Settings) -> list[dict[str, Any]]:
    """Return each terminal that takes part: id, name, version, what is offered, how far it is.

    ``state`` is nothing (offered to it), newer (it runs a newer one), waits, begun, kept, went
    back or failed; ``why`` it went wrong. ``here`` is this terminal.
    """
    identity = identities.read(settings.identity_dir)
    with closing(open_journal(settings)) as journal:
        state = updates(journal)
        cards = Roster.of(identity.trust, terminals(journal)).admitted
    found = []
    for name in sorted(cards):
        about = {"id": name, "name": cards[name].name, "here": name == identity.terminal}
        found.append(about | _standing(state, name))
    return found


def _standing(state: Updates, name: str) -> dict[str, Any]:
    system, turn = state.system(name), state.mine(name)
    offer = state.offer_for(system.compatible) if system else None
    runs = system.version if system else ""
    if offer is None:
        return {"version": runs, "offered": "", "bundle": "", "state": NOTHING, "why": ""}
    said = {"version": runs, "offered": offer.version, "bundle": offer.bundle}
    if turn is not None and turn.bundle == offer.bundle:
        return {**said, "state": turn.outcome or BEGUN, "why": turn.why}
    return {**said, "state": NEWER if is_older(offer.version, runs) else WAITS, "why": ""}


def is_over(found: Sequence[dict[str, Any]]) -> bool:
    """Tell whether this terminal has nothing left to do, or nobody goes on."""
    mine = next((one["state"] for one in found if one["here"]), NOTHING)
    return mine in {NOTHING, NEWER, KEPT} or any(one["state"] in STOPPED for one in found)


def about(file: Path) -> dict[str, Any]:
    """Return what is to be said of a bundle to offer it; raises NotABundle."""
    try:
        return asdict(bundles.whole(file).about)
    except bundles.NoBundle as error:
        raise NotABundle(f"{file} is no bundle: {error}. Take one of image/build.") from error


def is_offered(settings: Settings, bundle: str) -> bool:
    """Tell whether a bundle is what is offered to its terminals now."""
    with closing(open_journal(settings)) as journal:
        return updates(journal).offer(bundle) is not None


def to_want(settings: Settings) -> dict[str, str]:
    """Return the versions, by bundle, that wait for their hour or for another try."""
    with closing(open_journal(settings)) as journal:
        at_once = {one.bundle for one in updates(journal).offers if one.at_once}
    found = rows(settings)
    return {
        one["bundle"]: one["offered"]
        for one in found
        if one["state"] in STOPPED or (one["state"] == WAITS and one["bundle"] not in at_once)
    }
