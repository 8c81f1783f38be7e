"""What the robots were told: each acknowledged fact, and how safe it was said to be.

The oracle asks the survivors for exactly these, and for nothing it was not told.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass

CHECKS_MAX = 2000
SAFE_LEVELS = frozenset({"safe", "cloud"})
OPENED, LINE, TAKEN = "opened", "line", "taken"


@dataclass(frozen=True, slots=True)
class Promise:
    """One fact about a check: it was opened, has this line, took this payment."""

    kind: str
    ref: str
    promised: bool


class Promises:
    """All facts told, by check; the oldest checks are let go when there are very many.

    With ``believe_local`` every answer counts as a promise, which a stolen terminal breaks:
    the control that shows that the oracle can see a loss.
    """

    def __init__(self, *, believe_local: bool = False) -> None:
        self._believe_local = believe_local
        self._lock = threading.Lock()
        self._checks: OrderedDict[str, list[Promise]] = OrderedDict()
        self.acknowledged = 0
        self.safe = 0

    def told(self, check: str, kind: str, ref: str, level: str) -> None:
        """Note what a till answered."""
        promised = level in SAFE_LEVELS
        with self._lock:
            self.acknowledged += 1
            self.safe += promised
            fact = Promise(kind, ref, promised or self._believe_local)
            self._checks.setdefault(check, []).append(fact)
            if len(self._checks) > CHECKS_MAX:
                self._checks.popitem(last=False)

    def checks(self) -> list[str]:
        """Return the ids of all checks, oldest first."""
        with self._lock:
            return list(self._checks)

    def of(self, check: str) -> list[Promise]:
        """Return what was promised about a check up to now."""
        with self._lock:
            return [fact for fact in self._checks.get(check, ()) if fact.promised]
