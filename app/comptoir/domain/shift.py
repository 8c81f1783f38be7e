"""Clock in, breaks, clock out: a person's shifts, as they were stamped on any terminal."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from comptoir.domain import events as ev
from comptoir.domain.hlc import milliseconds


@dataclass(frozen=True, slots=True)
class Break:
    """A break; ``end_ms`` is 0 while it lasts."""

    start_ms: int
    end_ms: int = 0


@dataclass(frozen=True, slots=True)
class Shift:
    """From clocking in to clocking out; ``out_ms`` is 0 while it lasts.

    ``tips`` is the cash that the person declared to have got, None while nothing was said.
    """

    id: str
    in_ms: int
    business_date: str
    terminal: str
    out_ms: int = 0
    breaks: tuple[Break, ...] = ()
    tips: int | None = None

    @property
    def on_break(self) -> bool:
        """Tell whether the person is on a break now."""
        return not self.out_ms and any(not one.end_ms for one in self.breaks)

    def worked_ms(self, now_ms: int) -> int:
        """Return the time worked up to now, breaks taken off."""
        until = self.out_ms or now_ms
        pauses = (min(one.end_ms or until, until) - one.start_ms for one in self.breaks)
        return max(0, until - self.in_ms - sum(max(0, pause) for pause in pauses))


@dataclass(frozen=True, slots=True)
class Timesheet:
    """A person's shifts, oldest first; two open at once were begun on two sides of a cut."""

    staff: str
    shifts: tuple[Shift, ...] = ()

    @property
    def open_shift(self) -> Shift | None:
        """Return the shift that goes on now; None when the person is not at work."""
        return next((one for one in reversed(self.shifts) if not one.out_ms), None)

    @property
    def newest(self) -> Shift | None:
        """Return the shift that goes on now, else the last one."""
        return self.open_shift or (self.shifts[-1] if self.shifts else None)

    def shift(self, name: str) -> Shift | None:
        """Return a shift by its name, the newest when none is named."""
        return next((one for one in self.shifts if one.id == name), None) if name else self.newest

    def tips_of(self, date: str) -> int | None:
        """Return the cash tips declared for a business day, None when nothing was said."""
        said = [one.tips for one in self.shifts if one.business_date == date]
        told = [tips for tips in said if tips is not None]
        return sum(told) if told else None


def fold_shifts(staff: str, events: Sequence[ev.Event]) -> Timesheet:
    """Fold a person's stamps; of clock-outs the first counts, of declared tips the last."""
    shifts: dict[str, Shift] = {}
    for event in events:
        at_ms, envelope = milliseconds(event.envelope.hlc), event.envelope
        match event.body:
            case ev.ClockedIn(shift=name):
                new = Shift(name, at_ms, envelope.business_date, envelope.terminal)
                shifts.setdefault(name, new)
            case ev.ClockedOut(shift=name) if name in shifts and not shifts[name].out_ms:
                shifts[name] = replace(shifts[name], out_ms=at_ms)
            case ev.BreakStarted(shift=name) if name in shifts and not shifts[name].on_break:
                more = (*shifts[name].breaks, Break(at_ms))
                shifts[name] = replace(shifts[name], breaks=more)
            case ev.BreakEnded(shift=name) if name in shifts and shifts[name].on_break:
                *before, last = shifts[name].breaks
                ended = (*before, replace(last, end_ms=at_ms))
                shifts[name] = replace(shifts[name], breaks=ended)
            case ev.TipsDeclared(shift=name, amount=amount) if name in shifts:
                shifts[name] = replace(shifts[name], tips=amount)
            case _:
                pass
    return Timesheet(staff, tuple(shifts.values()))
