"""What is owed for a check: discounts, the service charge, splits, checks paid together."""

from dataclasses import dataclass
from typing import ClassVar

from comptoir.domain.events.base import CheckBody
from comptoir.domain.parts import Plan
from comptoir.domain.tax import TaxRate


@dataclass(frozen=True, slots=True)
class DiscountSet(CheckBody):
    """The discount of a line, or of the whole check when none is named; the last one wins.

    First the percentage (``ppm``, parts per million), then the amount (minor units); none of
    either takes the discount away.
    """

    KIND: ClassVar[str] = "check.discount_set"
    line: str = ""
    ppm: int = 0
    amount: int = 0
    name: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ServiceChargeSet(CheckBody):
    """What is added for service (``ppm``, parts per million), with its taxes; the last one wins."""

    KIND: ClassVar[str] = "check.service_charge_set"
    ppm: int
    name: str = ""
    taxes: tuple[TaxRate, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckSplit(CheckBody):
    """A check, or parts of it (``of``) that are still to pay, was divided into parts.

    ``how`` is ``items``, ``seats``, ``even`` or ``amounts``. Of two splits of the same the earlier
    one counts, but one on whose parts money was taken beats one without.
    """

    KIND: ClassVar[str] = "check.split"
    split: str
    how: str
    parts: tuple[Plan, ...]
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SplitsUndone(CheckBody):
    """Splits count no more, unless money was taken on one of their parts."""

    KIND: ClassVar[str] = "check.splits_undone"
    splits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChecksMerged(CheckBody):
    """The check ``source`` is paid with this one from now on; each keeps its own facts."""

    KIND: ClassVar[str] = "check.merged"
    source: str

    def aggregates(self) -> tuple[str, ...]:
        """Return both checks."""
        return (f"check:{self.check}", f"check:{self.source}")


@dataclass(frozen=True, slots=True)
class ChecksUnmerged(CheckBody):
    """The check ``source`` is paid for itself again, unless money was taken for both together."""

    KIND: ClassVar[str] = "check.unmerged"
    source: str

    def aggregates(self) -> tuple[str, ...]:
        """Return both checks."""
        return (f"check:{self.check}", f"check:{self.source}")


@dataclass(frozen=True, slots=True)
class Squared(CheckBody):
    """What a check of a paid bill came to, and what was taken on it by itself."""

    KIND: ClassVar[str] = "check.squared"
    total: int
    paid: int


BODIES = (
    DiscountSet,
    ServiceChargeSet,
    CheckSplit,
    SplitsUndone,
    ChecksMerged,
    ChecksUnmerged,
    Squared,
)
