"""A LAN's bad weather, at the messages a program hears: late, twice, in another order.

TCP mends what happens to packets before a program sees it. What a replica must bear is what a
broker hands over after a lost connection: again, and out of turn. So each message between terminals
waits in here, by its own dice, before its program hears it. A file says how bad it is, and changes.
"""

import heapq
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from comptoir.bus import Arrival, Inbox, LinkUp
from tests.faults.controls import put

FILE = "FAULTS_WEATHER"
BETWEEN = "r/"  # what starts so goes from terminal to terminal
LOOK_S, REST_S = 0.5, 0.05
Put = Callable[[Inbox, Arrival | LinkUp], None]


@dataclass(frozen=True)
class Weather:
    """A message waits ``delay_s``, more or less by ``jitter_s``; a share of them comes twice."""

    delay_s: float = 0.0
    jitter_s: float = 0.0
    twice: float = 0.0

    def write(self, file: Path) -> None:
        new = file.with_suffix(".new")
        new.write_text(f"{self.delay_s} {self.jitter_s} {self.twice}\n", encoding="ascii")
        new.replace(file)

    @staticmethod
    def read(file: Path) -> "Weather":
        return Weather(*map(float, file.read_text(encoding="ascii").split()))


FAIR, FOUL = Weather(), Weather(0.2, 0.1, 0.1)


@dataclass
class Post:
    """Hands over each message when its time has come."""

    file: Path
    right: Put
    weather: Weather = FAIR
    _looked_s: float = 0.0
    _dice: random.Random = field(default_factory=random.Random)
    _late: list[tuple[float, int, Inbox, Arrival]] = field(default_factory=list)
    _count: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, inbox: Inbox, item: Arrival | LinkUp) -> None:
        with self._lock:
            foul = self._look().delay_s
            if not (foul and isinstance(item, Arrival) and item.topic.startswith(BETWEEN)):
                self.right(inbox, item)
                return
            for _ in range(1 + (self._dice.random() < self.weather.twice)):
                self._count += 1
                off_s = self._dice.uniform(-self.weather.jitter_s, self.weather.jitter_s)
                due_s = time.monotonic() + foul + off_s
                heapq.heappush(self._late, (due_s, self._count, inbox, item))

    def deliver(self) -> None:
        """Hand over what is due, for ever."""
        while True:
            with self._lock:
                while self._late and self._late[0][0] <= time.monotonic():
                    _, _, inbox, item = heapq.heappop(self._late)
                    self.right(inbox, item)
                rest_s = self._late[0][0] - time.monotonic() if self._late else REST_S
            time.sleep(max(0.001, min(REST_S, rest_s)))

    def _look(self) -> Weather:
        if time.monotonic() - self._looked_s > LOOK_S:
            self._looked_s, self.weather = time.monotonic(), Weather.read(self.file)
        return self.weather


@contextmanager
def weather() -> Iterator[None]:
    """Let messages between terminals go through the weather of the file that is named."""
    post = Post(Path(os.environ[FILE]), Inbox.put)
    threading.Thread(target=post.deliver, name="weather", daemon=True).start()

    def later(inbox: Inbox, item: Arrival | LinkUp) -> None:
        post.put(inbox, item)

    with put(Inbox, "put", later):
        yield
