"""Operations of updates: what runs where, what is offered, at once or tonight."""

from typing import Annotated

from msgspec import Meta

from comptoir.commands import queries
from comptoir.commands.updates import (
    BUNDLE,
    SIZE_MAX,
    OfferUpdate,
    SetUpdateHour,
    WantUpdate,
)
from comptoir.commands.updates import updates as state_of
from comptoir.domain.updates import Offer, Turn
from comptoir.web.api import answers, bodies
from comptoir.web.api.caller import carry_out, command_id
from comptoir.web.api.operation import Registry
from comptoir.web.services import services

updates = Registry("updates")


class TerminalRuns(answers.Answer, frozen=True):
    """What a terminal said that it runs; empty while it has not."""

    terminal: str
    version: str
    compatible: str


class UpdateRound(answers.Answer, frozen=True):
    """What is offered, by base and profile, the turns taken with it, and what runs where.

    ``minutes`` after midnight the house is quiet; -1: when the business day ends. ``step`` is what
    this terminal does about it now, as in ``local/updates``; empty where its program is silent.
    """

    offers: tuple[Offer, ...]
    turns: tuple[Turn, ...]
    terminals: tuple[TerminalRuns, ...]
    minutes: int
    step: str


class NewOffer(bodies.Body, frozen=True):
    """A bundle, by its SHA-256, the base and profile that it is for, its version and bytes."""

    bundle: Annotated[str, Meta(pattern=f"^{BUNDLE.pattern}$")]
    compatible: bodies.Id
    version: bodies.Id
    size: Annotated[int, Meta(gt=0, le=SIZE_MAX)]


class QuietHour(bodies.Body, frozen=True):
    """Minutes after midnight; -1: when the business day ends."""

    minutes: Annotated[int, Meta(ge=-1, lt=1440)]


@updates.reads("/updates", UpdateRound)
def read_updates() -> UpdateRound:
    """Read what is offered to the terminals, how far each is, and what runs where."""
    s = services()
    state, here = state_of(s.journal), s.updates.report(s.clock.now_ms())
    runs = []
    for one in queries.terminals(s.journal):
        system = state.system(one.id)
        said = (system.version, system.compatible) if system else ("", "")
        runs.append(TerminalRuns(one.id, *said))
    step = here.step if here else ""
    return UpdateRound(state.offers, state.turns, tuple(runs), state.minutes, step)


@updates.commands("/updates", answers.Done, body=NewOffer)
def offer_update(body: NewOffer) -> answers.Done:
    """Offer a bundle to the terminals that it is made for; they install it in the quiet hour."""
    about = (body.bundle, body.compatible, body.version, body.size)
    return answers.done(*carry_out(OfferUpdate(command_id(), *about)))


@updates.commands("/updates/<bundle>/want", answers.Done)
def want_update(bundle: str) -> answers.Done:
    """Install what is offered at once, one terminal after the other; or again after a failure."""
    return answers.done(*carry_out(WantUpdate(command_id(), bundle)))


@updates.commands("/updates/hour", answers.Done, method="PUT", body=QuietHour)
def set_update_hour(body: QuietHour) -> answers.Done:
    """Say when the house is quiet enough for updates."""
    return answers.done(*carry_out(SetUpdateHour(command_id(), body.minutes)))
