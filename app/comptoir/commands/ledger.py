"""The money of a range of a log: which postings, receipts and moves it holds."""

from collections.abc import Iterable
from dataclasses import dataclass

from comptoir.domain import events as ev
from comptoir.domain.check import Check
from comptoir.domain.day import KINDS, MONEY, OTHERS, figures
from comptoir.domain.envelope import LogId
from comptoir.domain.figures import Figures, Range
from comptoir.domain.takings import Posting, key_of, postings
from comptoir.journal import Journal, reading


@dataclass(frozen=True, slots=True)
class Ledger:
    """Money events of one or more ranges, with their postings."""

    events: tuple[ev.Event, ...] = ()
    postings: tuple[Posting, ...] = ()

    @property
    def figures(self) -> Figures:
        """Return the sums."""
        return figures(self.postings, (e for e in self.events if isinstance(e.body, OTHERS)))

    def plus(self, other: "Ledger") -> "Ledger":
        """Return both together."""
        return Ledger((*self.events, *other.events), (*self.postings, *other.postings))

    def only(self, events: Iterable[ev.Event]) -> "Ledger":
        """Return the part of it that some of its events are."""
        kept = tuple(events)
        keys = {key_of(event) for event in kept}
        return Ledger(kept, tuple(one for one in self.postings if one.key in keys))


def ledger(journal: Journal, terminal: str, ranges: Iterable[Range]) -> Ledger:
    """Return the money of ranges of a terminal's log."""
    found: list[ev.Event] = []
    for one in ranges:
        log: LogId = (terminal, one.epoch)
        found += reading.of_kinds(journal, log, one.first, one.last, KINDS)
    return Ledger(tuple(found), tuple(_posted(journal, found)))


def _posted(journal: Journal, events: list[ev.Event]) -> list[Posting]:
    keys = {key_of(event) for event in events}
    by_check: dict[str, list[ev.Event]] = {}
    for event in events:
        if isinstance(event.body, MONEY):
            by_check.setdefault(event.body.check, []).append(event)
    found = postings([event for event in events if isinstance(event.body, ev.AccountPaid)])
    for check, own in by_check.items():
        history = own if _plain(journal, check, own) else journal.events(f"check:{check}")
        found += [one for one in postings(history) if one.key in keys]
    return found


def _plain(journal: Journal, name: str, own: list[ev.Event]) -> bool:
    """Tell whether a check's events here say all: nobody else wrote about the same payments."""
    check: Check = journal.state(f"check:{name}")
    known = {payment.id: payment for payment in check.payments}
    named = {event.body.payment for event in own if isinstance(event.body, MONEY)}
    return all(
        name in known
        and known[name].takes <= 1
        and not known[name].answers
        and not known[name].tip_changes
        for name in named
    )
