"""A machine that is there and does not work: all of its programs hang, or its disk is full."""

import time
import uuid
from functools import partial

from tests.faults.netns.box import Box
from tests.faults.netns.case import Sitting
from tests.faults.netns.cuts import require_sales
from tests.faults.netns.deaths import catch_up, sells_more, told
from tests.faults.netns.house import READY_S
from tests.faults.netns.races import Payer

HANGS_S = (7.0, 9.0)  # longer than a connection's keepalive: messages are lost, not only late
FULL_S = 20.0  # what was free in the write-ahead log takes a while to fill


def hangs(sitting: Sitting) -> None:
    """Stop every program of a terminal in the middle of whatever it does; later let it go on."""
    house = sitting.house
    for _ in range(sitting.rounds):
        house.wait(house.dice.uniform(0.5, 1.0))
        box = house.dice.choice(house.boxes)
        box.freeze()
        house.wait(house.dice.uniform(*HANGS_S))
        require_sales(sitting, [one for one in house.boxes if one is not box])
        box.thaw()
        catch_up(sitting, told(sitting), "all hold all again after")


def disk_full(sitting: Sitting) -> None:
    """Fill a terminal's disk to the last byte; then make room again."""
    house = sitting.house
    for _ in range(sitting.rounds):
        house.wait(house.dice.uniform(0.5, 1.0))
        box = house.dice.choice(house.boxes)
        ballast = box.fill_disk()
        if not _refuses(sitting, box):
            sitting.verdict.fault(f"{box.id} says that it wrote for {FULL_S:.0f} s on a full disk")
        require_sales(sitting, [one for one in house.boxes if one is not box])
        ballast.unlink()
        sold = told(sitting)
        took_s = house.until(partial(sells_more, sitting, box.id, sold), READY_S)
        sitting.measured("sells again after", took_s)
        catch_up(sitting, told(sitting), "all hold all again after")


def _refuses(sitting: Sitting, box: Box) -> bool:
    """Seat guests at a terminal until it says that it cannot write; False when it never does."""
    guest = Payer(box, sitting.house.ledger, "")
    until_s = time.monotonic() + FULL_S
    while time.monotonic() < until_s:
        check = {"check": uuid.uuid4().hex, "order_type": "take_away", "covers": 1}
        if not guest.post("/api/v1/checks", check):
            guest.close()
            return True
        sitting.house.wait(0)
    guest.close()
    return False
