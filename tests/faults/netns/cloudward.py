"""C1 and C3: the internet or the router is gone, or the terminal that uploads for everyone dies."""

import time
from collections.abc import Callable

from comptoir.domain.envelope import LogId
from tests.faults.netns.case import Sitting
from tests.faults.netns.deaths import come_back, sell_on, told
from tests.faults.netns.house import House
from tests.faults.netns.oracle import Disks

OUT_S = (3.0, 8.0)


def internet_cut(sitting: Sitting) -> None:
    """Cut the internet, and lose what every bridge holds in its RAM; then let it back."""
    _without_cloud(sitting, sitting.house.lan.internet)


def router_gone(sitting: Sitting) -> None:
    """Take the router away; the terminals still hear each other, and what they sell gets SAFE."""
    _without_cloud(sitting, sitting.house.lan.router)


def _without_cloud(sitting: Sitting, switch: Callable[..., None]) -> None:
    house = sitting.house
    for _ in range(sitting.rounds):
        house.wait(house.dice.uniform(0.5, 1.0))
        switch(on=False)
        house.wait(house.dice.uniform(*OUT_S))
        for box in house.boxes:
            if len(house.peers(box)) < len(house.boxes) - 1:
                sitting.verdict.fault(f"{box.id} does not hear all others without the cloud")
        for box in house.boxes:
            box.broker.kill()
            box.broker.start()
        house.wait(1.0)
        wanted = told(sitting)
        switch(on=True)
        _measure(sitting, wanted, "the cloud has all after", time.monotonic())


def uplink_dies(sitting: Sitting) -> None:
    """Kill the terminal that uploads: the lowest one; another one must take over."""
    house = sitting.house
    for _ in range(sitting.rounds):
        house.wait(house.dice.uniform(1.0, 2.0))
        box = min(house.living, key=lambda one: one.id)
        box.kill()
        killed_s = time.monotonic()
        sell_on(sitting, house.living)
        _measure(sitting, told(sitting), "another has uploaded after", killed_s)
        come_back(sitting, [box])


def _measure(sitting: Sitting, wanted: dict[LogId, int], name: str, begin_s: float) -> None:
    house, until_s = sitting.house, time.monotonic() + sitting.patience_s
    while time.monotonic() < until_s:
        held = in_cloud(house)
        if all(held.get(log, 0) >= seq for log, seq in wanted.items()):
            sitting.measured(name, time.monotonic() - begin_s)
            return
        house.wait(0.1)
    sitting.verdict.fault(
        f"the cloud does not hold after {sitting.patience_s:.0f} s what guests were told"
    )


def in_cloud(house: House) -> dict[LogId, int]:
    """Return how far the cloud holds each log."""
    disks = Disks(house, (), cloud=True)
    try:
        (journal,) = disks.journals.values()
        return {log: head.seq for log, head in journal.vector().items()}
    finally:
        disks.close()
