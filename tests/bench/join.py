"""A terminal joins a long log: when it knows what is open, sells, and has all of it folded."""

import os
import tempfile
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from comptoir.journal import joining
from tests.bench.figures import Amount, Figure, NotMeasurable
from tests.fakes.past import open_checks, write_past
from tests.fakes.restaurant import Terminal

EVENTS = 6000
LONGEST_S = 600.0


def measure(long: bool) -> list[Figure]:
    """Let a second terminal join one that has sold; BENCH_EVENTS says how much it has."""
    del long
    with tempfile.TemporaryDirectory() as name:
        one, two = (Terminal(Path(name) / n, n, n) for n in ("t1", "t2"))
        for terminal in (one, two):
            terminal.know([one, two])
            terminal.broker.start()
        try:
            one.open_log()
            events = int(os.environ.get("BENCH_EVENTS", EVENTS))
            deque(write_past(one.desk.log, events), 0)
            one.start_process()
            return _join(one, two)
        finally:
            for terminal in (one, two):
                terminal.stop()


def _join(one: Terminal, two: Terminal) -> list[Figure]:
    begin = time.perf_counter()
    two.start_process()
    two.open_log()
    last = f"check:{open_checks()[-1]}"
    _until(lambda: two.journal.state(last) == one.journal.state(last))
    present_s = time.perf_counter() - begin
    two.sell()
    sold_s = time.perf_counter() - begin
    _until(lambda: two.seq("t1") == one.seq("t1") and joining.settled(two.journal))
    whole_s = time.perf_counter() - begin
    _until(lambda: one.seq("t2") == 1)
    if two.journal.digest() != one.journal.digest():
        raise NotMeasurable("the newcomer shows other projections than its peer")
    events = one.journal.position()
    return [
        f"  {events:,} events, the programs of both terminals on this computer",
        Amount("what is open is known", present_s, "s"),
        Amount("first sale written", sold_s, "s", 10),
        Amount("whole history, folded", whole_s, "s", 120),
        Amount("of which for an event", whole_s * 1e6 / events, "µs", 240),
    ]


def _until(true: Callable[[], object]) -> None:
    end_s = time.perf_counter() + LONGEST_S
    while not true():
        if time.perf_counter() > end_s:
            raise NotMeasurable(f"not within {LONGEST_S:.0f} s")
        time.sleep(0.02)
