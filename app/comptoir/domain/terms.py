"""How the house prices its checks: rounding and the smallest coin, and the pack they came from."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from comptoir.domain import events as ev
from comptoir.domain.pricing import Rounding, Terms
from comptoir.domain.tax import Exemption
from comptoir.domain.tender import TIP_PRESETS_PPM


@dataclass(frozen=True, slots=True)
class HouseTerms:
    """The terms in force for checks that are opened now."""

    terms: Terms = field(default_factory=Terms)
    pack: str = ""

    @property
    def copied(self) -> Terms | None:
        """Return what a new check keeps a copy of; None stands for the plain terms."""
        return None if self.terms == Terms() else self.terms


def fold_terms(_: str, events: Sequence[ev.Event]) -> HouseTerms:
    """Fold the terms; the last writer wins."""
    state = HouseTerms()
    for event in events:
        if isinstance(body := event.body, ev.TermsSet):
            state = HouseTerms(
                Terms(Rounding(body.mode, body.scope), body.cash_rounding), body.pack
            )
    return state


@dataclass(frozen=True, slots=True)
class TipPresets:
    """The tips that are offered, in parts per million of what is paid."""

    presets_ppm: tuple[int, ...] = TIP_PRESETS_PPM


def fold_tips(_: str, events: Sequence[ev.Event]) -> TipPresets:
    """Fold the offered tips; the last writer wins."""
    said = [event.body for event in events if isinstance(event.body, ev.TipPresetsSet)]
    return TipPresets(said[-1].presets_ppm) if said else TipPresets()


def fold_exemption(events: Sequence[ev.Event]) -> Exemption | None:
    """Fold who owes no tax on a check; the last word counts."""
    state: Exemption | None = None
    for event in events:
        if isinstance(body := event.body, ev.TaxExempted):
            found = Exemption(body.reason, body.taxes, body.reference)
            state = found if body.exempt else None
    return state
