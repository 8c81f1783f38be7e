"""The oracle: asks those who are left whether they still hold what was promised."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from comptoir.demo.promises import Fact, Promises

ROUND_S = 4.0
BETWEEN_S = 0.02
AGAIN_S, ASKED_AGAIN = 0.25, 4


class Witness(Protocol):
    """Somebody who holds checks: a living terminal, or the cloud."""

    def holds(self, check: str) -> set[Fact]:
        """Return the facts it has of a check as (kind, ref); nothing when it does not answer."""
        ...


class Oracle:
    """Goes round all checks without end, and at once when asked.

    A promised fact is lost when nobody who answers has it, asked again and again for a second.
    """

    def __init__(self, promises: Promises, witnesses: Callable[[], Sequence[Witness]]) -> None:
        self._promises = promises
        self._witnesses = witnesses
        self._lost: dict[str, int] = {}
        self._stop = threading.Event()
        self._asking = threading.Lock()
        self._thread = threading.Thread(target=self._go_round, name="oracle", daemon=True)

    @property
    def lost(self) -> int:
        """Return how many promised facts nobody has, as last seen."""
        return sum(list(self._lost.values()))

    def start(self) -> None:
        """Begin to ask in the background."""
        self._thread.start()

    def stop(self) -> None:
        """End the background round."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(ROUND_S)

    def ask_all(self) -> int:
        """Ask for every check now; returns how many promised facts are lost."""
        for check in self._promises.checks():
            self.ask(check)
        return self.lost

    def ask(self, check: str) -> int:
        """Ask for one check; returns how many of its promised facts are lost."""
        with self._asking:
            return self._ask(check)

    def _ask(self, check: str) -> int:
        missing = self._missing(check)
        for _ in range(ASKED_AGAIN):
            if not missing or self._stop.wait(AGAIN_S):
                break
            missing = self._missing(check)
        self._lost[check] = missing
        if not missing:
            del self._lost[check]
        return missing

    def _missing(self, check: str) -> int:
        missing = self._promises.of(check)
        for witness in self._witnesses():
            if not missing:
                break
            missing -= witness.holds(check)
        return len(missing)

    def _go_round(self) -> None:
        while not self._stop.is_set():
            began = time.monotonic()
            for check in self._promises.checks():
                if self._stop.wait(BETWEEN_S):
                    return
                self.ask(check)
            self._stop.wait(max(0.0, ROUND_S - (time.monotonic() - began)))
