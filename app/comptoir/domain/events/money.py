"""Money of a check after the fact: who says it was received, its tip, what was given back.

And what was paid off of a house account.
"""

from dataclasses import dataclass
from typing import ClassVar

from comptoir.domain.events.base import Body, CheckBody, in_drawer, on_account
from comptoir.domain.payment import ReturnedLine


@dataclass(frozen=True, slots=True)
class PaymentAnswered(CheckBody):
    """Somebody says whether the money of an open intent was received: ``yes``, ``no`` or ``ask``.

    Written when the terminal that meant to take it died before it could say. A yes beats a no, and
    what that terminal itself wrote beats both: money that moved is never dropped.
    """

    KIND: ClassVar[str] = "payment.answered"
    payment: str
    received: str
    tender: str
    amount: int
    tip: int = 0
    drawer: str = ""
    account: str = ""

    def aggregates(self) -> tuple[str, ...]:
        return (f"check:{self.check}", *in_drawer(self.drawer), *on_account(self.account))


@dataclass(frozen=True, slots=True)
class TipSet(CheckBody):
    """The tip of a payment is now this; ``was`` is what it was where this was written."""

    KIND: ClassVar[str] = "payment.tip_set"
    payment: str
    tip: int
    was: int = 0
    drawer: str = ""
    account: str = ""

    def aggregates(self) -> tuple[str, ...]:
        return (f"check:{self.check}", *in_drawer(self.drawer), *on_account(self.account))


@dataclass(frozen=True, slots=True)
class PaymentRefunded(CheckBody):
    """Money of a payment was given back; ``goods`` of it for lines that came back.

    What goods cost comes off the sale, with the taxes that were stored with it; the rest was paid
    by mistake, or twice.
    """

    KIND: ClassVar[str] = "payment.refunded"
    refund: str
    payment: str
    tender: str
    amount: int
    reason: str
    goods: int = 0
    returned: tuple[ReturnedLine, ...] = ()
    reference: str = ""
    drawer: str = ""
    account: str = ""

    def aggregates(self) -> tuple[str, ...]:
        return (f"check:{self.check}", *in_drawer(self.drawer), *on_account(self.account))


@dataclass(frozen=True, slots=True)
class AccountPaid(Body):
    """What is owed on a house account was paid off, or a part of it; ``tender`` is how.

    ``rounding`` is what cash came to more, or less, than the amount, for want of small coins.
    ``drawer`` is the drawer or the wallet it went into.
    """

    KIND: ClassVar[str] = "account.paid"
    account: str
    payment: str
    tender: str
    amount: int
    tendered: int
    change: int = 0
    rounding: int = 0
    reference: str = ""
    drawer: str = ""

    def aggregates(self) -> tuple[str, ...]:
        return (*on_account(self.account), *in_drawer(self.drawer))


@dataclass(frozen=True, slots=True)
class AccountPaymentIntended(Body):
    """Money is about to be taken for what is owed on a house account; written before it moves."""

    KIND: ClassVar[str] = "account.intended"
    account: str
    payment: str
    tender: str
    amount: int
    drawer: str = ""

    def aggregates(self) -> tuple[str, ...]:
        return on_account(self.account)


@dataclass(frozen=True, slots=True)
class AccountPaymentCancelled(Body):
    """An intended payment of a house account did not happen."""

    KIND: ClassVar[str] = "account.cancelled"
    account: str
    payment: str
    reason: str = ""

    def aggregates(self) -> tuple[str, ...]:
        return on_account(self.account)


BODIES = (
    PaymentAnswered,
    TipSet,
    PaymentRefunded,
    AccountPaid,
    AccountPaymentIntended,
    AccountPaymentCancelled,
)
