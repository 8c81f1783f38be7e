"""N2 to N12: the same faults in restaurants of other sizes, up to the largest (K7)."""

from dataclasses import replace

from tests.faults.netns import cuts, deaths
from tests.faults.netns.case import Sitting

COUNTS = (2, 4, 6, 12)


def each_fault(sitting: Sitting) -> None:
    """Strike so many times with each: a death, a LAN in two parts, the death of all."""
    for _ in range(sitting.rounds):
        once = replace(sitting, rounds=1)
        deaths.one_dies(once)
        cuts.parted(once)
        deaths.all_die(once)
