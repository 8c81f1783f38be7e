"""What charts are drawn from: lengths in thousandths of the largest, worked out on the server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FULL = 1000
HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class Column:
    """A column with the one it is compared with behind it; heights in thousandths."""

    label: str
    value: int
    other: int
    height: int
    other_height: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a list with its bar; ``link`` opens what it is made of."""

    key: str
    label: str
    value: int
    length: int
    count: int = 0
    qty_milli: int = 0
    link: str = ""
    second: str = ""


def columns(
    labels: Sequence[str], values: Sequence[int], others: Sequence[int] = ()
) -> list[Column]:
    """Return columns of one scale."""
    rest = list(others) or [0] * len(values)
    top = max([*values, *rest, 1])
    return [
        Column(label, value, other, _share(value, top), _share(other, top))
        for label, value, other in zip(labels, values, rest, strict=True)
    ]


def lengths(values: Sequence[int]) -> list[int]:
    """Return how long each bar is."""
    top = max([*values, 1])
    return [_share(value, top) for value in values]


def _share(value: int, top: int) -> int:
    return max(0, value) * FULL // top


def trading_hours(first: Mapping[str, int], second: Mapping[str, int], begin: int) -> list[str]:
    """Return the hours with anything in them and those between, from the day's first hour on."""
    order = [f"{(begin + i) % HOURS_A_DAY:02}" for i in range(HOURS_A_DAY)]
    used = [i for i, hour in enumerate(order) if first.get(hour) or second.get(hour)]
    return order[used[0] : used[-1] + 1] if used else []
