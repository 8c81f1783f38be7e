"""Who was refused at the door: wrong PINs, and people who may not approve."""

from dataclasses import dataclass
from typing import ClassVar

from comptoir.domain.events.base import Body

DENIALS = "denied:it"


@dataclass(frozen=True, slots=True)
class AccessDenied(Body):
    """Somebody was refused: their proof, to ``sign_in`` or to ``approve`` what another one did.

    Or their role, to ``act``: then ``reason`` is what they asked for, else the refusal's code.
    ``staff`` is who they said they were, empty when they did not say. The PIN itself is nowhere.
    """

    KIND: ClassVar[str] = "access.denied"
    what: str
    staff: str = ""
    reason: str = ""

    def aggregates(self) -> tuple[str, ...]:
        """Return where all of them are filed: never folded, read when a manager asks."""
        return (DENIALS,)


BODIES = (AccessDenied,)
