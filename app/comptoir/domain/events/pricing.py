"""How the house prices, and who owes no tax."""

from dataclasses import dataclass
from typing import ClassVar

from comptoir.domain.events.base import Body, CheckBody


@dataclass(frozen=True, slots=True)
class TermsSet(Body):
    """Checks opened from now on are priced like this; ``pack`` names the tax pack it came from.

    ``mode`` is ``half_up`` or ``half_even``, ``scope`` is ``line`` or ``bucket``, ``cash_rounding``
    the smallest coin in minor units.
    """

    KIND: ClassVar[str] = "pricing.terms_set"
    mode: str
    scope: str
    cash_rounding: int = 0
    pack: str = ""

    def aggregates(self) -> tuple[str, ...]:
        """Return the terms of the house."""
        return ("terms:it",)


@dataclass(frozen=True, slots=True)
class TaxExempted(CheckBody):
    """The guest of a check does not owe some taxes, or all when none is named; or owes them again.

    ``reference`` is the number of the certificate or card that was shown. The last one counts.
    """

    KIND: ClassVar[str] = "check.tax_exempted"
    reason: str
    taxes: tuple[str, ...] = ()
    reference: str = ""
    exempt: bool = True


@dataclass(frozen=True, slots=True)
class TipPresetsSet(Body):
    """These tips are offered from now on, each in parts per million of what is paid."""

    KIND: ClassVar[str] = "tips.set"
    presets_ppm: tuple[int, ...]

    def aggregates(self) -> tuple[str, ...]:
        """Return the tips of the house."""
        return ("tips:it",)


@dataclass(frozen=True, slots=True)
class ScaleCodesSet(Body):
    """The house's scales write labels like this: patterns of thirteen characters (EAN-13)."""

    KIND: ClassVar[str] = "scales.set"
    patterns: tuple[str, ...]

    def aggregates(self) -> tuple[str, ...]:
        """Return the scales of the house."""
        return ("scales:it",)


BODIES = (TermsSet, TaxExempted, TipPresetsSet, ScaleCodesSet)
