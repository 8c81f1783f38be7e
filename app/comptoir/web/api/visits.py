"""Operations of a technician's visit: ask to come in, grant it, end it, see how long it lasts."""

from http import HTTPStatus
from typing import Annotated

from flask import request
from msgspec import Meta

from comptoir.commands.visits import EndVisit, GrantVisit, plain_name
from comptoir.domain.visit import KEY_CHARACTERS_MAX, MINUTES_MAX, code_of
from comptoir.web.api import answers, bodies
from comptoir.web.api.caller import carry_out, command_id
from comptoir.web.api.operation import Access, Registry
from comptoir.web.services import services

visits = Registry("a technician's visit")
Name = Annotated[str, Meta(min_length=1, max_length=60)]
Key = Annotated[str, Meta(max_length=KEY_CHARACTERS_MAX, description="a public SSH key")]


class Knocking(bodies.Body, frozen=True):
    """Who asks to come in, and with which public SSH key."""

    technician: Name
    key: Key


class KnockView(answers.Answer, frozen=True):
    """The code that the manager sees, too, beside the name; until when it stands there."""

    code: str
    until_ms: int


@visits.commands(
    "/visit/knocks",
    KnockView,
    body=Knocking,
    access=Access.OPEN,
    command=False,
    status=HTTPStatus.CREATED,
)
def knock(body: Knocking) -> KnockView:
    """Ask to come in; a manager of this restaurant answers on this terminal's screen."""
    s = services()
    name, address = plain_name(body.technician), request.remote_addr or ""
    waiting, news = s.knocks.ask(name, body.key, address, s.clock.now_ms())
    if news:
        s.changes.notify()
    return KnockView(waiting.code, waiting.until_ms)


class VisitView(answers.Answer, frozen=True):
    """The visit that lasts, by this terminal's clock; ``left_s`` is 0 while there is none."""

    technician: str
    code: str
    left_s: int


@visits.reads("/visit", VisitView, access=Access.OPEN)
def read_visit() -> VisitView:
    """Tell who may come in now, by the code of their key, and how long yet."""
    door = services().door
    left_ms, visit = door.left_ms(), door.visit()
    if not left_ms:
        return VisitView("", "", 0)
    return VisitView(visit.technician, code_of(visit.key), -(-left_ms // 1000))


class VisitWanted(bodies.Body, frozen=True):
    """Whom to let in, with which public SSH key, for how long."""

    technician: Name
    key: Key
    minutes: Annotated[int, Meta(ge=1, le=MINUTES_MAX)] = MINUTES_MAX


@visits.commands("/visit", answers.Done, body=VisitWanted, status=HTTPStatus.CREATED)
def grant_visit(body: VisitWanted) -> answers.Done:
    """Let a technician in to all terminals."""
    command = GrantVisit(command_id(), body.technician, body.key, body.minutes)
    return answers.done(*carry_out(command))


@visits.commands("/visit/end", answers.Done, body=bodies.Nothing)
def end_visit(body: bodies.Nothing) -> answers.Done:
    """End the visit at once, on all terminals that hear of it."""
    del body
    return answers.done(*carry_out(EndVisit(command_id())))
