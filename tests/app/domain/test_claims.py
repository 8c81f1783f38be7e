"""Which claims on a check's money leave room for another (two terminals that pay one check)."""

import pytest

from comptoir.domain import events as ev
from comptoir.domain.check import Check
from comptoir.domain.claims import before, in_the_way
from tests.app.domain.bills import OPENED, even, folded, line, taken


def meant(name: str, amount: int, part: str = "") -> ev.PaymentIntended:
    return ev.PaymentIntended("c", name, "cash", amount, part=part)


def rival(check: Check, amount: int, part: str = "") -> str:
    """Return whose claim is in the way of so much; nothing when nobody's is."""
    other = in_the_way(check, amount, part, before(check.payments, "mine"))
    return other.id if other else ""


@pytest.mark.parametrize(
    ("meanwhile", "amount", "part", "found"),
    [
        ((), 500, "", ""),
        ((meant("p", 500),), 500, "", "p"),
        ((meant("p", 200),), 300, "", ""),
        ((meant("p", 200),), 301, "", "p"),
        ((meant("p", 400), meant("q", 200)), 100, "", ""),
        ((taken("p", 500),), 500, "", "p"),
        ((taken("p", 200), meant("q", 300)), 1, "", "q"),
    ],
)
def test_what_is_claimed_is_not_due_twice(
    meanwhile: tuple[ev.Body, ...], amount: int, part: str, found: str
) -> None:
    assert rival(folded(OPENED, line(price=500), *meanwhile), amount, part) == found


@pytest.mark.parametrize(
    ("meanwhile", "amount", "part", "found"),
    [
        ((meant("p", 250, "s1"),), 250, "s2", ""),
        ((meant("p", 250, "s1"),), 250, "s1", "p"),
        ((meant("p", 100, "s1"),), 150, "s1", ""),
        ((meant("p", 250, "s1"),), 500, "", "p"),
        ((meant("p", 250, "s1"),), 250, "", ""),
        ((meant("p", 500),), 250, "s1", "p"),
        ((meant("p", 250, "s1"), meant("q", 250, "s2")), 1, "", "q"),
    ],
)
def test_different_parts_do_not_hinder_each_other(
    meanwhile: tuple[ev.Body, ...], amount: int, part: str, found: str
) -> None:
    check = folded(OPENED, line(price=500), even("s", 2), *meanwhile)
    assert rival(check, amount, part) == found


def test_of_two_that_crossed_the_earlier_stands() -> None:
    check = folded(OPENED, line(price=500), meant("p", 500), meant("q", 500))
    assert before(check.payments, "p") == ()
    assert [one.id for one in before(check.payments, "q")] == ["p"]
    assert in_the_way(check, 500, "", before(check.payments, "p")) is None
    other = in_the_way(check, 500, "", before(check.payments, "q"))
    assert other is not None
    assert other.id == "p"
