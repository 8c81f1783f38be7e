"""What a restaurant has behind it: checks of months, paid, and the tables where people sit."""

import random
from collections.abc import Iterator

from comptoir.domain import events as ev
from comptoir.domain.tax import TaxRate
from comptoir.journal import OwnLog, Stamp

LINES_A_CHECK, CHECKS_A_COMMIT, OPEN_CHECKS = 8, 50, 60
ITEMS = 600
VAT = TaxRate("v10", "10 %", 100_000)


def check_of(name: str, chance: random.Random) -> list[ev.Body]:
    """Return the events of a check, the last of which pays it."""
    bodies: list[ev.Body] = [ev.CheckOpened(name, f"A1-{name}", "eat_in", "t1", 3)]
    prices: list[int] = []
    for number in range(LINES_A_CHECK):
        item = min(chance.randrange(ITEMS), chance.randrange(ITEMS))
        prices.append(price := 300 + item * 7)
        line, names = f"{name}-{number}", {"en": f"Dish {item}"}
        bodies.append(ev.LineAdded(name, line, f"i{item}", names, 1000, price, taxes=(VAT,)))
    bodies.append(ev.LinesFired(name, tuple(f"{name}-{n}" for n in range(LINES_A_CHECK))))
    bodies.append(
        ev.LinesBumped(name, tuple(f"{name}-{n}" for n in range(LINES_A_CHECK)), "served")
    )
    if chance.random() < 0.1:
        bodies.append(ev.LineComped(name, f"{name}-0", "birthday"))
        prices[0] = 0
    total = sum(prices)
    bodies.append(ev.PaymentTaken(name, f"p-{name}", "cash", total, total, 0))
    return bodies


def write_past(log: OwnLog, events: int) -> Iterator[ev.PaymentTaken]:
    """Write at least so many events of paid checks, then open ones; yields the payments."""
    stamp, chance, sold, written = Stamp("past", "2026-11-22"), random.Random(1), 0, 0
    while written < events:
        with log.writing(stamp) as writing:
            for number in range(sold, sold + CHECKS_A_COMMIT):
                for body in check_of(f"c{number}", chance):
                    writing.append(body)
                    written += 1
                    if isinstance(body, ev.PaymentTaken):
                        yield body
        sold += CHECKS_A_COMMIT
    with log.writing(stamp) as writing:
        for name in open_checks():
            for body in check_of(name, chance)[:-1]:
                writing.append(body)


def open_checks() -> list[str]:
    """Return the checks that are left open, in the order of their events."""
    return [f"open-{number}" for number in range(OPEN_CHECKS)]
