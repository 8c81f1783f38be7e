"""A measured ratio and how it is printed: never without its two parts."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """Ours over a control of the same run; `aim` is what the project wants, not a limit."""

    name: str
    ours: float
    control: float
    unit: str
    aim: float | None = None

    def __str__(self) -> str:
        parts = f"{self.ours:.3g} {self.unit} ÷ {self.control:.3g} {self.unit}"
        aim = "" if self.aim is None else f"   aim ≤ {self.aim:g}"
        return f"  {self.name:34} {parts:30} = {self.ours / self.control:5.2f}{aim}"


@dataclass(frozen=True)
class Amount:
    """One measured amount; with an aim where the project has one."""

    name: str
    value: float
    unit: str
    aim: float | None = None

    def __str__(self) -> str:
        aim = "" if self.aim is None else f"   aim ≤ {self.aim:g}"
        return f"  {self.name:34} {self.value:.4g} {self.unit}{aim}"


Figure = Ratio | Amount | str


class NotMeasurable(Exception):
    """What a measurement needs is not there; the message says what to run first."""


def percentile(samples: Sequence[float], percent: float) -> float:
    """Return the nearest-rank percentile."""
    ordered = sorted(samples)
    rank = max(1, -(-len(ordered) * percent // 100))
    return ordered[int(rank) - 1]
