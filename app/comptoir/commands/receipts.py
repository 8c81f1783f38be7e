"""The receipt of a check as paper, for whoever puts it on a printer, in a PDF or on a page."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from comptoir.commands import queries
from comptoir.domain.check import Check
from comptoir.domain.envelope import Envelope
from comptoir.domain.events import CheckOpened, PaymentTaken
from comptoir.domain.hlc import milliseconds
from comptoir.domain.paper import receipt
from comptoir.domain.paper.rows import Paper
from comptoir.domain.paper.words import language
from comptoir.journal import Journal

CODE_VERSION = 1
KEY_CHARACTERS = 24


def paper(
    journal: Journal, check: Check, *, wanted: str = "", copy: bool = False, base: str = ""
) -> Paper:
    """Return the receipt in a language, the house's first when none is wanted.

    ``base`` is the address under which guests find it; with one the code on paper leads there.
    """
    house = queries.restaurant(journal)
    paid = last_payment(journal, check)
    at_ms = milliseconds(paid.hlc) if paid else check.changed_ms
    head = receipt.Head(
        house=house.name,
        currency=house.currency,
        time=written(at_ms, house.timezone),
        language=language(wanted or house.languages[0]),
        code=address(journal, check, base) or (code(check, house.currency, paid) if paid else ""),
        copy=copy,
    )
    return receipt.receipt(check, head)


def address(journal: Journal, check: Check, base: str) -> str:
    """Return the address of a receipt's page, empty when guests cannot reach this house."""
    secret = key(journal, check.id)
    return f"{base.rstrip('/')}/receipts/{check.id}/{secret}" if base and secret else ""


def last_payment(journal: Journal, check: Check) -> Envelope | None:
    """Return the envelope of the payment that was taken last."""
    events = journal.events(f"check:{check.id}")
    taken = [event.envelope for event in events if isinstance(event.body, PaymentTaken)]
    return taken[-1] if taken else None


def code(check: Check, currency: str, event: Envelope) -> str:
    """Return what the code says: check number, currency, total, the last payment's event.

    ``comptoir:1;A1-17;EUR;1250;t1/1/42``: version first, the total in minor units.
    """
    where = f"{event.terminal}/{event.epoch}/{event.seq}"
    return f"comptoir:{CODE_VERSION};{check.number};{currency};{check.total};{where}"


def key(journal: Journal, check: str) -> str:
    """Return the secret of a receipt's page: only members of the restaurant can work it out.

    It is the hash of the event that opened the check. Empty when the check is unknown here.
    """
    for event in journal.events(f"check:{check}"):
        if isinstance(event.body, CheckOpened):
            at = event.envelope
            found = journal.hash_at((at.terminal, at.epoch), at.seq)
            return (found or "")[:KEY_CHARACTERS]
    return ""


def written(at_ms: int, timezone: str) -> str:
    """Return date and time in the restaurant, UTC when its zone is unknown here."""
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return datetime.fromtimestamp(at_ms // 1000, UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M")
