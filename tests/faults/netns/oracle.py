"""The oracle of runs with real programs: compares every disk with what guests were told."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from comptoir.bootstrap.cloud import open_store
from comptoir.cloud import EmbeddedStore
from comptoir.commands import queries
from comptoir.domain.check import OVERPAID
from comptoir.domain.envelope import LogId
from comptoir.domain.payment import TAKEN
from comptoir.journal import Journal
from tests.faults.netns.box import RESTAURANT, Box
from tests.faults.netns.house import House
from tests.faults.oracle import Hashes, hashes

CLOUD = "the cloud"
FAULTS_MAX = 20
STILL_S, LOOK_S = 60.0, 0.25  # how long nothing may move before it counts as the end


@dataclass
class Verdict:
    """What a run came to; ``faults`` are sentences, none when all is well."""

    acked: int = 0
    safe: int = 0
    solo: int = 0
    payments: int = 0
    money: int = 0
    overpaid: int = 0
    lost: int = 0
    duplicated: int = 0
    diverged: int = 0
    settled_s: float = 0.0
    faults: list[str] = field(default_factory=list)

    def line(self) -> str:
        """Return the counts, as a run prints them."""
        return (
            f"acked={self.acked} safe={self.safe} lost={self.lost} duplicated={self.duplicated}"
            f" diverged={self.diverged} overpaid={self.overpaid} money={self.money}"
        )

    def fault(self, text: str) -> None:
        if len(self.faults) < FAULTS_MAX:
            self.faults.append(text)


def missing_safe(house: House, boxes: Iterable[Box], logs: set[str], seconds: float) -> int:
    """Return how many events said to be SAFE these terminals lack, given time to ask each other."""
    marks = {log: seq for log, seq in house.ledger.safe_marks().items() if log[0] in logs}
    until_s = time.monotonic() + seconds
    while True:
        held = [house.vector(box) for box in boxes]
        lacking = sum(max(0, seq - v.get(log, 0)) for v in held for log, seq in marks.items())
        if not lacking or time.monotonic() > until_s:
            return lacking
        house.wait(LOOK_S)


class Disks:
    """Every journal of those who are left, and the cloud's, opened to be read."""

    def __init__(self, house: House, boxes: Sequence[Box], *, cloud: bool) -> None:
        self._own = {box.id: Journal(Path(box.settings.journal_file)) for box in boxes}
        self._store = open_store(house.cloud.settings) if cloud else None
        self.journals = dict(self._own)
        if isinstance(self._store, EmbeddedStore):
            self.journals[CLOUD] = self._store.journal(RESTAURANT.id)

    def differing(self) -> int:
        """Return how many differ from what most hold, in events or in what is folded from them."""
        points = [(str(sorted(j.vector().items())), j.digest()) for j in self.journals.values()]
        return len(points) - max(points.count(point) for point in points)

    def events(self) -> int:
        """Return how many events all of them hold."""
        vectors = (journal.vector() for journal in self.journals.values())
        return sum(head.seq for vector in vectors for head in vector.values())

    def close(self) -> None:
        for journal in self._own.values():
            journal.close()
        if self._store is not None:
            self._store.close()


def judge(house: House, verdict: Verdict, *, cloud: bool = True, still_s: float = STILL_S) -> None:
    """Wait until those who are left agree, as long as anything moves; then look at everything."""
    house.send_home()
    begin_s = time.monotonic()
    disks = Disks(house, house.living, cloud=cloud)
    try:
        moved_s, held = begin_s, 0
        while (left := disks.differing()) and time.monotonic() - moved_s < still_s:
            if disks.events() != held:
                moved_s, held = time.monotonic(), disks.events()
            for box in house.living:
                house.health(box)
            house.wait(LOOK_S)
        verdict.settled_s = max(verdict.settled_s, time.monotonic() - begin_s)
        if left:
            verdict.diverged += left
            verdict.fault(
                f"{left} of {len(disks.journals)} differ, and nothing moves for {still_s:.0f} s"
            )
        found = {name: hashes(journal) for name, journal in disks.journals.items()}
        _judge_events(house, verdict, found)
        _judge_money(house, verdict, next(iter(disks.journals.values())))
    finally:
        disks.close()


def _judge_events(house: House, verdict: Verdict, held: dict[str, Hashes]) -> None:
    ledger = house.ledger
    verdict.acked += len(ledger.told)
    verdict.safe += ledger.safe_events()
    verdict.solo += ledger.solo
    for name, logs in held.items():
        for log, seqs in logs.items():
            if sorted(seqs) != list(range(1, len(seqs) + 1)):
                verdict.fault(f"{name} has a hole in {log}")
    lacking: set[tuple[LogId, int]] = set()
    for name, logs in held.items():
        gone = {(log, seq) for log, seq in ledger.told if seq not in logs.get(log, {})}
        if gone:
            verdict.fault(f"{name} lacks {len(gone)} events that guests were told of: {min(gone)}")
        lacking |= gone
    verdict.lost += len(lacking)


def _judge_money(house: House, verdict: Verdict, journal: Journal) -> None:
    """Compare payments, by their ids and amounts, with what guests were told and had asked for."""
    ledger = house.ledger
    booked: dict[str, tuple[str, int]] = {}
    for check in journal.states("check"):
        for payment in check.payments:
            if payment.status == TAKEN:
                verdict.duplicated += payment.id in booked
                booked[payment.id] = (check.id, payment.amount)
        if check.due < 0:
            verdict.overpaid += 1
            bill = queries.check(journal, check.id)
            if bill.state != OVERPAID or not bill.active:
                verdict.fault(f"{check.id} is overpaid and nobody is told")
    for payment, told in ledger.paid.items():
        if booked.get(payment) != told:
            verdict.fault(f"payment {payment}: told {told}, booked {booked.get(payment)}")
    for payment in booked.keys() - ledger.asked.keys():
        verdict.fault(f"payment {payment} was booked and nobody asked for it")
    verdict.payments += len(ledger.paid)
    verdict.money += sum(amount for _, amount in ledger.paid.values())
