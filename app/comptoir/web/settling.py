"""When a starting till may write: its own events are back, or nobody more is likely to answer."""

import secrets
from typing import NamedTuple

from comptoir.bus.wire import Safety
from comptoir.journal import OwnLog

LEAP_MIN, LEAP_MAX = 100, 999
NEW_DISK_PATIENCE = 5


class Answers(NamedTuple):
    """What peers have shown of this terminal's own log; ``everyone`` when none is missing."""

    head: tuple[int, int] | None = None
    everyone: bool = False

    @classmethod
    def of(cls, report: Safety | None) -> "Answers":
        """Read the replica program's report."""
        if report is None or report.head is None:
            return cls()
        return cls((report.head.epoch, report.head.seq), report.everyone)


def leap() -> int:
    """Return an epoch for a disk that does not know its past and cannot ask everybody."""
    return LEAP_MIN + secrets.randbelow(LEAP_MAX - LEAP_MIN + 1)


class Settling:
    """Opens the own log when it is time; ``step`` is asked again and again.

    It waits ``wait_s`` for all peers, five times that on a disk that holds nothing of its own, and
    longer, up to ``recovery_s``, while some hold own events that are on their way back.
    """

    def __init__(self, own: OwnLog, wait_s: float, recovery_s: float) -> None:
        self._own = own
        self._wait_s = wait_s
        self._recovery_s = recovery_s

    def step(self, answers: Answers, waited_s: float) -> bool:
        """Open the log if nothing more is worth waiting for; tells whether it is open."""
        behind = answers.head is not None and answers.head > self._own.held()
        new = self._own.held() == (0, 0)
        limit_s = self._wait_s * NEW_DISK_PATIENCE if new else self._wait_s
        limit_s += self._recovery_s if behind else 0
        if waited_s < limit_s and (behind or not answers.everyone):
            return False
        self._own.open(
            peers_answered=answers.everyone, peers_head=answers.head or (0, 0), leap=leap()
        )
        return True
