"""One restaurant in one line, as the head office puts it beside the others."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from comptoir.commands import queries
from comptoir.commands.business_day import business_date
from comptoir.commands.condition import Told
from comptoir.commands.sales import Period, Sales
from comptoir.commands.updates import updates
from comptoir.domain import sales
from comptoir.domain.check import Check
from comptoir.domain.hlc import milliseconds
from comptoir.domain.house import Card, Restaurant, Terminal
from comptoir.domain.sales import Sum
from comptoir.domain.updates import Updates
from comptoir.journal import Journal, reading

NEVER = (0, 0, 0)
STEPS = 50  # nobody waits for it: a copy that is new has years to count
LIVE_MS_MAX = 20_000  # a terminal that reaches the cloud asks for its mark every 10 s


@dataclass(frozen=True, slots=True)
class TerminalNow:
    """A terminal as the cloud knows it; times in ms since 1970, 0 for never.

    ``epoch`` and ``seq`` say how far its log is kept, ``newest_ms`` when it last wrote in it.
    """

    id: str
    letter: str
    name: str
    epoch: int = 0
    seq: int = 0
    newest_ms: int = 0
    retired: bool = False
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class Overview:
    """What a restaurant has done today, and how fresh that is.

    ``heard`` is when each terminal last reached the cloud, ``health`` how it then said it was;
    ``behind`` counts the events that the figures do not know yet.
    """

    id: str
    house: Restaurant
    day: str
    sold: Sum
    open_checks: int
    open_due: int
    terminals: tuple[TerminalNow, ...]
    behind: int = 0
    heard: Mapping[str, int] = field(default_factory=dict)
    updates: Updates = field(default_factory=Updates)
    health: Mapping[str, Told] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return what the restaurant is called, its id while nobody named it."""
        return self.house.name or self.id

    @property
    def as_of_ms(self) -> int:
        """Return up to when the figures are known to be whole."""
        newest = max((one.newest_ms for one in self.terminals), default=0)
        return max([newest, *self.heard.values()])

    def live(self, now_ms: int) -> bool:
        """Tell whether a terminal reached the cloud just now."""
        heard_ms = max(self.heard.values(), default=0)
        return now_ms - heard_ms < LIVE_MS_MAX and not self.behind

    def reached(self, terminal: str, now_ms: int) -> bool:
        """Tell whether one terminal reached the cloud just now."""
        return now_ms - self.heard.get(terminal, 0) < LIVE_MS_MAX

    def ailing(self, now_ms: int) -> int:
        """Return how many terminals that reach the cloud say that something is not right."""
        reached = {one.id for one in self.terminals if self.reached(one.id, now_ms)}
        return sum(bool(told.troubles) for one, told in self.health.items() if one in reached)


def overview(
    restaurant: str, journal: Journal, found: Sales, cards: Mapping[str, Card], now_ms: int
) -> Overview:
    """Return what a journal says of its restaurant now; ``cards`` were trusted from the start."""
    house = queries.restaurant(journal)
    day = business_date(now_ms, house)
    behind = found.refresh(STEPS)
    checks = unpaid(journal)
    return Overview(
        restaurant,
        house,
        day,
        found.total(sales.SALES, Period(day, day)),
        len(checks),
        sum(check.due for check in checks),
        tuple(terminals(journal, cards)),
        behind,
        updates=updates(journal),
    )


def unpaid(journal: Journal) -> list[Check]:
    """Return the open checks that somebody owes money on."""
    return [check for check in queries.open_checks(journal) if check.due]


def terminals(journal: Journal, cards: Mapping[str, Card]) -> list[TerminalNow]:
    """Return the restaurant's terminals by letter, each with its newest log."""
    states: dict[str, Terminal] = {one.id: one for one in queries.terminals(journal)}
    known = {name: one.card for name, one in states.items() if one.card} | dict(cards)
    read = reading.readings(journal)
    newest: dict[str, tuple[int, int, int]] = {}
    for log, head in journal.vector().items():
        made_ms = milliseconds(read.get(log, 0))
        newest[log[0]] = max(newest.get(log[0], NEVER), (log[1], head.seq, made_ms))
    found = []
    for name, card in known.items():
        state = states.get(name, Terminal(name))
        last = newest.get(name, NEVER)
        found.append(
            TerminalNow(name, card.letter, card.name, *last, state.retired, state.suspended)
        )
    return sorted(found, key=lambda one: (one.letter, one.id))
