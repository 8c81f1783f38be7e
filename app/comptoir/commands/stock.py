"""The stock between two counts: what comes in, what is wasted, what was written down wrongly."""

from dataclasses import dataclass

from comptoir.commands.availability import LEFT_MILLI_MAX, REASON_CHARACTERS_MAX
from comptoir.commands.desk import MANAGERS, Command, Desk, handles
from comptoir.domain import events as ev
from comptoir.domain.availability import Availability, Count
from comptoir.domain.errors import AmountRefused, StockNotCounted, StockRefused
from comptoir.domain.house import KITCHEN, STOCK
from comptoir.domain.money import PPM
from comptoir.domain.stock import StockLimits
from comptoir.journal import Journal, Writing

KEEPERS = MANAGERS | {STOCK}
COOKS_TOO = KEEPERS | {KITCHEN}
ENTRIES_MAX = 500
AMOUNT_MAX = 100_000_000


@dataclass(frozen=True, slots=True)
class ReceiveStock(Command):
    """Say that so much of an item (or ``item/variant``) came in, in thousandths."""

    item: str
    qty_milli: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class WasteStock(Command):
    """Say that so much of an item was thrown away, in thousandths, and why."""

    item: str
    qty_milli: int
    reason: str


@dataclass(frozen=True, slots=True)
class UndoStock(Command):
    """Take back what was written as received or wasted since the count."""

    item: str
    entry: str


@dataclass(frozen=True, slots=True)
class RecountStock(Command):
    """Correct the count in force: so much was there when it was counted, in thousandths."""

    item: str
    left_milli: int


@dataclass(frozen=True, slots=True)
class SetStockLimits(Command):
    """Mark variances of the stock beyond these: minor units, parts per million of the expected."""

    amount: int
    share_ppm: int


@handles(ReceiveStock, KEEPERS)
def receive(command: ReceiveStock, writing: Writing, desk: Desk) -> None:
    """Write that it came in."""
    del desk
    count = _open_count(writing, command.item, command.qty_milli)
    note = command.note.strip()[:REASON_CHARACTERS_MAX]
    body = ev.StockReceived(command.item, count.id, command.id, command.qty_milli, note)
    writing.append(body)


@handles(WasteStock, COOKS_TOO)
def waste(command: WasteStock, writing: Writing, desk: Desk) -> None:
    """Write that it was wasted; why must be said."""
    del desk
    reason = command.reason.strip()[:REASON_CHARACTERS_MAX]
    if not reason:
        raise StockRefused("Say why it was thrown away.")
    count = _open_count(writing, command.item, command.qty_milli)
    writing.append(ev.StockWasted(command.item, count.id, command.id, command.qty_milli, reason))


@handles(UndoStock, KEEPERS, frozenset({KITCHEN}))
def undo(command: UndoStock, writing: Writing, desk: Desk) -> None:
    """Write that it never was; once."""
    del desk
    count = _count(writing, command.item)
    if all(one.id != command.entry or one.undone for one in count.entries):
        raise StockRefused("This is undone already, or the item was counted since. Look again.")
    writing.append(ev.StockUndone(command.item, count.id, command.entry))


@handles(RecountStock, KEEPERS)
def recount(command: RecountStock, writing: Writing, desk: Desk) -> None:
    """Write what the count should have said."""
    del desk
    if not 0 <= command.left_milli <= LEFT_MILLI_MAX:
        raise AmountRefused(f"What is left is between 0 and {LEFT_MILLI_MAX // 1000}.")
    count = _count(writing, command.item)
    writing.append(ev.StockRecounted(command.item, count.id, command.left_milli))


@handles(SetStockLimits, MANAGERS)
def set_limits(command: SetStockLimits, writing: Writing, desk: Desk) -> None:
    """Set them."""
    del desk
    if not (0 <= command.amount <= AMOUNT_MAX and 0 <= command.share_ppm <= PPM):
        raise AmountRefused("A limit is not less than nothing, a share at most 100 %.")
    writing.append(ev.StockLimitsSet(command.amount, command.share_ppm))


def stock_limits(journal: Journal) -> StockLimits:
    """Return from where on a variance is marked."""
    found: StockLimits = journal.state("tolerance:it")
    return found


def _count(writing: Writing, item: str) -> Count:
    """Return the count in force of an item; raises StockNotCounted when there is none."""
    known: Availability = writing.state(f"item:{item}")
    if not known.count:
        raise StockNotCounted(item)
    count: Count = writing.state(f"count:{known.count}")
    return count


def _open_count(writing: Writing, item: str, qty_milli: int) -> Count:
    """Return the count that an entry belongs to; raises AmountRefused, StockRefused."""
    if not 0 < qty_milli <= LEFT_MILLI_MAX:
        raise AmountRefused(f"A quantity is between 0.001 and {LEFT_MILLI_MAX // 1000}.")
    count = _count(writing, item)
    if len(count.entries) >= ENTRIES_MAX:
        raise StockRefused(f"{ENTRIES_MAX} entries stand since its count. Count it again.")
    return count
