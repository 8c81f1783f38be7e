"""Operations on the clock: in, out, breaks, cash tips declared, timesheets; and what time it is."""

from typing import Annotated, Literal

from msgspec import Meta

from comptoir.commands.clock_setting import LATEST_MS, SetClock
from comptoir.commands.denials import Denial, denials
from comptoir.commands.shifts import DeclareTips, StampClock
from comptoir.domain.errors import NotAllowed
from comptoir.domain.house import MANAGER
from comptoir.domain.shift import Timesheet
from comptoir.web.api import answers
from comptoir.web.api.bodies import Amount, Body, Text
from comptoir.web.api.caller import actor, carry_out, command_id
from comptoir.web.api.operation import Registry
from comptoir.web.services import services

shifts = Registry("shifts")
Moment = Annotated[int, Meta(ge=0, lt=LATEST_MS, description="milliseconds since 1970, UTC")]


class NewStamp(Body, frozen=True):
    """A stamp of the clock; for another person only by a manager."""

    what: Literal["in", "out", "break", "back"]
    staff: Text = ""


@shifts.commands("/shifts", answers.Done, body=NewStamp)
def stamp_clock(body: NewStamp) -> answers.Done:
    """Clock in or out, go on a break or come back."""
    return answers.done(*carry_out(StampClock(command_id(), body.what, body.staff)))


class NewDeclaration(Body, frozen=True):
    """The cash tips of a shift, minor units; of the newest when none is named."""

    amount: Amount
    shift: Text = ""


@shifts.commands("/shifts/<staff>/tips", answers.Done, method="PUT", body=NewDeclaration)
def declare_tips(staff: str, body: NewDeclaration) -> answers.Done:
    """Declare cash tips; for another person only a manager. The last word on a shift counts."""
    return answers.done(*carry_out(DeclareTips(command_id(), body.amount, staff, body.shift)))


class NewTime(Body, frozen=True):
    """What time it is now, in milliseconds since 1970 (UTC), where no clock says so."""

    at_ms: Moment


@shifts.commands("/clock", answers.Done, method="PUT", body=NewTime)
def set_clock(body: NewTime) -> answers.Done:
    """Say what time it is at this terminal; it counts until that is switched off."""
    return answers.done(*carry_out(SetClock.now(command_id(), body.at_ms, services().machine)))


class Denials(answers.Answer, frozen=True):
    """Denied attempts of the whole restaurant, newest first."""

    denials: tuple[Denial, ...]


@shifts.reads("/denials", Denials)
def list_denials() -> Denials:
    """List who was refused lately: wrong PINs, and approvals by who may not."""
    if actor().role != MANAGER:
        raise NotAllowed(f"A {actor().role} may not see this. Ask a manager.")
    return Denials(tuple(denials(services().journal)))


@shifts.reads("/shifts/<staff>", Timesheet)
def read_timesheet(staff: str) -> Timesheet:
    """Read somebody's shifts: one's own, or anybody's as a manager."""
    if actor().role != MANAGER and actor().id != staff:
        raise NotAllowed(f"A {actor().role} sees their own shifts only. Ask a manager.")
    sheet: Timesheet = services().journal.state(f"shift:{staff}")
    return sheet
