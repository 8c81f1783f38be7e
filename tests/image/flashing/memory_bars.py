"""Bars that remember what they were told."""

import threading


class MemoryBars:
    def __init__(self) -> None:
        self.notes: list[str] = []
        self.scores: list[str] = []
        self.ends: dict[str, tuple[bool, str]] = {}
        self.steps: dict[str, list[str]] = {}
        self._lock = threading.Lock()

    def begin(self, unit: str, about: str) -> None:
        assert about
        with self._lock:
            self.steps[unit] = []

    def told(self, unit: str, step: str, share: float) -> None:
        assert 0 <= share <= 1
        with self._lock:
            if step not in self.steps[unit]:
                self.steps[unit].append(step)

    def end(self, unit: str, said: str, *, good: bool) -> None:
        with self._lock:
            self.ends[unit] = (good, said)

    def note(self, text: str) -> None:
        with self._lock:
            self.notes.append(text)

    def score(self, good: int, total: int | None) -> None:
        with self._lock:
            self.scores.append(f"{good}/{total}")

    def close(self) -> None:
        """Nothing to put away."""
