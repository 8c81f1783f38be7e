"""Memory of three terminals' programs before an evening's sales and after them."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.bench.figures import Amount, Figure, Ratio
from tests.browser.evening.book import CLOSES, OPENS, QUARTER, book
from tests.browser.evening.house import TERMINALS, WAITERS, House, opened
from tests.browser.evening.waiter import Waiter

PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
SEATINGS = 2


def measure(long: bool) -> list[Figure]:
    """Open the house, ring up two seatings over the API, and look at the programs."""
    del long
    with opened() as house:
        before = _megabytes(house)
        answered = _sell(house)
        after = _megabytes(house)
    return [
        Ratio("a terminal after ÷ before", after["all"], before["all"], "MB"),
        *(Amount(f"of which {name}", after[name], "MB") for name in ("broker", "replica", "till")),
        f"  proportional shares, mean of {TERMINALS} terminals; {answered:,} commands answered",
    ]


def _sell(house: House) -> int:
    waiters = [Waiter(person, house) for person in WAITERS]
    acts = book(house.items, seatings=SEATINGS)
    with ThreadPoolExecutor(len(waiters)) as pool:
        for quarter in range(OPENS, CLOSES, QUARTER):
            mine = [
                [a for a in acts if a.quarter == quarter and a.party.waiter is waiter.person]
                for waiter in waiters
            ]
            list(pool.map(Waiter.work, waiters, mine))
    for waiter in waiters:
        waiter.leave()
    return sum(waiter.answered for waiter in waiters)


def _megabytes(house: House) -> dict[str, float]:
    """Return the proportional share of each program and of all, the mean of the terminals."""
    sums = {"broker": 0.0, "replica": 0.0, "till": 0.0}
    for terminal in house.restaurant.terminals:
        for name in sums:
            sums[name] += sum(_shares(getattr(terminal, name).pid)) / TERMINALS
    return sums | {"all": sum(sums.values())}


def _shares(pid: int) -> Iterator[float]:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    for kilobytes in PSS.findall(rollup):
        yield int(kilobytes) * 1024 / 1e6
