"""How a check is split into parts, and which splits are in force.

A split divides the whole check, or parts of it that are still to pay, anew. Of two splits of the
same the earlier one counts; but money decides: a split with money on one of its parts beats one
without, and an undo too. Whoever lost sees why among the check's notices.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

WHOLE = ""
ITEMS, SEATS, EVEN, AMOUNTS = "items", "seats", "even", "amounts"
WAYS = (ITEMS, SEATS, EVEN, AMOUNTS)


@dataclass(frozen=True, slots=True)
class Share:
    """A part's share of a line: its weight among the parts that name the line."""

    line: str
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """What a part is to be: some lines, some seats, ``weight`` of equal parts, or an amount.

    Of a split by amounts, parts without an amount share what is left.
    """

    id: str
    name: str = ""
    lines: tuple[Share, ...] = ()
    seats: tuple[int, ...] = ()
    weight: int = 1
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Split:
    """A split as it was asked for: of which parts (none: the whole check), which way, into what."""

    id: str
    how: str
    parts: tuple[Plan, ...]
    of: tuple[str, ...] = ()
    terminal: str = ""
    by: str = ""
    at_ms: int = 0
    undone: bool = False

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the parts that it divides."""
        return self.of or (WHOLE,)

    @property
    def rest(self) -> str:
        """Return the id of the part for whatever belongs to none of the others."""
        return f"{self.id}.rest"

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of its parts, the rest's last."""
        return (*(plan.id for plan in self.parts), self.rest)


def with_money(splits: Iterable[Split], paid: Iterable[str]) -> set[str]:
    """Return the ids of the splits that have money on a part, or on a part of a part."""
    owners = {part: split for split in splits for part in split.ids}
    found: set[str] = set()
    waiting = list(paid)
    while waiting:
        split = owners.get(waiting.pop())
        if split is not None and split.id not in found:
            found.add(split.id)
            waiting += split.of
    return found


def in_force(splits: Sequence[Split], paid: Iterable[str]) -> tuple[Split, ...]:
    """Return the splits that count, each after those whose parts it divides.

    ``splits`` in the order of their facts; ``paid`` are the parts on which money was taken.
    """
    moneyed = with_money(splits, paid)
    waiting = [split for split in splits if split.id in moneyed]
    waiting += [split for split in splits if split.id not in moneyed and not split.undone]
    leaves = {WHOLE}
    found: list[Split] = []
    while waiting:
        split = next((one for one in waiting if leaves.issuperset(one.sources)), None)
        if split is None:
            break
        waiting.remove(split)
        leaves = (leaves - set(split.sources)) | set(split.ids)
        found.append(split)
    return tuple(found)


def below(splits: Iterable[Split]) -> Mapping[str, frozenset[str]]:
    """Return, for each part of splits in force, the parts it ended up in; a leaf, in itself."""
    made: dict[str, tuple[str, ...]] = {}
    for split in splits:
        made |= dict.fromkeys(split.sources, split.ids)
    parts = {WHOLE, *made, *(part for ids in made.values() for part in ids)}
    return {part: frozenset(_leaves(part, made)) for part in parts}


def _leaves(part: str, made: Mapping[str, tuple[str, ...]]) -> list[str]:
    if part not in made:
        return [part]
    return [leaf for each in made[part] for leaf in _leaves(each, made)]
