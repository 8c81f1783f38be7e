"""How guests are served: what courses are called, eaten in or taken away, the bill asked for."""

from dataclasses import dataclass
from typing import ClassVar

from comptoir.domain.events.base import Body, CheckBody
from comptoir.domain.menu import Names
from comptoir.domain.tax import TaxRate


@dataclass(frozen=True, slots=True)
class CoursesNamed(Body):
    """What the house calls its courses, the first one first; the last writer wins."""

    KIND: ClassVar[str] = "courses.named"
    names: tuple[Names, ...]

    def aggregates(self) -> tuple[str, ...]:
        """Return the courses."""
        return ("courses:it",)


@dataclass(frozen=True, slots=True)
class BillAsked(CheckBody):
    """The guests have asked for their bill, or will stay a while after all; the last one wins."""

    KIND: ClassVar[str] = "check.bill_asked"
    asked: bool = True


@dataclass(frozen=True, slots=True)
class OrderTypeSet(CheckBody):
    """A check is now eaten in or taken away: these lines owe the taxes of that, in their order.

    Prices stay as they were said to the guest.
    """

    KIND: ClassVar[str] = "check.order_type_set"
    order_type: str
    lines: tuple[str, ...] = ()
    taxes: tuple[tuple[TaxRate, ...], ...] = ()


BODIES = (CoursesNamed, BillAsked, OrderTypeSet)
