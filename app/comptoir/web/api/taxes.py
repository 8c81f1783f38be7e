"""Operations of pricing: the house's terms, tax packs, guests who owe no tax."""

from typing import Annotated, Literal

from msgspec import Meta

from comptoir import packs
from comptoir.commands import queries
from comptoir.commands.terms import ApplyTaxPack, ExemptCheck, SetTerms
from comptoir.domain.tax import TaxRate
from comptoir.packs import TaxPack
from comptoir.web.api import answers, bodies
from comptoir.web.api.caller import carry_out, command_id
from comptoir.web.api.operation import Registry
from comptoir.web.services import services

taxes = Registry("taxes")


class Terms(bodies.Body, frozen=True):
    """How checks are priced from now on; ``cash_rounding`` is the smallest coin, 0 for none."""

    mode: Literal["half_up", "half_even"] = "half_up"
    scope: Literal["line", "bucket"] = "bucket"
    cash_rounding: Annotated[int, Meta(ge=0, le=10_000)] = 0


class Exempted(bodies.Body, frozen=True):
    """Which taxes a guest does not owe, none named for all of them, and why."""

    reason: bodies.Text = ""
    taxes: Annotated[tuple[bodies.Id, ...], Meta(max_length=20)] = ()
    reference: bodies.Text = ""
    exempt: bool = True


class TermsView(answers.Answer, frozen=True):
    """The terms in force, and the tax pack they came from, if any."""

    mode: str
    scope: str
    cash_rounding: int
    pack: str


class PackTaxView(answers.Answer, frozen=True):
    """A tax of a pack: since when it has this rate, and the page that says so."""

    rate: TaxRate
    since: str
    title: str
    url: str


class PackView(answers.Answer, frozen=True):
    """A tax pack; ``classes`` are tax ids by class of items and order type."""

    region: str
    name: str
    country: str
    currency: str
    cash_rounding: int
    taxes: tuple[PackTaxView, ...]
    classes: dict[str, dict[str, tuple[str, ...]]]
    service_charge: tuple[str, ...]
    source: str


class PackList(answers.Answer, frozen=True):
    """Every tax pack."""

    packs: tuple[PackView, ...]


@taxes.reads("/terms", TermsView)
def read_terms() -> TermsView:
    """Read how checks are priced."""
    state = queries.terms(services().journal)
    terms = state.terms
    return TermsView(terms.rounding.mode, terms.rounding.scope, terms.cash_rounding, state.pack)


@taxes.commands("/terms", answers.Done, method="PUT", body=Terms)
def set_terms(body: Terms) -> answers.Done:
    """Set how checks opened from now on are priced."""
    command = SetTerms(command_id(), body.mode, body.scope, body.cash_rounding)
    return answers.done(*carry_out(command))


@taxes.reads("/tax-packs", PackList)
def list_tax_packs() -> PackList:
    """List the tax packs with their rates and sources."""
    return PackList(tuple(_pack(packs.load(region)) for region in packs.regions()))


@taxes.commands("/tax-packs/<region>/apply", answers.Done, body=bodies.Nothing)
def apply_tax_pack(region: str, body: bodies.Nothing) -> answers.Done:
    """Put a region's taxes on the menu and its terms in force."""
    del body
    return answers.done(*carry_out(ApplyTaxPack(command_id(), region)))


@taxes.commands("/checks/<check>/exemption", answers.Done, method="PUT", body=Exempted)
def exempt_check(check: str, body: Exempted) -> answers.Done:
    """Say that a guest does not owe some taxes, with the reason; or owes them again."""
    command = ExemptCheck(command_id(), check, body.reason, body.taxes, body.reference, body.exempt)
    outcome, safety = carry_out(command)
    now = queries.check(services().journal, check, outcome.states)
    return answers.done(outcome, safety, now)


def _pack(pack: TaxPack) -> PackView:
    return PackView(
        pack.region,
        pack.name,
        pack.country,
        pack.currency,
        pack.terms.cash_rounding,
        tuple(
            PackTaxView(tax.rate, tax.since.isoformat(), tax.source.title, tax.source.url)
            for tax in pack.taxes
        ),
        {name: dict(by_type) for name, by_type in pack.classes.items()},
        pack.service_charge,
        pack.source.url,
    )
