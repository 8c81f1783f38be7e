"""New terminals in this network, for a manager: take one in whose letters are on its screen."""

from dataclasses import replace

from flask import render_template
from werkzeug.wrappers import Response as AnyResponse

from comptoir import pairing
from comptoir.api_client import TillClient, TillUnreachable
from comptoir.commands import AdmitTerminal
from comptoir.domain.errors import DomainError
from comptoir.domain.house import Card, Terminal
from comptoir.web.access import carry_out, command_id
from comptoir.web.ether import address_toward
from comptoir.web.newcomers import Newcomer
from comptoir.web.screens.floor import go
from comptoir.web.screens.manager.door import managers
from comptoir.web.screens.office import forms
from comptoir.web.services import services

blueprint = managers("newcomers", __name__)
HERE = "/manager/newcomers"
PAGE = "/manager/terminals"
NAME_CHARACTERS_MAX = 40


class NewcomerGone(DomainError):
    """A new terminal that was to be taken in does not answer, or not as one that is new."""

    code = "newcomer-gone"
    status = 409

    def __init__(self) -> None:
        super().__init__("The new terminal does not answer. Look whether it is on, and try again.")


def now() -> list[tuple[Newcomer, str]]:
    """Return the new terminals that call, each with its letters."""
    return [(one, pairing.code_of(one.card)) for one in _found()]


def _found() -> list[Newcomer]:
    """Return who calls, but nobody who calls himself by the name of a terminal that is known."""
    return [one for one in services().newcomers.found() if _may_come(one.card)]


def _may_come(card: Card) -> bool:
    s = services()
    state: Terminal = s.journal.state(f"terminal:{card.terminal}")
    known = s.identity.trust.get(card.terminal) or state.card or card
    same = (known.signing_key, known.lan_cert) == (card.signing_key, card.lan_cert)
    return same and not state.retired


@blueprint.get(HERE)
def show() -> str:
    """Return the list of new terminals."""
    return render_template("terminals/newcomers.html", newcomers=now())


@blueprint.get(f"{HERE}/<terminal>")
def ask(terminal: str) -> str | AnyResponse:
    """Return the sheet that asks what a new terminal is to be called."""
    s = services()
    found = _newcomer(terminal)
    return render_template(
        "terminals/newcomer.html",
        terminal=terminal,
        place=s.enrol(terminal, "", "").terminal,
        code=pairing.code_of(found.card),
        own=pairing.code_of(s.identity.card),
    )


@blueprint.post(f"{HERE}/<terminal>")
def take_in(terminal: str) -> AnyResponse:
    """Invite a new terminal, then let it take part."""
    s = services()
    found = _newcomer(terminal)
    name = " ".join(forms.text("name").split())[:NAME_CHARACTERS_MAX]
    enrolment = s.enrol(terminal, name, address_toward(found.host))
    place = enrolment.terminal
    _send(found, pairing.sign(enrolment, s.identity.card, s.signer))
    card = replace(found.card, letter=place.letter, name=place.name)
    carry_out(AdmitTerminal(command_id(), card))
    return go(PAGE)


def _newcomer(terminal: str) -> Newcomer:
    for one in _found():
        if one.card.terminal == terminal:
            return one
    raise NewcomerGone


def _send(to: Newcomer, invitation: dict[str, str]) -> None:
    client = TillClient(to.port, host=to.host)
    try:
        answer = client.post("/api/v1/invitation", invitation, command_id())
    except TillUnreachable as error:
        raise NewcomerGone from error
    finally:
        client.close()
    if not answer.ok:
        raise NewcomerGone
