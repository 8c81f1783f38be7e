"""Money of a check: about to be taken, taken, not taken."""

from dataclasses import dataclass, field
from typing import ClassVar

from comptoir.domain.events.base import CheckBody, in_drawer, on_account
from comptoir.domain.events.offline import during


@dataclass(frozen=True, slots=True)
class PaymentIntended(CheckBody):
    """Money is about to be taken; written before anyone is asked for it.

    ``part`` is the part of a split check it is for, ``settles`` what that part comes to when
    this pays all of it. ``away`` names the time without the cloud in which it was, if it was.
    """

    KIND: ClassVar[str] = "payment.intended"
    payment: str
    tender: str
    amount: int
    tip: int = field(default=0, kw_only=True)
    account: str = field(default="", kw_only=True)
    drawer: str = field(default="", kw_only=True)
    part: str = ""
    settles: int = 0
    away: str = ""

    def aggregates(self) -> tuple[str, ...]:
        return (f"check:{self.check}", *during(self.away))


@dataclass(frozen=True, slots=True)
class PaymentTaken(CheckBody):
    """Money moved; never dropped, whatever else happened to the check.

    ``tip`` comes on top of ``amount``. ``rounding`` is what cash came to more, or less, than the
    amount, for want of small coins. ``drawer`` is the drawer or the wallet it went into.
    ``together`` are the checks that were one bill when it was taken.
    """

    KIND: ClassVar[str] = "payment.taken"
    payment: str
    tender: str
    amount: int
    tendered: int
    change: int
    tip: int = field(default=0, kw_only=True)
    rounding: int = field(default=0, kw_only=True)
    reference: str = field(default="", kw_only=True)
    account: str = field(default="", kw_only=True)
    drawer: str = field(default="", kw_only=True)
    part: str = ""
    settles: int = 0
    together: tuple[str, ...] = ()

    def aggregates(self) -> tuple[str, ...]:
        return (f"check:{self.check}", *in_drawer(self.drawer), *on_account(self.account))


@dataclass(frozen=True, slots=True)
class PaymentCancelled(CheckBody):
    """An intended payment did not happen."""

    KIND: ClassVar[str] = "payment.cancelled"
    payment: str
    reason: str


BODIES = (PaymentIntended, PaymentTaken, PaymentCancelled)
