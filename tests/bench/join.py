"""A terminal joins a long log: when it knows what is open, sells, and has all of it folded."""

import os
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from comptoir.journal import Stamp, joining
from comptoir.replica import Pace
from tests.bench.figures import Amount, Figure, NotMeasurable
from tests.bench.reports import check_of
from tests.fakes.restaurant import Terminal

EVENTS, JOIN_EVENTS, CHECKS_A_COMMIT = 6000, 500, 50
OPEN_CHECKS = 60
LONGEST_S = 600.0


def measure(long: bool) -> list[Figure]:
    """Let a second terminal join one that has sold; BENCH_EVENTS says how much it has."""
    del long
    with tempfile.TemporaryDirectory() as name:
        pace = Pace(join_events=JOIN_EVENTS)
        one, two = (Terminal(Path(name) / n, n, n, pace) for n in ("t1", "t2"))
        for terminal in (one, two):
            terminal.know([one, two])
        try:
            one.start()
            one.open_log()
            _sell(one, int(os.environ.get("BENCH_EVENTS", EVENTS)))
            return _join(one, two)
        finally:
            for terminal in (one, two):
                terminal.stop()


def _sell(terminal: Terminal, events: int) -> None:
    """Write checks that are done, and last those of tables where people sit."""
    log, chance, sold = terminal.desk.log, random.Random(1), 0
    while terminal.journal.position() < events:
        with log.writing(Stamp("bench", "2026-11-22")) as writing:
            for number in range(sold, sold + CHECKS_A_COMMIT):
                for body in check_of(f"c{number}", chance):
                    writing.append(body)
        sold += CHECKS_A_COMMIT
    with log.writing(Stamp("bench", "2026-11-22")) as writing:
        for number in range(OPEN_CHECKS):
            for body in check_of(f"open-{number}", chance)[:-1]:
                writing.append(body)


def _join(one: Terminal, two: Terminal) -> list[Figure]:
    begin = time.perf_counter()
    two.start()
    two.open_log()
    last = f"check:open-{OPEN_CHECKS - 1}"
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
        f"  {events:,} events, both terminals and their brokers on this computer",
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
