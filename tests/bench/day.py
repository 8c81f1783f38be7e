"""The close of a long day: a Z over 2,000 checks, against a bare insert on the same disk."""

import random
import tempfile
import time
from contextlib import closing
from pathlib import Path

from comptoir.commands import Actor
from comptoir.commands.day import CloseDay
from comptoir.commands.fiscal import state_sale
from comptoir.commands.reports import terminal_zs
from comptoir.domain.house import MANAGER
from comptoir.journal import Stamp
from tests.bench.figures import Amount, Figure, NotMeasurable, Ratio, percentile
from tests.bench.insert import BareInserts
from tests.fakes.past import check_of
from tests.fakes.till import HostTill

CHECKS, CHECKS_A_COMMIT = 2000, 50
INSERTS = 200
BOSS = Actor("bench", MANAGER)


def measure(long: bool) -> list[Figure]:
    """Write the day's checks, each paid and stated, then close it once."""
    del long
    with tempfile.TemporaryDirectory() as folder:
        till = HostTill(Path(folder))
        try:
            _sell(till, CHECKS)
            events = till.journal.position()
            begin, busy = time.perf_counter(), time.thread_time()
            till.desk.run(CloseDay("z"), BOSS)
            close_ms = (time.perf_counter() - begin) * 1000
            processor_ms = (time.thread_time() - busy) * 1000
            (z,) = terminal_zs(till.journal, "t1")
        finally:
            till.stop()
        if z.figures.receipts != CHECKS:
            raise NotMeasurable(f"the Z counts {z.figures.receipts} receipts of {CHECKS}")
        with closing(BareInserts(Path(folder) / "bare.db")) as bare:
            insert_ms = percentile([_insert_ms(bare) for _ in range(INSERTS)], 50)
    return [
        Ratio("a day closed ÷ a bare insert, p50", close_ms, insert_ms, "ms"),
        Amount("of which the processor", processor_ms, "ms"),
        Amount("of which for each check", close_ms / CHECKS, "ms"),
        f"  {CHECKS:,} checks, {events:,} events",
    ]


def _insert_ms(bare: BareInserts) -> float:
    begin = time.perf_counter()
    bare.one()
    return (time.perf_counter() - begin) * 1000


def _sell(till: HostTill, checks: int) -> None:
    chance = random.Random(1)
    for first in range(0, checks, CHECKS_A_COMMIT):
        with till.desk.log.writing(Stamp("bench", till.desk.business_date())) as writing:
            for number in range(first, first + CHECKS_A_COMMIT):
                for body in check_of(f"c{number}", chance):
                    writing.append(body)
                state_sale(writing, till.desk, f"c{number}")
