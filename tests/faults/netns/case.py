"""What a case is, and what a sitting of it came to."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.faults.netns.house import House
from tests.faults.netns.oracle import Verdict


@dataclass
class Sitting:
    """One house and one evening of a case; ``seconds`` and ``counts`` collect what came of it.

    ``patience_s`` is how long anything may take before it counts as never.
    """

    house: House
    verdict: Verdict
    rounds: int
    patience_s: float = 60.0
    seconds: dict[str, list[float]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def measured(self, name: str, seconds: float) -> None:
        self.seconds.setdefault(name, []).append(seconds)

    def counted(self, name: str, count: int) -> None:
        self.counts[name] += count


@dataclass(frozen=True)
class Case:
    """A fault, how often it strikes, and the defence without which it must be seen.

    ``rounds`` are those of a short run, ``rounds_long`` of a long one, in sittings of
    ``rounds_sitting``; ``safe_long`` is how many SAFE events a long run needs besides. ``control``
    names a defence to take away, ``control_settings`` settings that do so. With ``disk_kib`` each
    journal has a small disk of its own, with ``own_clocks`` each terminal a clock, with ``weather``
    messages that can be late and come twice, with ``prints`` a program that prints,
    with ``older`` all but the first are of an earlier version.
    """

    name: str
    about: str
    passes: str
    play: Callable[[Sitting], None]
    rounds: int
    rounds_long: int
    control: str = ""
    control_settings: Mapping[str, int] = field(default_factory=dict)
    control_about: str = ""
    rounds_control: int = 2
    terminals: int = 3
    guests: int = 3
    settings: Mapping[str, int] = field(default_factory=dict)
    rounds_sitting: int = 10
    safe_long: int = 0
    disk_kib: int = 0
    own_clocks: bool = False
    weather: bool = False
    prints: bool = False
    older: bool = False
    cloud: bool = True
