"""A technician's visit, for a manager: who asks, let them in or send them away, end the visit."""

from dataclasses import dataclass

from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands.visits import EndVisit, GrantVisit
from comptoir.domain.errors import DomainError
from comptoir.web.access import carry_out, command_id
from comptoir.web.screens.floor import go
from comptoir.web.screens.manager.door import managers
from comptoir.web.services import Services, services
from comptoir.web.visitors import Knock

blueprint = managers("visit", __name__)
PAGE = "/manager/terminals"
MINUTE_MS = 60_000


class NobodyAsks(DomainError):
    """Who was to be let in does not ask any more."""

    code = "nobody-asks"
    status = 404

    def __init__(self) -> None:
        super().__init__("This technician does not wait any more. They may ask once again.")


@dataclass(frozen=True, slots=True)
class Visiting:
    """Who waits at this terminal, who is in, and for how many minutes yet."""

    waiting: tuple[Knock, ...]
    technician: str
    minutes: int


def now(s: Services) -> Visiting:
    """Return how things stand with technicians."""
    minutes = -(-s.door.left_ms() // MINUTE_MS)
    waiting = tuple(s.knocks.waiting(s.clock.now_ms()))
    return Visiting(waiting, s.door.visit().technician if minutes else "", minutes)


@blueprint.post("/manager/visit/<code>/in")
def let_in(code: str) -> AnyResponse:
    """Let one who waits in to all terminals, for an hour."""
    s = services()
    waiting = {one.code: one for one in s.knocks.waiting(s.clock.now_ms())}
    if code not in waiting:
        raise NobodyAsks
    one = waiting[code]
    carry_out(GrantVisit(command_id(), one.technician, one.key))
    s.knocks.answered(code)
    return go(PAGE)


@blueprint.post("/manager/visit/<code>/away")
def send_away(code: str) -> AnyResponse:
    """Send one who waits away."""
    services().knocks.answered(code)
    return go(PAGE)


@blueprint.post("/manager/visit/end")
def end() -> AnyResponse:
    """End the visit at once."""
    carry_out(EndVisit(command_id()))
    return go(PAGE)
