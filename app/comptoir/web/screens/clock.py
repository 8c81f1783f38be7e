"""The clock: at work, on a break, gone, with what cash tips; for a manager everybody's."""

from dataclasses import dataclass

from flask import render_template, request
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands.denials import denials
from comptoir.commands.shifts import BACK, IN, OUT, PAUSE, DeclareTips, StampClock
from comptoir.domain.errors import NotAllowed, ShiftRefused
from comptoir.domain.house import MANAGER, NO_GUESTS, Staff
from comptoir.domain.money import exponent
from comptoir.domain.shift import Shift, Timesheet
from comptoir.web import presentation
from comptoir.web.access import carry_out, command_id, field, house, number, person
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
        asks_tips="out" in request.args and _owes_word(person()),
        denied=denials(s.journal, DENIALS_SHOWN_MAX) if chief else [],
        **who_is_who(),
    )


@blueprint.post("/clock")
def stamp() -> AnyResponse:
    """Stamp for oneself; a manager for another person."""
    what, staff = field("what"), field("staff", "")
    carry_out(StampClock(command_id(), what, staff))
    return go("/clock?out=1" if what == OUT and not staff else "/clock")


def _owes_word(staff: Staff) -> bool:
    """Tell whether somebody who serves guests said nothing of the cash tips of their last shift."""
    sheet: Timesheet = services().journal.state(f"shift:{staff.id}")
    shift = sheet.newest
    return staff.role not in NO_GUESTS and shift is not None and shift.tips is None


@blueprint.get("/clock/tips")
def ask_tips() -> str:
    """Ask what a shift brought in cash tips: one's own newest, for a manager anybody's."""
    s, staff = services(), field("staff", person().id)
    if staff != person().id and person().role != MANAGER:
        raise NotAllowed("These are somebody else's tips. Ask a manager.")
    whose: Staff = s.journal.state(f"staff:{staff}")
    sheet: Timesheet = s.journal.state(f"shift:{staff}")
    shift = sheet.shift(field("shift", ""))
    if shift is None:
        raise ShiftRefused(f"{whose.name or staff} has no such shift. Clock in first.")
    digits = exponent(house().currency)
    return render_template("money/declared_sheet.html", whose=whose, shift=shift, digits=digits)


@blueprint.post("/clock/tips")
def declare_tips() -> AnyResponse:
    """Write them, and show anew what asked for them: the clock, a wallet, the report."""
    carry_out(DeclareTips(command_id(), number("amount"), field("staff", ""), field("shift", "")))
    return AnyResponse(status=204, headers={"HX-Refresh": "true"})
