"""The business day: closed by each terminal over its own range of events."""

from collections.abc import Iterable, Sequence

from comptoir.domain import events as ev
from comptoir.domain.cash import DROP, PAY_IN, PAY_OUT
from comptoir.domain.figures import Close, ClosedDays, Figures
from comptoir.domain.fiscal import add
from comptoir.domain.hlc import milliseconds
from comptoir.domain.takings import Posting, by_tender

MONEY = (
    ev.PaymentTaken,
    ev.PaymentAnswered,
    ev.TipSet,
    ev.PaymentRefunded,
)
OTHERS = (ev.ReceiptStated, ev.CashMoved, ev.DrawerKicked, ev.AccountPaid)
KINDS = tuple(body.KIND for body in (*MONEY, *OTHERS))


def figures(money: Iterable[Posting], others: Iterable[ev.Event]) -> Figures:
    """Return the sums of postings and of the receipts and moves among ``others``."""
    bodies = [event.body for event in others]
    receipts = [body for body in bodies if isinstance(body, ev.ReceiptStated)]
    moves = [body for body in bodies if isinstance(body, ev.CashMoved)]
    moved = {
        what: sum(body.amount for body in moves if body.what == what)
        for what in (PAY_IN, PAY_OUT, DROP)
    }
    return Figures(
        by_tender(money),
        len(receipts),
        sum(body.total for body in receipts),
        add(tax for body in receipts for tax in body.taxes),
        moved[PAY_IN],
        moved[PAY_OUT],
        moved[DROP],
        sum(isinstance(body, ev.DrawerKicked) for body in bodies),
        sum(body.amount for body in bodies if isinstance(body, ev.AccountPaid)),
    )


def fold_days(terminal: str, events: Sequence[ev.Event]) -> ClosedDays:
    """Fold the closes of a terminal; all of them are kept, whoever wrote them."""
    closes = [
        _close(event, body) for event in events if isinstance(body := event.body, ev.DayClosed)
    ]
    return ClosedDays(terminal, tuple(closes))


def _close(event: ev.Event, body: ev.DayClosed) -> Close:
    envelope = event.envelope
    return Close(
        body.terminal,
        body.date,
        body.number,
        body.ranges,
        body.figures,
        body.open_checks,
        body.open_drawers,
        body.late,
        body.late_amount,
        envelope.actor,
        envelope.terminal,
        milliseconds(envelope.hlc),
    )
