"""How the house prices its checks: rounding and the smallest coin, and the pack they came from."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from comptoir.domain import events as ev
from comptoir.domain.pricing import Rounding, Terms
from comptoir.domain.tax import Exemption


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


def fold_exemption(events: Sequence[ev.Event]) -> Exemption | None:
    """Fold who owes no tax on a check; the last word counts."""
    state: Exemption | None = None
    for event in events:
        if isinstance(body := event.body, ev.TaxExempted):
            found = Exemption(body.reason, body.taxes, body.reference)
            state = found if body.exempt else None
    return state
