"""What it costs a terminal to take a range in: one signature and the chain, or each signature."""

import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from comptoir.domain.envelope import Sealed
from comptoir.domain.records import canonical
from comptoir.journal import Journal, joining
from tests.bench.figures import Amount, Figure, Ratio
from tests.fakes.house import House

EVENTS, BATCH, ROUNDS = 4000, 200, 3


def measure(long: bool) -> list[Figure]:
    """Take the same log in three times, as it is written and as versions before wrote it."""
    del long
    house = House(1)
    log = house.log(EVENTS)
    older = house.log(EVENTS, marked=False)
    ours = min(_cpu_us(house, log) for _ in range(ROUNDS))
    each = min(_cpu_us(house, older) for _ in range(ROUNDS))
    size = sum(len(one.payload) + len(one.signature) for one in log) / EVENTS
    return [
        Ratio("taken in ÷ each signature checked", ours, each, "µs"),
        Amount("an event and its signature", size, "bytes"),
        Amount("of which names the one before", size - _without(log), "bytes"),
    ]


def _cpu_us(house: House, log: Sequence[Sealed]) -> float:
    """Return the processor's time for an event, folding left out."""
    with tempfile.TemporaryDirectory() as name:
        journal = Journal(Path(name) / "journal.db")
        journal.migrate()
        begin = time.process_time()
        for first in range(0, EVENTS, BATCH):
            journal.admit(
                log[first : first + BATCH],
                restaurant=house.id,
                trust={"t1": house.card},
                fold_later=True,
            )
        spent_s = time.process_time() - begin
        assert joining.waiting(journal)
        journal.close()
    return spent_s * 1e6 / EVENTS


def _without(log: Sequence[Sealed]) -> float:
    """Return the mean size of these events as versions before would have written them."""
    size = 0
    for one in log:
        fields = json.loads(one.payload)
        del fields["prev_signature"]
        size += len(canonical(fields)) + len(one.signature)
    return size / len(log)
