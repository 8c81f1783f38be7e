"""Where units are worked on: each gets its place, is flashed, noted in the log and labelled."""

import threading
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from imagebuilder.errors import BuildError
from imagebuilder.flashing import labels, unit
from imagebuilder.flashing.bars import Bars
from imagebuilder.flashing.book import Book, Line, Noted
from imagebuilder.flashing.image import Image
from imagebuilder.flashing.plan import Place
from imagebuilder.flashing.roster import Roster
from imagebuilder.flashing.unit import Outcome, Result, Stopped, Target

NO_PLACE = Outcome(Result.FAILED, "no row of the plan is left for it")


@dataclass
class Bench:
    """What all units of one delivery share; `stop` ends the work on all of them."""

    image: Image
    bars: Bars
    stop: threading.Event
    book: Book = field(default_factory=Book)
    roster: Roster | None = None  # without one, no unit is enrolled
    labels: Path | None = None
    _labelling: threading.Lock = field(default_factory=threading.Lock)

    def work(self, target: Target, eeprom: str = "") -> Outcome:
        """Flash one unit; every end of it is in the log before it is told."""
        serial = target.serial
        if not eeprom and target.disk and target.disk.is_module:
            eeprom = "not read"
        self.bars.begin(target.name, target.described)
        place = self.roster.take(serial) if self.roster else None
        if self.roster and not place:
            outcome = NO_PLACE
        else:
            outcome = self._flash(target, serial, place, eeprom)
        said = self._said(outcome, place) + (
            ", boot loader not read" if eeprom == "not read" else ""
        )
        self.bars.end(target.name, said, good=outcome.result is Result.GOOD)
        return outcome

    def _flash(self, target: Target, serial: str, place: Place | None, eeprom: str) -> Outcome:
        def told(step: str, share: float) -> None:
            if self.stop.is_set():
                raise Stopped
            if step == "enrol" and place:
                self.book.write(self._line(target, serial, place, Noted.ENROLLING, eeprom=eeprom))
            self.bars.told(target.name, step, share)

        try:
            outcome = unit.flash(self.image, target, place.enrolment if place else None, told)
            self.book.write(
                self._line(
                    target,
                    serial,
                    place,
                    _noted(outcome),
                    eeprom=eeprom,
                    seconds=f"{outcome.seconds:.1f}",
                    reason=outcome.reason,
                )
            )
        except BuildError as error:  # the log: without it, nothing counts as done
            outcome = Outcome(Result.FAILED, f"{error.what}: {error.hint}")
        finally:
            if self.roster and place:
                self.roster.give_back(place)
        self._label()
        return outcome

    def _line(
        self, target: Target, serial: str, place: Place | None, result: Noted, **more: str
    ) -> Line:
        return Line(
            time=datetime.now().astimezone().isoformat(timespec="seconds"),
            result=result,
            serial=serial,
            usb=target.disk.usb if target.disk else "",
            restaurant=place.restaurant if place else "",
            terminal=place.terminal_id if place else "",
            letter=place.letter if place else "",
            name=place.terminal if place else "",
            image=self.image.path.name,
            **more,
        )

    def _label(self) -> None:
        if not self.labels:
            return
        with self._labelling:
            try:
                labels.write(self.labels, self.book.good())
            except OSError as error:  # a label can be made again; the unit is good all the same
                self.bars.note(f"no labels: {error.strerror} ({self.labels})")

    def _said(self, outcome: Outcome, place: Place | None) -> str:
        if outcome.result is not Result.GOOD:
            return outcome.reason
        mib = self.image.blocks.mapped / (1 << 20)
        rate = mib / max(outcome.seconds, 0.001)
        who = f", is {place.terminal_id}" if place and place.terminal_id else ""
        took = f"{outcome.seconds:.1f} s ({rate:.0f} MiB/s)"
        return f"good{who}: {mib:.0f} MiB written and read back in {took}"


def _noted(outcome: Outcome) -> Noted:
    if outcome.result is Result.GOOD:
        return Noted.GOOD
    return Noted.IN_DOUBT if outcome.enrolled else Noted.FAILED
