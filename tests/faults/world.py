"""Simulated time: a heap of what happens next, and dice that do not depend on who throws first."""

import heapq
import random
from collections.abc import Callable

Action = Callable[[], None]


class World:
    """Runs actions at their time; ties are broken by name, so that a seed always runs alike."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.now_s = 0.0
        self._next: list[tuple[float, str, int, Action]] = []
        self._dice: dict[str, random.Random] = {}
        self._count = 0

    def dice(self, name: str) -> random.Random:
        """Return the dice of one thing: its throws do not change those of any other."""
        if name not in self._dice:
            self._dice[name] = random.Random(f"{self.seed}/{name}")
        return self._dice[name]

    def after(self, seconds: float, name: str, action: Action) -> None:
        self._count += 1
        heapq.heappush(self._next, (self.now_s + seconds, name, self._count, action))

    def every(self, seconds: float, name: str, action: Action) -> None:
        def again() -> None:
            action()
            self.after(seconds, name, again)

        self.after(seconds, name, again)

    def run(self, until_s: float, done: Callable[[], bool] | None = None) -> bool:
        """Let time pass; ``done`` is asked once a second and may end it. Tells whether it did."""
        asked_s = self.now_s
        while self._next and self._next[0][0] <= until_s:
            at_s, _, _, action = heapq.heappop(self._next)
            self.now_s = at_s
            action()
            if done is not None and self.now_s - asked_s >= 1:
                asked_s = self.now_s
                if done():
                    return True
        self.now_s = until_s
        return False


class Watch:
    """A terminal's own clock: off, drifting, set back, or without a battery."""

    def __init__(self, world: World, noon_ms: int) -> None:
        self._world = world
        self._noon_ms = noon_ms
        self.off_ms = 0

    def now_ms(self) -> int:
        return max(0, self._noon_ms + int(self._world.now_s * 1000) + self.off_ms)

    def dead(self) -> None:
        """Lose the battery: the clock begins in 1970 again."""
        self.off_ms = -self._noon_ms
