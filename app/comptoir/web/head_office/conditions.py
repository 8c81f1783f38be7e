"""How the terminals of a restaurant are, as each of them last said."""

from collections.abc import Iterator
from dataclasses import dataclass

from comptoir.bus.wire import Health
from comptoir.commands import queries
from comptoir.commands.condition import FINE, Told
from comptoir.commands.overview import Overview, TerminalNow
from comptoir.domain.clock import RunsAhead
from comptoir.domain.events import SPEAKS
from comptoir.journal import Journal

READY, LOW = "ready", "paper-low"


@dataclass(frozen=True, slots=True)
class PrinterThere:
    """A printer of the house as one terminal sees it."""

    name: str
    state: str
    waiting: int

    @property
    def fine(self) -> bool:
        """Tell whether nobody has to go there."""
        return self.state in FINE


@dataclass(frozen=True, slots=True)
class Row:
    """A terminal, and what it said of itself, if ever.

    ``older`` tells whether it does not understand all that the head office can write; ``ahead_ms``
    is when another one last saw its clock more than ten minutes ahead, 0 for never.
    """

    terminal: TerminalNow
    told: Told | None = None
    older: bool = False
    printers: tuple[PrinterThere, ...] = ()
    ahead_ms: int = 0


def rows(site: Overview, journal: Journal) -> list[Row]:
    """Return a row for each terminal that may take part."""
    names = {one.id: one.name for one in queries.printing(journal).printers}
    return [_row(site, one, journal, names) for one in site.terminals if not one.retired]


def _row(site: Overview, one: TerminalNow, journal: Journal, names: dict[str, str]) -> Row:
    told = site.health.get(one.id)
    if told is None:
        return Row(one)
    clock: RunsAhead = journal.state(f"ahead:{one.id}")
    return Row(
        one,
        told,
        told.health.speaks < SPEAKS,
        tuple(_printers(told.health, names)),
        max((seen.at_ms for seen in clock.sightings), default=0),
    )


def _printers(health: Health, names: dict[str, str]) -> Iterator[PrinterThere]:
    for one in health.printers or []:
        state = LOW if one.state == READY and one.paper_low else one.state
        yield PrinterThere(names.get(one.printer, one.printer), state, one.waiting)
