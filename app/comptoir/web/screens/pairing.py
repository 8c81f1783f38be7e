"""A new terminal's own screen: its letters, who invites it, and the key by which it joins."""

from pathlib import Path

from flask import Blueprint, Response, make_response, render_template
from werkzeug.wrappers import Response as AnyResponse

from comptoir import enrolment, pairing
from comptoir.web.access import recall, refuse_forgery
from comptoir.web.newcomers import NotNew
from comptoir.web.own_screen import at_the_till
from comptoir.web.screens.floor import go
from comptoir.web.services import services

blueprint = Blueprint("pairing", __name__)
blueprint.before_request(recall)
blueprint.before_request(refuse_forgery)


def is_offered() -> bool:
    """Tell whether this screen is a new terminal's own, and its machine can join a restaurant."""
    s = services()
    return bool(s.settings.join_file) and at_the_till() and s.newcomers.is_new()


@blueprint.get("/pairing")
def show() -> str:
    """Return the letters of this terminal, or who invites it."""
    return render_template("pairing/now.html", **shown())


def shown() -> dict[str, object]:
    """Return what the sign-in page says of joining; empty on any other than a new one's screen."""
    if not is_offered():
        return {"offered": False}
    s = services()
    invited = s.newcomers.invited()
    return {
        "offered": True,
        "code": pairing.code_of(s.identity.card),
        "house_name": invited.enrolment.restaurant.name if invited else "",
        "host": invited.host if invited else None,
        "host_code": pairing.code_of(invited.host) if invited else "",
    }


@blueprint.post("/pairing/join")
def join() -> AnyResponse:
    """Ask the machine to make this terminal one of the restaurant that invites it."""
    s = services()
    invited = s.newcomers.invited()
    if not is_offered() or invited is None:
        raise NotNew
    enrolment.write_enrolment(Path(s.settings.join_file), invited.enrolment)
    s.newcomers.answered()
    return go("/pairing/joining")


@blueprint.post("/pairing/stay")
def stay() -> AnyResponse:
    """Send the invitation away."""
    if is_offered():
        services().newcomers.answered()
    return go("/")


@blueprint.get("/pairing/joining")
def joining() -> str:
    """Show that the terminal joins: its programs end, and begin again in the other restaurant."""
    return render_template("pairing/joining.html")


@blueprint.get("/pairing/joined")
def joined() -> AnyResponse:
    """Send the screen to the sign-in page once this terminal is one of others."""
    return Response(status=204) if services().newcomers.is_new() else make_response(go("/"))
