"""Things done again and again by one thread, each at its own interval."""

from collections.abc import Callable


class Timers:
    """Runs what is due; times are monotonic seconds given by the caller."""

    def __init__(self) -> None:
        self._due: list[tuple[float, float, Callable[[], None]]] = []

    def every(self, seconds: float, action: Callable[[], None]) -> None:
        """Run an action at once, and then at an interval."""
        self._due.append((0.0, seconds, action))

    def wait_s(self, now_s: float) -> float:
        """Return how long nothing is due."""
        return max(0.0, min(at_s for at_s, _, _ in self._due) - now_s)

    def run(self, now_s: float) -> None:
        """Run what is due; an action that was late is not made up for."""
        for index, (at_s, seconds, action) in enumerate(self._due):
            if at_s <= now_s:
                self._due[index] = (now_s + seconds, seconds, action)
                action()
