"""Approvals: a manager's PIN or badge approves one command of somebody else, for two minutes.

The token names the command by its id; any terminal of the restaurant believes it, so that a manager
can also approve from where they stand.
"""

import msgspec

from comptoir.commands import Actor
from comptoir.domain.errors import DomainError, NotAllowed
from comptoir.domain.house import MANAGER, Staff
from comptoir.web.services import services
from comptoir.web.tokens import Kind, TokenUnreadable

LIFE_MS = 2 * 60 * 1000
HEADER = "Comptoir-Approval"
NEEDED = "needed"


class ApprovalRefused(DomainError):
    """An approval of another command, of too long ago, or of nobody here."""

    code = "approval-refused"
    status = 403

    def __init__(self) -> None:
        super().__init__("This approval is not for this, or too old. Let the manager approve anew.")


class Approval(msgspec.Struct, frozen=True):
    """Who approved which command, on which terminal; ``expires`` in milliseconds since 1970."""

    terminal: str
    staff: str
    command: str
    expires: int


_KIND = Kind("ca1", b"comptoir approval\0", Approval)


def issue(person: Staff, command: str) -> Approval:
    """Return a person's approval of one command; raises NotAllowed for who is no manager."""
    if person.role != MANAGER:
        raise NotAllowed(f"A {person.role} approves nothing. Ask a manager.")
    s = services()
    return Approval(s.identity.terminal, person.id, command, s.clock.now_ms() + LIFE_MS)


def token(approval: Approval) -> str:
    """Return the token of an approval, signed by this terminal."""
    return _KIND.issue(approval, services().signer)


def approver(text: str, command: str) -> Actor:
    """Return who approved this command; raises ApprovalRefused when nobody did."""
    s = services()
    try:
        approval = _KIND.read(text, s.journal, s.identity.trust)
    except TokenUnreadable as error:
        raise ApprovalRefused from error
    person: Staff = s.journal.state(f"staff:{approval.staff}")
    fits = approval.command == command and approval.expires > s.clock.now_ms()
    if not (fits and person.active):
        raise ApprovalRefused
    return Actor(person.id, person.role)
