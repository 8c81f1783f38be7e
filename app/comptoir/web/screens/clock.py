"""The clock: at work, on a break, gone; for a manager everybody's, and who was refused here."""

from dataclasses import dataclass

from flask import render_template
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands.denials import denials
from comptoir.commands.shifts import BACK, IN, OUT, PAUSE, StampClock
from comptoir.domain.house import MANAGER, Staff
from comptoir.domain.shift import Shift, Timesheet
from comptoir.web import presentation
from comptoir.web.access import carry_out, command_id, field, person
from comptoir.web.screens.floor import go
from comptoir.web.screens.questions import who_is_who
from comptoir.web.screens.workplace import workplace
from comptoir.web.services import services

blueprint = workplace("clock", __name__)
SHIFTS_SHOWN_MAX = 14
DENIALS_SHOWN_MAX = 8


@dataclass(frozen=True, slots=True)
class Presence:
    """A person and their shifts, as the clock shows them."""

    person: Staff
    sheet: Timesheet
    now_ms: int

    @property
    def now(self) -> str:
        """Return ``out``, ``in`` or ``break``."""
        shift = self.sheet.open_shift
        if shift is None:
            return OUT
        return PAUSE if shift.on_break else IN

    @property
    def stamps(self) -> tuple[str, ...]:
        """Return what may follow, the likeliest first."""
        return {OUT: (IN,), IN: (OUT, PAUSE), PAUSE: (BACK, OUT)}[self.now]

    def worked(self, shift: Shift) -> str:
        """Return how long somebody worked, as hours and minutes."""
        return presentation.worked(shift.worked_ms(self.now_ms))


def _presence(staff: Staff) -> Presence:
    s = services()
    return Presence(staff, s.journal.state(f"shift:{staff.id}"), s.clock.now_ms())


@blueprint.get("/clock")
def show() -> str:
    """Show one's own clock; a manager sees everybody's."""
    s = services()
    chief = person().role == MANAGER
    people: list[Staff] = s.journal.states("staff") if chief else []
    return render_template(
        "money/clock.html",
        own=_presence(person()),
        shown_max=SHIFTS_SHOWN_MAX,
        others=[_presence(one) for one in people if one.active and one.id != person().id],
        denied=denials(s.journal, DENIALS_SHOWN_MAX) if chief else [],
        **who_is_who(),
    )


@blueprint.post("/clock")
def stamp() -> AnyResponse:
    """Stamp for oneself; a manager for another person."""
    carry_out(StampClock(command_id(), field("what"), field("staff", "")))
    return go("/clock")
