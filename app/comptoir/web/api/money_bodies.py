"""What callers send about money: answers, tips, refunds, drawers, days."""

from typing import Annotated, Literal

from msgspec import Meta

from comptoir.domain.cash import Denomination
from comptoir.web.api.bodies import Amount, Body, Id, Quantity, Text

Share = Annotated[int, Meta(gt=0, le=1_000_000)]
Account = Annotated[str, Meta(min_length=1, max_length=64)]
Pieces = Annotated[tuple[Denomination, ...], Meta(max_length=40)]


class Answered(Body, frozen=True):
    """Whether the money of an open intent was received; ``ask`` leaves it open."""

    received: Literal["yes", "no", "ask"]


class NewAccountPayment(Body, frozen=True):
    """Money to ask for what is owed on a house account; its payment id is the caller's."""

    account: Account
    payment: Id
    tender: Text
    amount: Amount
    drawer: Text = ""


class TakenAccountPayment(Body, frozen=True):
    """Money that came for a house account, what was handed over, and what stands on the slip."""

    account: Account
    tendered: Amount
    reference: Text = ""


class AccountPaymentOff(Body, frozen=True):
    """A payment of a house account that did not happen."""

    account: Account
    reason: Text = ""


class NewTip(Body, frozen=True):
    """A payment's tip, as it is now."""

    tip: Amount


class NewTips(Body, frozen=True):
    """Tips to offer, in parts per million of what is paid; none offers none."""

    presets_ppm: Annotated[tuple[Share, ...], Meta(max_length=4)]


class NewScaleCodes(Body, frozen=True):
    """How the house's scales write their labels, such as ``21IIIIIWWWWWK``; none: they do not."""

    patterns: Annotated[tuple[Text, ...], Meta(max_length=12)]


class NewRefund(Body, frozen=True):
    """Money to give back of a payment; its refund id is the caller's."""

    refund: Id
    amount: Amount
    reason: Text
    tender: Text = ""
    reference: Text = ""


class Returned(Body, frozen=True):
    """How much of a line came back."""

    line: Id
    qty_milli: Quantity


class NewReturn(Body, frozen=True):
    """Lines that came back; what they cost is given back."""

    refund: Id
    lines: Annotated[tuple[Returned, ...], Meta(min_length=1, max_length=500)]
    reason: Text
    tender: Text = ""
    reference: Text = ""


class NewDrawer(Body, frozen=True):
    """A drawer to open with its float; with an owner, that waiter's wallet."""

    drawer: Id
    name: Text
    coins: Pieces = ()
    owner: Text = ""


class Moved(Body, frozen=True):
    """Cash put in, taken out, or brought to the safe."""

    what: Literal["pay_in", "pay_out", "drop"]
    amount: Amount
    reason: Text = ""


class Counted(Body, frozen=True):
    """What was counted."""

    coins: Pieces


class WantedSheet(Body, frozen=True):
    """What to print, and of what: a terminal, ``t1/12``, a drawer, a payment and its account."""

    what: Literal["x", "z", "drawer", "paid"]
    of: Annotated[str, Meta(min_length=1, max_length=140)]


class DayToClose(Body, frozen=True):
    """Which terminal's day; this one's when it is left empty."""

    terminal: Text = ""
