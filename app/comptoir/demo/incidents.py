"""What became of each thing that was broken: noticed when, tables moved, anything lost."""

from collections.abc import Callable
from dataclasses import dataclass, field

from comptoir.demo.timeline import BAD, GOOD, Entry, Timeline

FOLLOWED_S = 12.0
INCIDENTS_MAX = 50


@dataclass(slots=True)
class Incident:
    """One terminal gone from its peers' sight."""

    terminal: str
    what: str
    entry: Entry
    noticed_s: float | None = None
    tables: set[str] = field(default_factory=set)
    lost_before: int = 0


class Incidents:
    """Completes the timeline's lines while their consequences show."""

    def __init__(self, timeline: Timeline, lost: Callable[[], int]) -> None:
        self._timeline = timeline
        self._lost = lost
        self._open: list[Incident] = []

    def begin(self, terminal: str, what: str) -> None:
        """Note that a terminal was just broken."""
        incident = Incident(terminal, what, self._timeline.tell(f"{what} …"))
        incident.lost_before = self._lost()
        self._open = [*self._open[-INCIDENTS_MAX:], incident]

    def moved(self, terminal: str, check: str) -> None:
        """Note that a table of a broken terminal is served from another."""
        for incident in self._open:
            if incident.terminal == terminal:
                incident.tables.add(check)

    def look(self, sees: Callable[[str], bool]) -> None:
        """Bring the lines up to date; ``sees`` tells whether anyone still sees a terminal."""
        now = self._timeline.now()
        for incident in self._open:
            if incident.noticed_s is None and not sees(incident.terminal):
                incident.noticed_s = now - incident.entry.at
            self._write(incident)
        self._open = [i for i in self._open if now - i.entry.at < FOLLOWED_S]

    def _write(self, incident: Incident) -> None:
        parts = []
        if incident.noticed_s is not None:
            parts.append(f"noticed after {incident.noticed_s:.1f} s")
            parts.append(_tables(len(incident.tables)))
        lost = self._lost() - incident.lost_before
        parts.append(f"{max(0, lost)} lost")
        incident.entry.tone = BAD if lost > 0 else GOOD
        incident.entry.text = f"{incident.what}: {', '.join(parts)}"


def _tables(count: int) -> str:
    return f"{count} table{'' if count == 1 else 's'} moved"
