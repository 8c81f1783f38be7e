"""What is left: count an item, take it off, bring it back; and what an order takes from a count."""

from dataclasses import dataclass, replace

from comptoir.commands.desk import EVERYBODY, Command, Desk, handles
from comptoir.domain import events as ev
from comptoir.domain.availability import Availability, Count
from comptoir.domain.check import Line
from comptoir.domain.errors import AmountRefused, ItemNotFound, ItemSoldOut
from comptoir.domain.menu import Menu, Names, named
from comptoir.domain.money import half_up
from comptoir.journal import Journal, Writing

LEFT_MILLI_MAX = 1_000_000_000
REASON_CHARACTERS_MAX = 200


@dataclass(frozen=True, slots=True)
class CountItem(Command):
    """Say how much is left of an item (or ``item/variant``), in thousandths."""

    item: str
    left_milli: int


@dataclass(frozen=True, slots=True)
class StopItem(Command):
    """Take an item off for now: "86"."""

    item: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BringBackItem(Command):
    """Say that an item is to be had again, as much as anyone wants."""

    item: str


@dataclass(frozen=True, slots=True)
class Left:
    """An item that is counted or taken off; ``left_milli`` is None when nobody counted it."""

    availability: Availability
    left_milli: int | None

    @property
    def to_be_had(self) -> bool:
        """Tell whether it can be ordered: not taken off, and not counted down to nothing."""
        return not self.availability.stopped and (self.left_milli is None or self.left_milli > 0)

    @property
    def oversold_milli(self) -> int:
        """Return how much more was sold than there was."""
        return max(0, -(self.left_milli or 0))


def _known(writing: Writing, name: str) -> str:
    item, _, variant = name.partition("/")
    found = (writing.state("menu:it")).item(item)
    if variant and variant not in {form.id for form in found.variants}:
        raise ItemNotFound(name)
    return name


@handles(CountItem, EVERYBODY)
def count_item(command: CountItem, writing: Writing, desk: Desk) -> None:
    """Begin a count of an item; it is the last word on what is left."""
    del desk
    if not 0 <= command.left_milli <= LEFT_MILLI_MAX:
        raise AmountRefused(f"What is left is between 0 and {LEFT_MILLI_MAX // 1000}.")
    item = _known(writing, command.item)
    writing.append(ev.ItemCounted(item, command.id, command.left_milli))


@handles(StopItem, EVERYBODY)
def stop_item(command: StopItem, writing: Writing, desk: Desk) -> None:
    """Take an item off on every terminal."""
    del desk
    reason = command.reason.strip()[:REASON_CHARACTERS_MAX]
    writing.append(ev.ItemStopped(_known(writing, command.item), reason))


@handles(BringBackItem, EVERYBODY)
def bring_back_item(command: BringBackItem, writing: Writing, desk: Desk) -> None:
    """Bring an item back."""
    del desk
    writing.append(ev.ItemBack(_known(writing, command.item)))


def take_from_count(writing: Writing, line: ev.LineAdded) -> ev.LineAdded:
    """Return the line with the count that it takes from; raises ItemSoldOut."""
    names = [f"{line.item}/{line.variant}", line.item] if line.variant else [line.item]
    states: list[Availability] = [writing.state(f"item:{name}") for name in names]
    for state in states:
        if state.stopped:
            raise ItemSoldOut(f"{named(line.names, 'en')} is off for now. {state.reason}".strip())
    counted = next((state for state in states if state.count), None)
    if counted is None:
        return line
    portion = line.portion_milli if counted.item == line.item else 1000
    _enough(writing, counted.count, line.names, half_up(line.qty_milli * portion, 1000))
    return replace(line, count=counted.count, portion_milli=portion)


def enough_left(writing: Writing, line: Line, more_milli: int) -> None:
    """Raise ItemSoldOut when a line cannot become so much more."""
    if line.count and more_milli > 0:
        _enough(writing, line.count, line.names, more_milli)


def _enough(writing: Writing, name: str, names: Names, wanted_milli: int) -> None:
    count: Count = writing.state(f"count:{name}")
    if count.left_milli < wanted_milli:
        left = max(0, count.left_milli)
        raise ItemSoldOut(
            f"{named(names, 'en')}: {left // 1000}.{left % 1000:03} left. Count again or sell less."
        )


def availability(journal: Journal) -> list[Left]:
    """Return every item of the menu that is counted or taken off, by its name."""
    menu: Menu = journal.state("menu:it")
    states: list[Availability] = journal.states("item")
    return [
        Left(state, journal.state(f"count:{state.count}").left_milli if state.count else None)
        for state in states
        if (state.stopped or state.count) and state.item.partition("/")[0] in menu.ids
    ]
