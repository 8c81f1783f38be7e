"""What the robots were told: each acknowledged fact, and whether it was said to be safe.

The oracle asks the survivors for exactly these, and for nothing it was not told.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

CHECKS_MAX = 2000
SAFE_LEVELS = frozenset({"safe", "cloud"})
OPENED, LINE, TAKEN = "opened", "line", "taken"

Fact = tuple[str, str]


@dataclass(slots=True)
class Told:
    """One fact about a check: which events made it, as log (``t1/1``) and seq; is it safe yet."""

    made_by: set[tuple[str, int]] = field(default_factory=set)
    safe: bool = False


class Promises:
    """All facts told, by check; the oldest checks are let go when there are very many.

    With ``believe_local`` every answer counts as a promise, which a stolen terminal breaks:
    the control that shows that the oracle can see a loss.
    """

    def __init__(self, *, believe_local: bool = False) -> None:
        self._believe_local = believe_local
        self._lock = threading.Lock()
        self._checks: OrderedDict[str, dict[Fact, Told]] = OrderedDict()
        self._waiting: set[tuple[str, Fact]] = set()
        self.acknowledged = 0
        self.safe = 0

    def told(self, check: str, fact: Fact, level: str, events: Iterable[tuple[str, int]]) -> None:
        """Note what a till answered about a fact; an answer sent again counts once."""
        with self._lock:
            facts = self._checks.setdefault(check, {})
            if fact not in facts:
                facts[fact] = Told()
                self._waiting.add((check, fact))
                self.acknowledged += 1
            facts[fact].made_by.update(events)
            if level in SAFE_LEVELS:
                self._settle(check, fact)
            if len(self._checks) > CHECKS_MAX:
                self._let_go()

    def heard(self, safe: Mapping[str, int]) -> None:
        """Hear from a till up to which seq each log is safe by now."""
        with self._lock:
            for check, fact in list(self._waiting):
                made_by = self._checks[check][fact].made_by
                if any(seq <= safe.get(log, 0) for log, seq in made_by):
                    self._settle(check, fact)

    def checks(self) -> list[str]:
        """Return the ids of all checks, oldest first."""
        with self._lock:
            return list(self._checks)

    def of(self, check: str) -> set[Fact]:
        """Return what was promised about a check up to now."""
        with self._lock:
            told = self._checks.get(check, {}).items()
            return {fact for fact, one in told if one.safe or self._believe_local}

    def _settle(self, check: str, fact: Fact) -> None:
        told = self._checks[check][fact]
        self.safe += not told.safe
        told.safe = True
        self._waiting.discard((check, fact))

    def _let_go(self) -> None:
        check, facts = self._checks.popitem(last=False)
        self._waiting.difference_update((check, fact) for fact in facts)
