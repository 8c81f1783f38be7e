"""X and Z: what a drawer, a terminal or the whole restaurant came to, at any time."""

from dataclasses import dataclass

from comptoir.commands.ledger import Ledger, ledger
from comptoir.domain.cash import Drawer
from comptoir.domain.errors import DrawerNotFound
from comptoir.domain.figures import Close, ClosedDays, Figures, Range, TenderSum, cash_of
from comptoir.domain.shift import Timesheet
from comptoir.domain.takings import by_tender, postings
from comptoir.journal import Journal


@dataclass(frozen=True, slots=True)
class Span:
    """Which events of a log a report counts: ``first`` to ``last``."""

    terminal: str
    epoch: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of events, and which events: the same vector is always the same figures.

    ``revision`` counts the closes it rests on. ``waiting`` are terminals with events of that day
    that nobody closed yet; ``late`` counts events dated into a day that was closed before.
    """

    date: str
    figures: Figures
    vector: tuple[Span, ...]
    revision: int = 0
    waiting: tuple[str, ...] = ()
    late: int = 0
    late_amount: int = 0


@dataclass(frozen=True, slots=True)
class DrawerReport:
    """A drawer's or a wallet's sheet; ``expected`` is what should be in it now.

    ``declared`` are the cash tips that a wallet's owner declared for its day: they are not in it.
    """

    drawer: Drawer
    tenders: tuple[TenderSum, ...]
    expected: int
    declared: int | None = None

    @property
    def tips(self) -> int:
        """Return the tips in it and on its cards."""
        return sum(one.tips for one in self.tenders)


def drawer_report(journal: Journal, name: str) -> DrawerReport:
    """Return a drawer's sheet; raises DrawerNotFound."""
    drawer: Drawer = journal.state(f"drawer:{name}")
    if not drawer.opened_by:
        raise DrawerNotFound(name)
    tenders = by_tender(postings(journal.events(f"takings:{name}")))
    declared = _declared(journal, drawer) if drawer.owner else None
    return DrawerReport(drawer, tenders, drawer.expected(cash_of(tenders)), declared)


def _declared(journal: Journal, wallet: Drawer) -> int | None:
    sheet: Timesheet = journal.state(f"shift:{wallet.owner}")
    return sheet.tips_of(wallet.business_date)


def terminal_x(journal: Journal, terminal: str, today: str) -> Report:
    """Return what a terminal came to since its last close: its X."""
    days: ClosedDays = journal.state(f"day:{terminal}")
    spans = tuple(span for span in _spans(journal, terminal, days))
    found = ledger(journal, terminal, (Range(one.epoch, one.first, one.last) for one in spans))
    return _report(days.posted(today), found, spans, [days])


def _spans(journal: Journal, terminal: str, days: ClosedDays) -> list[Span]:
    """Return what of a terminal's log no close covers."""
    heads = sorted(
        (log[1], head.seq) for log, head in journal.vector().items() if log[0] == terminal
    )
    return [
        Span(terminal, epoch, first, last)
        for epoch, last in heads
        if (first := days.closed_to(epoch) + 1) <= last
    ]


def terminal_zs(journal: Journal, terminal: str) -> tuple[Close, ...]:
    """Return the Zs of a terminal, oldest first."""
    days: ClosedDays = journal.state(f"day:{terminal}")
    return days.closes


def restaurant_z(journal: Journal, date: str) -> Report:
    """Return what the restaurant came to on a business day, closed or not: a projection.

    Late events are in the day to which they were posted, never in the one they are dated.
    """
    whole, late = Ledger(), Ledger()
    vector: list[Span] = []
    waiting: list[str] = []
    revision = 0
    for terminal in sorted({log[0] for log in journal.vector()}):
        days: ClosedDays = journal.state(f"day:{terminal}")
        closed = {close.date for close in days.closes}
        revision += sum(close.date == date for close in days.closes)
        part, spans, pending = _of_day(journal, days, date)
        whole, vector = whole.plus(part), vector + spans
        dated = ((event, event.envelope.business_date) for event in part.events)
        late = late.plus(part.only(event for event, day in dated if day < date and day in closed))
        if pending:
            waiting.append(terminal)
    return Report(
        date,
        whole.figures,
        tuple(vector),
        revision,
        tuple(waiting),
        len(late.events),
        sum(one.net for one in late.figures.tenders),
    )


def _of_day(journal: Journal, days: ClosedDays, date: str) -> tuple[Ledger, list[Span], bool]:
    """Return a terminal's part of a day: what closes gave to it, and what waits for one."""
    terminal, spans = days.terminal, []
    epochs = sorted(log[1] for log in journal.vector() if log[0] == terminal)
    for epoch in epochs:
        spans += [Span(terminal, epoch, one.first, one.last) for one in days.ranges(epoch, date)]
    closed = ledger(journal, terminal, (Range(one.epoch, one.first, one.last) for one in spans))
    open_ = _spans(journal, terminal, days)
    waiting = ledger(journal, terminal, (Range(one.epoch, one.first, one.last) for one in open_))
    today = waiting.only(e for e in waiting.events if days.posted(e.envelope.business_date) == date)
    return closed.plus(today), spans + (open_ if today.events else []), bool(today.events)


def _report(date: str, found: Ledger, spans: tuple[Span, ...], days: list[ClosedDays]) -> Report:
    newest = max(one.newest for one in days)
    late = found.only(e for e in found.events if e.envelope.business_date <= newest)
    revision = sum(len(one.closes) for one in days)
    amount = sum(one.net for one in late.figures.tenders)
    return Report(date, found.figures, spans, revision, (), len(late.events), amount)
