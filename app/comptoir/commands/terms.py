"""How the house prices: its rounding, the taxes of its place, and guests who owe no tax."""

from dataclasses import dataclass

from comptoir import packs
from comptoir.commands.bills import unpaid
from comptoir.commands.desk import MANAGERS, SERVICE, TILLS, Command, Desk, handles
from comptoir.domain import events as ev
from comptoir.domain.errors import AmountRefused, DomainError
from comptoir.domain.pricing import BUCKET, HALF_UP
from comptoir.domain.pricing.sheet import MODES, SCOPES
from comptoir.journal import Writing

COIN_MAX = 10_000
REASON_CHARACTERS_MAX = 200


class PackRefused(DomainError):
    """A tax pack of another currency than the house's."""

    code = "pack-refused"
    status = 422


@dataclass(frozen=True, slots=True)
class SetTerms(Command):
    """Say how checks are priced from now on; ``cash_rounding`` is the smallest coin."""

    mode: str = HALF_UP
    scope: str = BUCKET
    cash_rounding: int = 0


@dataclass(frozen=True, slots=True)
class ApplyTaxPack(Command):
    """Take over the taxes and the terms of a region."""

    region: str


@dataclass(frozen=True, slots=True)
class ExemptCheck(Command):
    """Say that the guest owes none of these taxes, or of all when none is named; or owes them."""

    check: str
    reason: str
    taxes: tuple[str, ...] = ()
    reference: str = ""
    exempt: bool = True


@handles(SetTerms, MANAGERS)
def set_terms(command: SetTerms, writing: Writing, desk: Desk) -> None:
    """Set the terms; checks that are open keep theirs."""
    del desk
    if command.mode not in MODES:
        raise AmountRefused(f"{command.mode!r} is no rounding; use {' or '.join(MODES)}.")
    if command.scope not in SCOPES:
        raise AmountRefused(f"{command.scope!r} is no scope; use {' or '.join(SCOPES)}.")
    if not 0 <= command.cash_rounding <= COIN_MAX:
        raise AmountRefused(f"The smallest coin is from 0 (none) to {COIN_MAX} minor units.")
    writing.append(ev.TermsSet(command.mode, command.scope, command.cash_rounding))


@handles(ApplyTaxPack, MANAGERS)
def apply_tax_pack(command: ApplyTaxPack, writing: Writing, desk: Desk) -> None:
    """Put a pack's taxes on the menu, beside those that are there, and its terms in force."""
    del desk
    pack = packs.load(command.region)
    currency = writing.state("restaurant:it").currency
    if pack.currency != currency:
        raise PackRefused(f"{pack.name} takes {pack.currency}, this house {currency}.")
    for tax in pack.rates:
        writing.append(ev.MenuTaxSet(tax))
    rounding = pack.terms.rounding
    writing.append(
        ev.TermsSet(rounding.mode, rounding.scope, pack.terms.cash_rounding, pack.region)
    )


@handles(ExemptCheck, TILLS, approved=SERVICE)
def exempt_check(command: ExemptCheck, writing: Writing, desk: Desk) -> None:
    """Exempt a check that is not paid; the reason stays on record."""
    del desk
    check = unpaid(writing, command.check)
    reason = command.reason.strip()[:REASON_CHARACTERS_MAX]
    if command.exempt and not reason:
        raise AmountRefused("Say why this guest owes no tax: the certificate, the embassy.")
    known = {tax.id for line in check.live_lines for tax in line.taxes}
    unknown = sorted(set(command.taxes) - known)
    if command.exempt and unknown:
        raise AmountRefused(f"Check {check.number} has no tax {', '.join(unknown)}.")
    writing.append(
        ev.TaxExempted(
            command.check,
            reason,
            command.taxes,
            command.reference.strip()[:REASON_CHARACTERS_MAX],
            command.exempt,
        )
    )
