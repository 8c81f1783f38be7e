"""The receipt of a check, or of a part of it, as paper.

For whoever puts it on a printer, in a PDF or on a page.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from comptoir.commands import queries
from comptoir.domain.check import Check
from comptoir.domain.envelope import Envelope
from comptoir.domain.events import CheckOpened, PaymentTaken
from comptoir.domain.fiscal import Sale
from comptoir.domain.hlc import milliseconds
from comptoir.domain.paper import receipt
from comptoir.domain.paper.rows import Paper
from comptoir.domain.paper.words import language
from comptoir.domain.tickets import RECEIPT, Ticket, Tickets
from comptoir.journal import Journal

CODE_VERSION = 1
KEY_CHARACTERS = 24


@dataclass(frozen=True, slots=True)
class Wish:
    """What kind of receipt: of which ``part``, in which language, a copy or the first.

    No language means the house's first. ``base`` is the address under which guests find it; with
    one the code on paper leads there.
    """

    part: str = ""
    language: str = ""
    copy: bool = False
    base: str = ""


def paper(journal: Journal, check: Check, wish: Wish) -> Paper:
    """Return the receipt of a check, or of a part of it; raises PartNotFound."""
    house = queries.restaurant(journal)
    paid = last_payment(journal, check, wish.part)
    sale: Sale = journal.state(f"sale:{check.id}")
    at_ms = milliseconds(paid.hlc) if paid else check.changed_ms
    head = receipt.Head(
        house=house.name,
        currency=house.currency,
        time=written(at_ms, house.timezone),
        language=language(wish.language or house.languages[0]),
        code=address(journal, check, wish.base, wish.part)
        or (code(check, house.currency, paid, wish.part) if paid else ""),
        copy=wish.copy,
        time_known=sale.time_known,
    )
    return receipt.receipt(check, head, check.part(wish.part) if wish.part else None)


def address(journal: Journal, check: Check, base: str, part: str = "") -> str:
    """Return the address of a receipt's page, empty when guests cannot reach this house."""
    secret = key(journal, check.id, part)
    if not (base and secret):
        return ""
    of = f"?{urlencode({'part': part})}" if part else ""
    return f"{base.rstrip('/')}/receipts/{check.id}/{secret}{of}"


def last_payment(journal: Journal, check: Check, part: str = "") -> Envelope | None:
    """Return the envelope of the payment that was taken last, of a part for that part."""
    events = journal.events(f"check:{check.id}")
    taken = [
        event.envelope
        for event in events
        if isinstance(event.body, PaymentTaken) and part in {"", event.body.part}
    ]
    return taken[-1] if taken else None


def printed_before(journal: Journal, check: Check, ticket: Ticket) -> bool:
    """Tell whether the same receipt was asked for before: of a check paid since, it is another."""
    record: Tickets = journal.state(f"tickets:{check.id}")
    paid = last_payment(journal, check, ticket.part)
    since = milliseconds(paid.hlc) if paid else None
    return since is not None and any(
        one.what == RECEIPT and one.part == ticket.part and since <= one.at_ms < ticket.at_ms
        for one in record.requests
    )


def code(check: Check, currency: str, event: Envelope, part: str = "") -> str:
    """Return what the code says: check number, currency, total, the last payment's event.

    ``comptoir:1;A1-17;EUR;1250;t1/1/42``: version first, the total in minor units.
    """
    where = f"{event.terminal}/{event.epoch}/{event.seq}"
    total = check.part(part).total if part else check.total
    return f"comptoir:{CODE_VERSION};{check.number};{currency};{total};{where}"


def key(journal: Journal, check: str, part: str = "") -> str:
    """Return the secret of a receipt's page: only members of the restaurant can work it out.

    It is the hash of the event that opened the check, of a part hashed once more with its id: who
    paid a part learns nothing of the others. Empty when the check is unknown here.
    """
    for event in journal.events(f"check:{check}"):
        if isinstance(event.body, CheckOpened):
            at = event.envelope
            found = journal.hash_at((at.terminal, at.epoch), at.seq) or ""
            if part and found:
                found = hashlib.sha256(f"{found}\0{part}".encode()).hexdigest()
            return found[:KEY_CHARACTERS]
    return ""


def written(at_ms: int, timezone: str) -> str:
    """Return date and time in the restaurant, UTC when its zone is unknown here."""
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return datetime.fromtimestamp(at_ms // 1000, UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M")
