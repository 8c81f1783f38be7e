"""What the screens and the API work with, built by the bootstrap and handed to the factory."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from flask import current_app, g

from comptoir.commands import Desk
from comptoir.enrolment import Enrolment
from comptoir.identity import Identity
from comptoir.journal import Clock, Journal, Signer
from comptoir.journal.known_time import Machine
from comptoir.settings import Settings
from comptoir.web.changes import Changes
from comptoir.web.ether import Ether
from comptoir.web.front import Front
from comptoir.web.newcomers import Newcomers
from comptoir.web.printers import PrinterBoard
from comptoir.web.safety import SafetyBoard
from comptoir.web.throttle import Throttle
from comptoir.web.updates import UpdateBoard
from comptoir.web.visitors import Door, Knocks

EXTENSION = "comptoir"


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that a till's web side needs; ``signer`` holds the terminal's key.

    ``enrol`` makes the enrolment of a new terminal: of its id, its name, and where it reaches us.
    """

    settings: Settings
    desk: Desk
    journal: Journal
    identity: Identity
    clock: Clock
    signer: Signer
    machine: Machine
    changes: Changes
    enrol: Callable[[str, str, str], Enrolment]
    safety: SafetyBoard
    printers: PrinterBoard = field(default_factory=lambda: PrinterBoard(lambda: None))
    updates: UpdateBoard = field(default_factory=lambda: UpdateBoard(lambda: None))
    throttle: Throttle = field(default_factory=Throttle)
    front: Front = field(default_factory=Front)
    knocks: Knocks = field(default_factory=Knocks)
    version: str = field(default_factory=lambda: version("comptoir"))
    door: Door = field(init=False)
    newcomers: Newcomers = field(init=False)

    def __post_init__(self) -> None:
        """Put the technicians' door beside the desk whose word it takes, and hear who is new."""
        file = Path(self.settings.visit_file) if self.settings.visit_file else None
        object.__setattr__(self, "door", Door(file, self.desk, self.machine.uptime_ms))
        newcomers = Newcomers(
            Ether(self.settings.newcomers_port),
            self.desk,
            self.identity,
            self.settings.http_port,
            self.changes.notify,
        )
        object.__setattr__(self, "newcomers", newcomers)


def services() -> Services:
    """Return the services of the running application, or those of training for who trains."""
    found: Services = g.get("playground") or current_app.extensions[EXTENSION]
    return found
