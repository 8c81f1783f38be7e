"""R11: clocks that are wrong by an hour or a day, step back while selling, or begin in 1970."""

import time
from functools import partial

from comptoir.domain.hlc import milliseconds
from tests.faults.netns.box import Box
from tests.faults.netns.case import Sitting
from tests.faults.netns.cuts import require_sales
from tests.faults.netns.deaths import catch_up, come_back, told
from tests.faults.netns.house import NotReady
from tests.faults.netns.oracle import Disks

HOUR_S, DAY_S = 3600, 86_400
WRONG_S = (-HOUR_S, HOUR_S, -DAY_S, DAY_S)
STEP_BACK_S = 1800


def wrong(sitting: Sitting) -> None:
    """Set a terminal's clock wrong, step it back, take its battery out; then set it right."""
    house = sitting.house
    for n in range(sitting.rounds):
        box = house.dice.choice(house.boxes)
        off_s = WRONG_S[n % len(WRONG_S)]
        for now_s in (off_s, off_s - STEP_BACK_S):
            box.set_clock(now_s)
            require_sales(sitting, house.boxes)
        box.kill()
        box.set_clock(-int(time.time()))
        come_back(sitting, [box])
        require_sales(sitting, house.boxes)
        _require_their_time(sitting, box)
        box.set_clock(0)
        catch_up(sitting, told(sitting), "all hold all again after")
    _judge_order(sitting)


def _require_their_time(sitting: Sitting, box: Box) -> None:
    """Find a fault unless what a terminal without a battery writes now bears its peers' time."""
    try:
        sitting.house.until(partial(_writes_since, sitting, box, time.time()), sitting.patience_s)
    except NotReady:
        sitting.verdict.fault(f"{box.id} does not take its peers' time")


def _writes_since(sitting: Sitting, box: Box, since_s: float) -> bool:
    disks = Disks(sitting.house, [box], cloud=False)
    try:
        query = "SELECT max(hlc) FROM head WHERE terminal = ?"
        db = disks.journals[box.id].reader()
        (newest,) = db.execute(query, (box.id,)).fetchone()
    finally:
        disks.close()
    return bool(milliseconds(newest) > since_s * 1000)


def _judge_order(sitting: Sitting) -> None:
    """Find a fault with a log in which what came later bears an earlier time."""
    disks = Disks(sitting.house, sitting.house.boxes, cloud=False)
    try:
        for name, journal in disks.journals.items():
            newest: dict[tuple[str, int], int] = {}
            query = "SELECT terminal, epoch, hlc FROM event ORDER BY terminal, epoch, seq"
            for terminal, epoch, hlc in journal.reader().execute(query):
                if hlc <= newest.get((terminal, epoch), -1):
                    sitting.verdict.fault(f"{name}: time runs back in {terminal}/{epoch}")
                newest[terminal, epoch] = hlc
    finally:
        disks.close()
