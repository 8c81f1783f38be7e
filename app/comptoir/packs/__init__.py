"""Tax packs: what restaurants of a country or state charge, as data with its sources.

A file for each country, one region or more in it. A pack is where a house begins, not legal advice:
its taxes become records of the house's own menu, which its owner changes.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from comptoir.domain.errors import DomainError
from comptoir.domain.pricing import Rounding, Terms
from comptoir.domain.tax import TaxRate, Threshold

COUNTRIES = ("us", "ca", "mx", "uk", "fr", "ch")


class PackNotFound(DomainError):
    """There is no pack for this region."""

    code = "pack-not-found"
    status = 404

    def __init__(self, region: str) -> None:
        super().__init__(f"There is no tax pack {region!r}. Packs are {', '.join(regions())}.")


@dataclass(frozen=True, slots=True)
class Source:
    """A page that says what a rate is."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class PackTax:
    """A tax, the day from which it has this rate, and who says so."""

    rate: TaxRate
    since: date
    source: Source


@dataclass(frozen=True, slots=True)
class TaxPack:
    """What a region charges: ``classes`` has the tax ids of a class of items per order type."""

    region: str
    name: str
    country: str
    currency: str
    terms: Terms
    taxes: tuple[PackTax, ...]
    classes: Mapping[str, Mapping[str, tuple[str, ...]]]
    service_charge: tuple[str, ...]
    source: Source

    @property
    def rates(self) -> tuple[TaxRate, ...]:
        """Return the taxes in the order in which they are computed."""
        return tuple(tax.rate for tax in self.taxes)


def regions() -> tuple[str, ...]:
    """Return the names of all packs."""
    return tuple(_packs())


def load(region: str) -> TaxPack:
    """Return the pack of a region; raises PackNotFound."""
    try:
        return _packs()[region]
    except KeyError:
        raise PackNotFound(region) from None


@cache
def _packs() -> Mapping[str, TaxPack]:
    found: dict[str, TaxPack] = {}
    for country in COUNTRIES:
        text = (files(__name__) / f"{country}.toml").read_text(encoding="utf-8")
        data = tomllib.loads(text)
        found |= {name: _pack(name, region, data) for name, region in data["region"].items()}
    return found


def _pack(name: str, region: Mapping[str, Any], data: Mapping[str, Any]) -> TaxPack:
    sources = {key: Source(**source) for key, source in data["source"].items()}
    classes = {
        kind: {order_type: tuple(ids) for order_type, ids in by_type.items()}
        for kind, by_type in region["class"].items()
    }
    used = {tax for by_type in classes.values() for ids in by_type.values() for tax in ids}
    used.update(region["service_charge"])
    return TaxPack(
        name,
        region["name"],
        data["country"],
        data["currency"],
        Terms(Rounding(**data["rounding"]), data["cash_rounding"]),
        tuple(_tax(key, tax, sources) for key, tax in data["tax"].items() if key in used),
        classes,
        tuple(region["service_charge"]),
        sources[region["source"]],
    )


def _tax(key: str, tax: Mapping[str, Any], sources: Mapping[str, Source]) -> PackTax:
    when = Threshold(**tax["when"]) if "when" in tax else None
    rate = TaxRate(
        key,
        tax["name"],
        tax["rate_ppm"],
        tax.get("inclusive", False),
        tax.get("compound", False),
        when,
    )
    return PackTax(rate, tax["since"], sources[tax["source"]])
