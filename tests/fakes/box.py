"""One terminal without network: a real journal, and a clock that stands where it is put."""

from collections.abc import Callable
from dataclasses import dataclass

from comptoir.commands import Actor, Desk
from comptoir.domain.envelope import Sealed
from comptoir.domain.house import MANAGER, Card
from comptoir.journal import Journal, OwnLog, Signer

NOON_MS = 1_795_348_800_000  # 2026-11-22T12:00:00Z


class StandingClock:
    """A clock that moves only when told to."""

    def __init__(self, now_ms: int = NOON_MS) -> None:
        self.ms = now_ms

    def now_ms(self) -> int:
        return self.ms


@dataclass
class Box:
    """One terminal of a test."""

    name: str
    journal: Journal
    log: OwnLog
    desk: Desk
    clock: StandingClock
    card: Card
    signer: Signer

    def sealed(self, epoch: int = 1, first: int = 1) -> list[Sealed]:
        """Return this terminal's own events as they travel."""
        return self.journal.range((self.name, epoch), first, 1000, 1 << 20)


BoxMaker = Callable[..., Box]
BOSS = Actor("boss", MANAGER)
