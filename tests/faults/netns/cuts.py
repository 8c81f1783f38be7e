"""R5 to R7: what does not pass between terminals that are all well."""

import time
from collections.abc import Callable
from functools import partial

from tests.faults.netns.box import Box
from tests.faults.netns.case import Sitting
from tests.faults.netns.deaths import catch_up, sell_on, told
from tests.faults.netns.house import House
from tests.faults.netns.weather import FAIR, FOUL, Weather


def parted(sitting: Sitting) -> None:
    """Part the restaurant in two at a place that changes; both sides go on selling."""
    house = sitting.house
    numbers = [box.number for box in house.boxes]

    def cut() -> None:
        size = house.dice.randint(1, len(numbers) // 2)
        house.lan.part(house.dice.sample(numbers, size))

    _each_round(sitting, cut, 2.0, 4.0)


def flapping(sitting: Sitting) -> None:
    """Let a terminal's cable come and go every second."""
    house = sitting.house

    def cut() -> None:
        number = house.dice.choice(house.boxes).number
        for _ in range(3):
            house.lan.pull(number)
            house.wait(1.0)
            house.lan.plug(number)
            house.wait(1.0)

    _each_round(sitting, cut, 0.0, 0.5)


def one_way(sitting: Sitting) -> None:
    """Let one terminal be heard and hear nobody."""
    house = sitting.house

    def cut() -> None:
        deaf = house.dice.choice(house.boxes).number
        house.lan.shut((box.number, deaf) for box in house.boxes if box.number != deaf)

    _each_round(sitting, cut, 2.0, 4.0)


def lossy(sitting: Sitting) -> None:
    """Lose a fifth of all packets between terminals."""
    _each_round(sitting, lambda: sitting.house.lan.lose(20), 4.0, 6.0)


def foul_weather(sitting: Sitting) -> None:
    """Let messages come late, twice and in another order, and a fifth of all packets be lost."""
    house = sitting.house
    for _ in range(sitting.rounds):
        house.wait(house.dice.uniform(0.3, 1.0))
        solo, known = house.ledger.solo, len(house.ledger.safe_after)
        _weather(house, FOUL)
        house.lan.lose(20)
        require_sales(sitting, house.boxes)
        _listen(house, house.dice.uniform(4.0, 6.0))
        house.send_home()
        house.until(partial(_all_safe, house), sitting.patience_s)
        for seconds in house.ledger.safe_after[known:]:
            sitting.measured("SOLO became SAFE in the weather after", seconds)
        if house.ledger.solo == solo:
            sitting.verdict.fault("nothing was shown SOLO: there was no weather")
        house.lan.heal()
        _weather(house, FAIR)
        catch_up(sitting, told(sitting), "all hold all again after")
        house.welcome(len(house.boxes))


def _weather(house: House, now: Weather) -> None:
    for box in house.boxes:
        box.set_weather(now)


def _listen(house: House, seconds: float) -> None:
    """Let time pass, and hear meanwhile how far the terminals say that logs are SAFE."""
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        _all_safe(house)
        house.wait(0.1)


def _all_safe(house: House) -> bool:
    """Ask every terminal; tells whether all that was acknowledged is said to be SAFE."""
    for box in house.boxes:
        house.health(box)
    return not house.ledger.waiting()


def _each_round(sitting: Sitting, cut: Callable[[], None], least_s: float, most_s: float) -> None:
    house = sitting.house
    for _ in range(sitting.rounds):
        house.wait(house.dice.uniform(0.3, 1.0))
        cut()
        require_sales(sitting, house.boxes)
        house.wait(house.dice.uniform(least_s, most_s))
        house.lan.heal()
        catch_up(sitting, told(sitting), "all hold all again after")


def require_sales(sitting: Sitting, boxes: list[Box]) -> None:
    """Find a fault with terminals that acknowledge nothing now."""
    if silent := sell_on(sitting, boxes):
        sitting.verdict.fault(f"{sorted(silent)} sold nothing while others were away")
