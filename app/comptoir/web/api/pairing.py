"""Operations of a new terminal: a restaurant invites it."""

from http import HTTPStatus
from typing import Annotated

from msgspec import Meta

from comptoir import pairing as pairings
from comptoir.web.api import answers, bodies
from comptoir.web.api.operation import Access, Registry
from comptoir.web.services import services

pairing = Registry("a new terminal")


class Invited(bodies.Body, frozen=True):
    """An invitation, and the Ed25519 signature (base64) of the terminal that invites."""

    text: Annotated[str, Meta(max_length=64 * 1024)]
    signature: Annotated[str, Meta(max_length=100)]


class InvitedView(answers.Answer, frozen=True):
    """The letters that stand on this terminal's screen beside the invitation."""

    code: str


@pairing.commands(
    "/invitation",
    InvitedView,
    body=Invited,
    access=Access.OPEN,
    command=False,
    status=HTTPStatus.CREATED,
)
def invite(body: Invited) -> InvitedView:
    """Invite this terminal into a restaurant; who stands before it answers on its screen."""
    s = services()
    found = pairings.read(body.text, body.signature, s.identity.card)
    s.newcomers.invite(found)
    return InvitedView(pairings.code_of(found.host))
