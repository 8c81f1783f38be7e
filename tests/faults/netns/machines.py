"""A machine that is there and does not work: all of its programs hang, or its disk is full."""

from functools import partial

from tests.faults.netns.case import Sitting
from tests.faults.netns.cuts import require_sales
from tests.faults.netns.deaths import catch_up, sells_more, told
from tests.faults.netns.house import READY_S

HANGS_S = (7.0, 9.0)  # longer than a connection's keepalive: messages are lost, not only late
FULL_S = 3.0


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
        house.wait(FULL_S)
        require_sales(sitting, [one for one in house.boxes if one is not box])
        ballast.unlink()
        sold = told(sitting)
        took_s = house.until(partial(sells_more, sitting, box.id, sold), READY_S)
        sitting.measured("sells again after", took_s)
        catch_up(sitting, told(sitting), "all hold all again after")
