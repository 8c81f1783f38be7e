"""Shows tax packs, and hands one to this terminal's till, as a manager does over its API."""

from collections.abc import Iterator
from uuid import uuid4

from comptoir.api_client import TillClient, TillUnreachable
from comptoir.commands.menu_cells import percent
from comptoir.domain.errors import DomainError
from comptoir.domain.tax import QUANTITY, Threshold
from comptoir.packs import PackTax, TaxPack


class PackNotTaken(DomainError):
    """The till did not take the pack; nothing changed."""

    code = "pack-not-taken"


def apply(region: str, client: TillClient, pin: str) -> None:
    """Apply a region's pack; raises PackNotTaken, and then nothing changed."""
    try:
        session = client.post("/api/v1/sessions", {"pin": pin}, uuid4().hex)
        if not session.ok:
            raise PackNotTaken(f"The till does not know this PIN: {session.detail}")
        client.token = session.body["token"]
        done = client.post(f"/api/v1/tax-packs/{region}/apply", {}, uuid4().hex)
        if not done.ok:
            raise PackNotTaken(f"The till did not take {region}: {done.detail}")
    except TillUnreachable as error:
        raise PackNotTaken(f"{error}. Start it (comptoir till) and try again.") from error
    finally:
        client.close()


def described(pack: TaxPack) -> Iterator[str]:
    """Return a pack as lines of text: its taxes with their sources, then its classes."""
    coin = pack.terms.cash_rounding
    cash = f", cash rounded to {coin} minor units" if coin > 1 else ""
    yield f"{pack.region}: {pack.name}, {pack.currency}{cash}"
    for tax in pack.taxes:
        yield f"  {_rate(tax)}"
        yield f"    {tax.source.title}"
        yield f"    {tax.source.url}"
    for name, by_type in pack.classes.items():
        told = ", ".join(f"{kind}: {' + '.join(ids) or 'none'}" for kind, ids in by_type.items())
        yield f"  {name}: {told}"


def _rate(tax: PackTax) -> str:
    rate = tax.rate
    how = "in the price" if rate.inclusive else "added"
    when = f", {_when(rate.when)}" if rate.when else ""
    return f"{rate.id}: {percent(rate.rate_ppm)} % {how} since {tax.since}{when}"


def _when(when: Threshold) -> str:
    unit = "thousandths" if when.measure == QUANTITY else "minor units"
    most = "" if when.most is None else f" to {when.most}"
    return f"for {when.measure} from {when.least}{most} {unit}"
