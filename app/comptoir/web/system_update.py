"""How the last update of this terminal's system ended, as the terminal's own judge noted it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec


class _Noted(msgspec.Struct):
    """The note's own words; what else it says is for technicians."""

    at: str
    outcome: str
    why: str


@dataclass(frozen=True, slots=True)
class Ending:
    """When the last trial ended, whether the system tried is kept, and what ailed it if not."""

    at_ms: int
    kept: bool
    why: str


def last(note: Path) -> Ending | None:
    """Return how the last update ended; None where none was tried or the note is damaged."""
    try:
        noted = msgspec.json.decode(note.read_bytes(), type=_Noted)
        at = datetime.strptime(noted.at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except (OSError, msgspec.DecodeError, ValueError):
        return None
    if noted.outcome not in {"kept", "went back"}:  # on trial still
        return None
    return Ending(int(at.timestamp()) * 1000, noted.outcome == "kept", noted.why)
