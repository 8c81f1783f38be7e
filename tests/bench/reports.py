"""Reports over a journal of many lines: what the first sums cost, and what each report takes."""

import os
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from comptoir.commands.sales import Period, Sales, last_days
from comptoir.domain import events as ev
from comptoir.domain import sales
from comptoir.journal import Journal, OwnLog, Signer, Stamp
from tests.bench.figures import Amount, Figure, percentile
from tests.fakes.past import CHECKS_A_COMMIT, LINES_A_CHECK, check_of

LINES, LINES_LONG = 20_000, 1_000_000
CHECKS_A_DAY, SERVERS = 350, 12
AIM_MS = 300
ASKED = 7  # times each: one time alone says how busy the computer is, not what a report costs
FIRST_MS = 1_763_798_400_000  # a November noon
DAY_MS = 86_400_000


class Forward:
    """A clock that the writer of the journal moves."""

    def __init__(self) -> None:
        self.ms = FIRST_MS

    def now_ms(self) -> int:
        """Return where it was put."""
        return self.ms


def write(journal: Journal, lines: int) -> str:
    """Write checks of so many lines, day after day; returns the last business day."""
    clock, chance = Forward(), random.Random(1)
    log = OwnLog(journal, Signer.generate(), clock, restaurant="r1", terminal="t1")
    log.open(peers_answered=False)
    checks, day = lines // LINES_A_CHECK, ""
    for first in range(0, checks, CHECKS_A_COMMIT):
        begin = FIRST_MS + first // CHECKS_A_DAY * DAY_MS
        clock.ms = begin + first % CHECKS_A_DAY * 80_000
        day = time.strftime("%Y-%m-%d", time.gmtime(begin / 1000))
        server = f"server-{chance.randrange(SERVERS)}"
        with log.writing(Stamp(server, day)) as writing:
            if not first:
                writing.append(ev.RestaurantFounded("Bench", "EUR", "Europe/Paris"))
            for number in range(first, min(first + CHECKS_A_COMMIT, checks)):
                for body in check_of(f"c{number}", chance):
                    writing.append(body)
    return day


def measure(long: bool) -> list[Figure]:
    """Write the journal, add it up, then time every report over a day, 28 days and all of it."""
    lines = int(os.environ.get("BENCH_LINES", LINES_LONG if long else LINES))
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "journal.db")
        journal.migrate()
        last = write(journal, lines)
        found = Sales(journal)
        added_s = _timed(lambda: _add_up(found))
        figures: list[Figure] = [
            f"  {lines:,} lines, {journal.position():,} events",
            Amount("added up at first", added_s, "s"),
            Amount("an event added to the sums", added_s * 1e3 / journal.position(), "ms"),
            Amount("file of the sums", _size(Path(folder)) / 1e6, "MB"),
        ]
        everything = Period("2025-11-01", last)
        for title, period in (
            ("a day", last_days(last, 1)),
            ("28 days", last_days(last, 28)),
            (f"all {everything.days} days", everything),
        ):
            slowest, *others = sorted(_reports(found, period), key=lambda one: -one.p50)
            figures.append(Amount(f"{title}: {slowest.name}, p50", slowest.p50, "ms", AIM_MS))
            figures.append(
                f"    worst of {ASKED} {slowest.worst:.3g} ms, processor {slowest.cpu:.3g} ms"
            )
            figures.append("    " + ", ".join(f"{one.name} {one.p50:.3g} ms" for one in others))
        found.close()
        journal.close()
    return figures


@dataclass(frozen=True)
class Report:
    """How long a report took, in ms; ``cpu`` is the processor's part of it, whoever else ran."""

    name: str
    p50: float
    worst: float
    cpu: float


def _reports(found: Sales, period: Period) -> list[Report]:
    item = found.slices(sales.ITEM, period)[0].key
    asked: dict[str, Callable[[], object]] = {
        "dishes": lambda: found.slices(sales.ITEM, period),
        "servers": lambda: found.servers(period),
        "hours": lambda: found.slices(sales.HOUR, period),
        "segments": lambda: [found.segments(cut, period) for cut in sales.SEGMENTS],
        "by day": lambda: found.days(sales.SALES, period),
        "comps by reason": lambda: found.slices(sales.COMP, period),
        "checks behind the best dish": lambda: found.checks(sales.ITEM, item, period),
    }
    return [_report(name, ask) for name, ask in asked.items()]


def _report(name: str, ask: Callable[[], object]) -> Report:
    begin = time.thread_time()
    took = [_timed(ask) * 1000 for _ in range(ASKED)]
    cpu = (time.thread_time() - begin) * 1000 / ASKED
    return Report(name, percentile(took, 50), max(took), cpu)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("*-sums.db*"))


def _timed(ask: Callable[[], object]) -> float:
    begin = time.perf_counter()
    ask()
    return time.perf_counter() - begin


def _add_up(found: Sales) -> None:
    while found.refresh(steps=100):
        pass
