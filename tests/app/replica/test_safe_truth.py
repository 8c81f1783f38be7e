"""SAFE is true: what is reported SAFE lies on at least two journals, whatever dies meanwhile."""

import random
import sys
import threading
import time
from collections.abc import Mapping

import pytest

from comptoir.domain.envelope import LogId, Vector
from comptoir.replica.copies import Copies
from tests.app.replica.conftest import Staff
from tests.fakes.restaurant import Terminal, until


class Gullible(Copies):
    """The sabotage: believes that what a broker took is stored."""

    def safe(self, own: Vector, peers: object, copies: int) -> dict[LogId, int]:
        del peers, copies
        return {log: head.seq for log, head in own.items()}


def false_safe(teller: Terminal, others: list[Terminal]) -> list[tuple[int, int]]:
    """Return reports that were not true: (seq reported SAFE, seq that another journal holds)."""
    teller.safety()
    reported = teller.heard_safe()
    held = max(other.seq(teller.name) for other in others)
    return [(seq, held) for seq in reported if seq > held]


def a_peer_whose_replica_is_gone(terminals: Staff, copies: Copies | None) -> tuple[int, int]:
    """Sell while the peer's broker takes everything and nobody stores it.

    Returns (false reports, true seq reported at last).
    """
    one, two = terminals(2)
    until(lambda: one.linked() and two.linked())
    one.safety()
    if copies is not None and one.replica is not None:
        one.replica._exchange.copies = copies
    one.sell(5)
    until(lambda: one.safety().own.get("1", 0) == 5, what="5 SAFE")
    two.stop_replica()
    one.sell(20)
    time.sleep(1.0)
    wrong = false_safe(one, [two])
    return len(wrong), one.safety().own.get("1", 0)


def test_what_only_a_broker_took_is_not_safe(terminals: Staff) -> None:
    assert a_peer_whose_replica_is_gone(terminals, None) == (0, 5)


def test_control_counting_by_belief_is_caught(terminals: Staff) -> None:
    wrong, told = a_peer_whose_replica_is_gone(terminals, Gullible())
    assert wrong > 0
    assert told == 25


def run_service(teller: Terminal, others: list[Terminal], stop: threading.Event) -> list[object]:
    """Sell and check every report against the other journals, until told to stop."""
    wrong: list[object] = []
    while not stop.is_set():
        teller.sell()
        teller.tell_grown()
        wrong += false_safe(teller, others)
        time.sleep(0.01)
    return wrong


def under_fire(terminals: Staff, kills: int, seed: int) -> Mapping[str, int]:
    """Kill -9 the peers' replicas again and again during a service; returns the counts."""
    dice = random.Random(seed)
    one, *others = staff = terminals(3, start=False)
    for terminal in staff:
        terminal.broker.start()
        terminal.start_process()
        terminal.open_log()
    stop, wrong = threading.Event(), list[object]()
    service = threading.Thread(target=lambda: wrong.extend(run_service(one, others, stop)))
    until(lambda: len(one.safety().peers) == 2, 60, "all live")
    service.start()
    for _ in range(kills):
        victim = dice.choice(others)
        time.sleep(dice.uniform(0.1, 1.0))
        victim.kill_process()
        time.sleep(dice.uniform(0.0, 0.3))
        victim.start_process()
    stop.set()
    service.join()
    acked = max(one.heard_safe(), default=0)
    sold = one.seq("t1")
    until(lambda: all(other.seq("t1") == sold for other in others), 60, "caught up")
    lost = sum(acked > other.seq("t1") for other in others)
    digests = {terminal.journal.digest() for terminal in staff}
    return {
        "sold": sold,
        "acked": acked,
        "false": len(wrong),
        "lost": lost,
        "diverged": len(digests) - 1,
    }


def report(counts: Mapping[str, int], seed: int) -> None:
    sys.stdout.write(f"seed {seed}: " + " ".join(f"{k}={v}" for k, v in counts.items()) + "\n")


@pytest.mark.system
@pytest.mark.parametrize("seed", [1, 2])
def test_kill_9_again_and_again_loses_nothing_safe(terminals: Staff, seed: int) -> None:
    counts = under_fire(terminals, kills=15, seed=seed)
    report(counts, seed)
    assert counts["acked"] > 0
    assert (counts["false"], counts["lost"], counts["diverged"]) == (0, 0, 0)
