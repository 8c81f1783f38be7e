"""Refusals of the domain: each says what happened, where, and what to do next."""

from collections.abc import Mapping
from types import MappingProxyType


class Refusal(Exception):
    """Anything that ends in one line for a person: what, where, what to do next."""


class DomainError(Refusal):
    """A broken rule of the trade: ``code`` is for programs, the message is for people."""

    code = "refused"
    status = 409
    words: Mapping[str, str] = MappingProxyType({})
    """What the translated sentence names."""


class EventMalformed(DomainError):
    """Bytes that are no event: never stored, never folded."""

    code = "event-malformed"
    status = 400


class MoneyMismatch(DomainError):
    """Two currencies met in one sum."""

    code = "currency-mismatch"


class CheckNotFound(DomainError):
    """No check with this id is known here."""

    code = "check-not-found"
    status = 404

    def __init__(self, check: str) -> None:
        super().__init__(
            f"Check {check} is not known here. Go back to the floor and open it again."
        )


class CheckSettled(DomainError):
    """The check is paid in full; a paid check takes no more orders."""

    code = "check-settled"

    def __init__(self, number: str) -> None:
        super().__init__(f"Check {number} is paid. Open a new check for more.")


class LineNotFound(DomainError):
    """The check has no such line."""

    code = "line-not-found"
    status = 404

    def __init__(self, line: str, number: str) -> None:
        super().__init__(f"Line {line} is not on check {number}. Reload the check.")


class ItemNotFound(DomainError):
    """The menu has no such item."""

    code = "item-not-found"
    status = 404

    def __init__(self, item: str) -> None:
        super().__init__(f"{item!r} is not on the menu. Search again or import the menu.")


class ItemSoldOut(DomainError):
    """There is not enough left of an item, or it was taken off for now."""

    code = "item-sold-out"


class StockNotCounted(DomainError):
    """Nobody counted an item: nothing says what it would be added to or taken from."""

    code = "stock-not-counted"
    status = 422

    def __init__(self, item: str) -> None:
        super().__init__(f"Nobody counted {item!r} yet. Count it first.")


class StockRefused(DomainError):
    """What cannot be written about the stock as it stands."""

    code = "stock-refused"
    status = 422


class VariantRefused(DomainError):
    """The item does not come in this form, or its form must be said."""

    code = "variant-refused"
    status = 422


class MenuEditRefused(DomainError):
    """A change of the menu that would leave it broken."""

    code = "menu-edit-refused"
    status = 422


class ModifierRefused(DomainError):
    """The chosen modifiers break a group's minimum or maximum."""

    code = "modifier-refused"
    status = 422


class AmountRefused(DomainError):
    """An amount that cannot be taken."""

    code = "amount-refused"
    status = 422


class NotAllowed(DomainError):
    """The actor's role does not permit this."""

    code = "not-allowed"
    status = 403


class ApprovalNeeded(DomainError):
    """A manager must approve this one command, by PIN or badge."""

    code = "approval-needed"
    status = 403

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} needs a manager. Let one enter their PIN here.")


class PaymentAnsweredElsewhere(DomainError):
    """Somebody answered for this payment while its terminal was away."""

    code = "payment-answered"

    def __init__(self, received: str, by: str, terminal: str) -> None:
        super().__init__(
            f"{by} on {terminal} said of this money: received, {received}."
            " Look at the check; take what it still owes as a new payment."
        )


class BeingPaid(DomainError):
    """Somebody else is taking this money, or took it a moment ago; this payment was called off."""

    code = "being-paid"

    def __init__(self, where: str) -> None:
        self.words = {"where": where}
        super().__init__(f"This is being paid on {where}. Look there before you take money.")


class NobodyAnswered(DomainError):
    """A living terminal did not say whether it takes this money; the payment was called off."""

    code = "nobody-answered"

    def __init__(self, where: str) -> None:
        self.words = {"where": where}
        super().__init__(
            f"{where} does not answer. Look there whether this is paid, then try again."
        )


class DrawerNotOpen(DomainError):
    """No such drawer is open."""

    code = "drawer-not-open"

    def __init__(self, drawer: str) -> None:
        super().__init__(f"The drawer {drawer!r} is not open. Open it with its float first.")


class DrawerRefused(DomainError):
    """Something that cannot be done with this drawer now."""

    code = "drawer-refused"


class DrawerNotFound(DomainError):
    """No drawer with this id was ever opened."""

    code = "drawer-not-found"
    status = 404

    def __init__(self, drawer: str) -> None:
        super().__init__(f"The drawer {drawer!r} is not known here. Look at the list of drawers.")


class DayRefused(DomainError):
    """A day that cannot be closed now."""

    code = "day-refused"


class ShiftRefused(DomainError):
    """A stamp of the clock that does not follow from the one before."""

    code = "shift-refused"


class ClockRefused(DomainError):
    """A time that cannot be: this terminal has written down a later one."""

    code = "clock-refused"

    def __init__(self) -> None:
        super().__init__("This till has written down a later time already. Check date and hour.")


class VersionsMixed(DomainError):
    """A terminal or the cloud is still of a version that does not know this."""

    code = "versions-mixed"

    def __init__(self) -> None:
        super().__init__(
            "Another terminal, or the cloud, still runs an older version that does not know this."
            " Update it, then try again."
        )


class CommandIdReused(DomainError):
    """A command's id was used before, for something else."""

    code = "command-id-reused"
    status = 422

    def __init__(self) -> None:
        super().__init__("This id stands for another command already. Make a new one for this.")


class NothingToSend(DomainError):
    """Send was pressed and no line is waiting."""

    code = "nothing-to-send"


class PaymentNotFound(DomainError):
    """The check has no such payment."""

    code = "payment-not-found"
    status = 404

    def __init__(self, payment: str) -> None:
        super().__init__(f"Payment {payment} is not known on this check. Reload the check.")


class PartNotFound(DomainError):
    """The check has no such part any more."""

    code = "part-not-found"
    status = 404

    def __init__(self, part: str, number: str) -> None:
        super().__init__(
            f"Part {part} is not on check {number} any more: it was split elsewhere. "
            "Reload the check."
        )


class SplitRefused(DomainError):
    """A split, or an undo of one, that the check does not allow now."""

    code = "split-refused"


class MergeRefused(DomainError):
    """Two checks that cannot be paid together."""

    code = "merge-refused"
