"""R1 to R4: what dies by kill -9: one terminal, two of three, all of them, a broker alone."""

import time
from collections.abc import Sequence

from comptoir.domain.envelope import LogId
from tests.faults.netns.box import Box
from tests.faults.netns.case import Sitting
from tests.faults.netns.house import READY_S
from tests.faults.netns.oracle import missing_safe

ASKED_S, SOLD, SOLD_S = 10.0, 2, 15.0


def one_dies(sitting: Sitting) -> None:
    """Kill a terminal, in half of the rounds just after its cable was pulled; ask the others.

    They sell on, and show all that was said to be SAFE.
    """
    house = sitting.house
    house.lan.internet(on=False)  # the cloud's copy would hide what peers lack
    for n in range(sitting.rounds):
        box = house.dice.choice(house.boxes)
        house.wait(house.dice.uniform(0.5, 1.5))
        if n % 2 == 0:
            house.lan.pull(box.number)
            sell_on(sitting, [box])
        box.kill()
        survivor = house.dice.choice(house.living)
        sitting.measured("survivor sells after", _sells_again(sitting, survivor))
        house.lan.heal()
        _ask_survivors(sitting, {box.id})
        come_back(sitting, [box])
    _require_safe(sitting)
    house.lan.internet(on=True)


def two_die(sitting: Sitting) -> None:
    """Kill two of three, in half of the rounds just after the third was cut off."""
    house = sitting.house
    house.lan.internet(on=False)
    for n in range(sitting.rounds):
        survivor = house.dice.choice(house.boxes)
        others = [box for box in house.boxes if box is not survivor]
        house.wait(house.dice.uniform(0.5, 1.5))
        if n % 2 == 0:
            house.lan.pull(survivor.number)
            sell_on(sitting, others)
        for box in others:
            box.kill()
        sitting.measured("survivor sells after", _sells_again(sitting, survivor))
        house.lan.heal()
        _ask_survivors(sitting, {box.id for box in others})
        come_back(sitting, others)
    _require_safe(sitting)
    house.lan.internet(on=True)


def all_die(sitting: Sitting) -> None:
    """Kill all at once while parted; then each has to tell what it alone knows."""
    house = sitting.house
    for _ in range(sitting.rounds):
        house.lan.part([house.dice.choice(house.boxes).number])
        house.wait(house.dice.uniform(0.5, 1.5))
        for box in house.boxes:
            box.kill()
        before = told(sitting)
        house.lan.heal()
        come_back(sitting, house.boxes)
        catch_up(sitting, before, "all hold all again after")


def broker_dies(sitting: Sitting) -> None:
    """Kill one broker alone; its unit restarts it within a second."""
    house = sitting.house
    for _ in range(sitting.rounds):
        box = house.dice.choice(house.boxes)
        house.wait(house.dice.uniform(0.1, 0.5))
        box.broker.kill()
        time.sleep(house.dice.uniform(0.2, 0.8))
        box.broker.start()
        before = told(sitting)
        catch_up(sitting, before, "holds all again after", boxes=[box])


def catch_up(
    sitting: Sitting, wanted: dict[LogId, int], name: str, boxes: list[Box] | None = None
) -> None:
    """Measure until terminals hold what guests had been told; a fault when they never do."""
    house = sitting.house
    begin_s, boxes = time.monotonic(), boxes or house.boxes
    while time.monotonic() - begin_s < sitting.patience_s:
        vectors = [house.vector(box) for box in boxes]
        if all(v.get(log, 0) >= seq for v in vectors for log, seq in wanted.items()):
            sitting.measured(name, time.monotonic() - begin_s)
            return
        house.wait(0.05)
    sitting.verdict.fault(f"not all hold what was told after {sitting.patience_s:.0f} s")


def sell_on(sitting: Sitting, boxes: Sequence[Box]) -> set[str]:
    """Wait until each of these has acknowledged something more; returns those that have not."""
    before, until_s = told(sitting), time.monotonic() + SOLD_S
    silent = {box.id for box in boxes}
    while silent and time.monotonic() < until_s:
        sitting.house.wait(0.05)
        now = told(sitting)
        silent -= {log[0] for log, seq in now.items() if seq > before.get(log, 0) + SOLD}
    return silent


def told(sitting: Sitting) -> dict[LogId, int]:
    """Return the newest event of each log that a guest was told of."""
    newest: dict[LogId, int] = {}
    for log, seq in list(sitting.house.ledger.told):
        newest[log] = max(seq, newest.get(log, 0))
    return newest


def _ask_survivors(sitting: Sitting, dead: set[str]) -> None:
    house = sitting.house
    missing = missing_safe(house, house.living, dead, ASKED_S)
    if missing:
        sitting.verdict.lost += missing
        sitting.verdict.fault(f"{missing} SAFE events of {sorted(dead)} are with nobody left")


def _require_safe(sitting: Sitting) -> None:
    """Find a fault when peers made nothing SAFE: then nothing was tried."""
    if not sitting.house.ledger.safe_events():
        sitting.verdict.fault("no guest was ever told SAFE: nothing was tried")


def come_back(sitting: Sitting, boxes: list[Box]) -> None:
    """Switch on again what was dead, and measure until it sells."""
    house, begin_s = sitting.house, time.monotonic()
    for box in boxes:
        box.switch_on()
    house.until(lambda: all(house.sells(box) for box in boxes), READY_S)
    sitting.measured("sells again after", time.monotonic() - begin_s)


def _sells_again(sitting: Sitting, box: Box) -> float:
    """Return how long until a guest has an answer from a terminal."""
    house, begin_s, before = sitting.house, time.monotonic(), told(sitting)
    house.until(lambda: sells_more(sitting, box.id, before), READY_S)
    return time.monotonic() - begin_s


def sells_more(sitting: Sitting, terminal: str, before: dict[LogId, int]) -> bool:
    """Tell whether a terminal acknowledged something since."""
    now = told(sitting)
    return any(log[0] == terminal and seq > before.get(log, 0) for log, seq in now.items())
