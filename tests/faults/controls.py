"""Controls: one defence off at a time. The oracle must see it, or it proves nothing."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from comptoir.domain import fold_check
from comptoir.domain.envelope import LogId, Vector
from comptoir.domain.events import Event
from comptoir.domain.fold_payments import fold_payments
from comptoir.domain.house import Terminal
from comptoir.journal import event_of, projections
from comptoir.journal.own_log import OwnLog
from comptoir.replica.copies import Copies
from comptoir.replica.exchange import Exchange


@contextmanager
def put(owner: Any, name: str, value: object) -> Iterator[None]:
    """Put something else in a thing's place for a while."""
    old = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, old)


def belief() -> AbstractContextManager[None]:
    """Believe that what a broker took is stored."""

    def safe(self: Copies, own: Vector, peers: object, copies: int) -> dict[LogId, int]:
        del self, peers, copies
        return {log: head.seq for log, head in own.items()}

    return put(Copies, "safe", safe)


def same_epoch() -> AbstractContextManager[None]:
    """Go on in the last epoch, whoever answered."""
    right = OwnLog.open

    def wrong(self: OwnLog, **_: Any) -> int:
        return right(self, peers_answered=True)

    return put(OwnLog, "open", wrong)


def arrival_order() -> AbstractContextManager[None]:
    """Fold events as they came."""

    def events(db: sqlite3.Connection, aggregate: str) -> list[Event]:
        rows = db.execute(
            "SELECT payload FROM aggregate_event JOIN event USING (position)"
            " WHERE aggregate = ? ORDER BY position",
            (aggregate,),
        )
        return [event_of(payload) for (payload,) in rows]

    return put(projections, "events", events)


def one_payment() -> AbstractContextManager[None]:
    """Let the last payment of a check replace the one before."""
    return put(fold_check, "fold_payments", lambda events: fold_payments(events)[-1:])


def no_pull() -> AbstractContextManager[None]:
    """Send once and never ask."""
    return put(Exchange, "plan", lambda _: None)


def no_cutoff() -> AbstractContextManager[None]:
    """Throw away what a retired terminal wrote, attested or not."""
    return put(Terminal, "cutoff", lambda _self, _epoch: 0)


CONTROLS: dict[str, Callable[[], AbstractContextManager[None]]] = {
    "belief": belief,
    "same-epoch": same_epoch,
    "arrival-order": arrival_order,
    "one-payment": one_payment,
    "no-pull": no_pull,
    "no-cutoff": no_cutoff,
}
