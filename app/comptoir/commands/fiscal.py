"""States sales in this terminal's fiscal series, in the transaction that made them."""

import hashlib

from comptoir.commands.bills import known
from comptoir.commands.desk import Desk
from comptoir.domain import events as ev
from comptoir.domain.check import TAKEN, Check
from comptoir.domain.envelope import decode, encode
from comptoir.domain.events import understand
from comptoir.domain.fiscal import Sale, difference
from comptoir.domain.returns import came_back, remaining
from comptoir.journal import Writing, reading


def state_sale(writing: Writing, desk: Desk, name: str) -> None:
    """State what changed about the checks of a bill since their last receipts, once it is paid."""
    bill = known(writing, name)
    paid = any(payment.status == TAKEN for payment in bill.payments)
    if bill.due > 0 or not paid:
        return
    for check in bill.members or (bill,):
        _state(writing, desk, check)


def _state(writing: Writing, desk: Desk, check: Check) -> None:
    stands = remaining(check, came_back(check))
    sale: Sale = writing.state(f"sale:{check.id}")
    total = stands.total - sale.total
    taxes = difference(stands.taxes, sale.taxes)
    if not (total or taxes):
        return
    before, digest = _last(writing, desk)
    sequence = before.sequence + 1 if before else 1
    writing.append(
        ev.ReceiptStated(
            check.id,
            f"{desk.letter}{desk.log.epoch}-{sequence:06}",
            sequence,
            digest,
            total,
            taxes,
            (before.cumulative if before else 0) + total,
            desk.time_known(),
        )
    )


def _last(writing: Writing, desk: Desk) -> tuple[ev.ReceiptStated | None, str]:
    """Return the newest receipt of this terminal's series, and its hash."""
    for event in reversed(writing.events):
        if isinstance(event.body, ev.ReceiptStated):
            return event.body, hashlib.sha256(encode(event.envelope)).hexdigest()
    log = (desk.log.terminal, desk.log.epoch)
    sealed = reading.newest(desk.log.journal, log, ev.ReceiptStated.KIND)
    if sealed is None:
        return None, ""
    body = understand(decode(sealed.payload)).body
    return (body if isinstance(body, ev.ReceiptStated) else None), sealed.digest.hex()
