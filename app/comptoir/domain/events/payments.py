"""Money of a check: about to be taken, taken, not taken."""

from dataclasses import dataclass
from typing import ClassVar

from comptoir.domain.events.base import CheckBody


@dataclass(frozen=True, slots=True)
class PaymentIntended(CheckBody):
    """Money is about to be taken; written before anyone is asked for it.

    ``part`` is the part of a split check it is for, ``owed`` what that part owes just before.
    """

    KIND: ClassVar[str] = "payment.intended"
    payment: str
    tender: str
    amount: int
    part: str = ""
    owed: int = 0


@dataclass(frozen=True, slots=True)
class PaymentTaken(CheckBody):
    """Money moved; never dropped, whatever else happened to the check."""

    KIND: ClassVar[str] = "payment.taken"
    payment: str
    tender: str
    amount: int
    tendered: int
    change: int
    part: str = ""
    owed: int = 0


@dataclass(frozen=True, slots=True)
class PaymentCancelled(CheckBody):
    """An intended payment did not happen."""

    KIND: ClassVar[str] = "payment.cancelled"
    payment: str
    reason: str


BODIES = (PaymentIntended, PaymentTaken, PaymentCancelled)
