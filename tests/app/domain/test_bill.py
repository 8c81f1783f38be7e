"""Discounts, comps, service charge; parts and their taxes always sum to the whole, to the cent."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from comptoir.domain import events as ev
from comptoir.domain.check import Check
from comptoir.domain.paper.receipt import entries
from comptoir.domain.parts import AMOUNTS, EVEN, ITEMS, SEATS, Plan, Share
from tests.app.domain.bills import OPENED, SALES, VAT10, VAT20, even, folded, line, taken

LINES = ("l1", "l2", "l3", "l4")


def test_the_last_discount_of_a_line_counts_and_none_takes_it_away() -> None:
    ten, half = ev.DiscountSet("c", "l1", 100_000), ev.DiscountSet("c", "l1", 500_000)
    assert folded(OPENED, line(), ten).total == 450
    assert folded(OPENED, line(), ten, half).total == 250
    assert folded(OPENED, line(), ten, ev.DiscountSet("c", "l1")).total == 500


def test_a_check_discount_and_a_line_discount_add_up() -> None:
    bodies = [ev.DiscountSet("c", "l1", amount=100), ev.DiscountSet("c", ppm=100_000)]
    assert folded(OPENED, line(), *bodies).total == 360


def test_what_is_given_for_nothing_stays_on_the_check_at_no_price() -> None:
    comp = ev.LineComped("c", "l1", "waited an hour")
    check = folded(OPENED, line(), line("l2", 300), comp)
    assert (check.subtotal, check.total) == (800, 300)
    assert check.lines[0].comp_reason == "waited an hour"
    assert folded(OPENED, line(), comp, ev.LineComped("c", "l1", "", comped=False)).total == 500


def test_a_service_charge_is_added_with_its_taxes() -> None:
    charge = ev.ServiceChargeSet("c", 100_000, "Service", (SALES,))
    check = folded(OPENED, line(price=1000), charge)
    assert (check.priced.service_charge, check.total) == (100, 1109)


def _taxes(checks: list[object]) -> Counter[str]:
    found: Counter[str] = Counter()
    for priced in checks:
        for tax in priced.taxes:  # type: ignore[attr-defined]
            found[tax.id] += tax.amount
            found[f"base of {tax.id}"] += tax.base
    return found


def sums_hold(check: Check) -> None:
    """The parts are the whole: total, taxes, bases, discounts, service, money."""
    parts = check.parts
    if not parts:
        return
    whole = check.priced
    assert sum(part.total for part in parts) == check.total
    for name in ("subtotal", "discount", "service_charge", "tax"):
        assert sum(getattr(part.priced, name) for part in parts) == getattr(whole, name), name
    assert +_taxes([part.priced for part in parts]) == +_taxes([whole])
    quantities = sum(line.qty_milli for part in parts for line in part.priced.lines)
    assert quantities == sum(line.qty_milli for line in check.live_lines)
    told = [entry for part in parts for entry in entries(check, part)]
    for entry in entries(check):
        mine = [one for one in told if one.line.id == entry.line.id]
        assert sum(one.amount for one in mine) == entry.amount
        assert sum(one.qty_milli for one in mine) == entry.qty_milli
    for part in parts:
        assert part.total == sum(piece.net + piece.added for piece in part.priced.lines) + (
            part.priced.service.net + part.priced.service.added
        )
    owed = sum(max(0, part.due) for part in parts)
    assert owed - check.due <= sum(max(0, -part.due) for part in parts) + max(0, -check.due)


plans = st.lists(
    st.builds(
        Plan,
        id=st.just(""),
        lines=st.lists(st.builds(Share, st.sampled_from(LINES), st.integers(1, 3)), max_size=4).map(
            tuple
        ),
        seats=st.lists(st.integers(1, 5), min_size=1, max_size=3, unique=True).map(tuple),
        weight=st.integers(1, 3),
        amount=st.integers(0, 6000),
    ),
    min_size=2,
    max_size=5,
)
ways = st.tuples(st.sampled_from([ITEMS, SEATS, EVEN, AMOUNTS]), plans)
seats = st.lists(st.integers(1, 5), max_size=3, unique=True).map(tuple)
taxes = st.lists(st.sampled_from([VAT10, VAT20, SALES]), max_size=3, unique=True).map(tuple)
added = st.builds(
    ev.LineAdded,
    st.just("c"),
    st.just(""),
    st.just("x"),
    st.just({"en": "x"}),
    st.integers(1, 3000),
    st.integers(-300, 9999),
    taxes=taxes,
    seats=seats,
)
reductions = st.tuples(st.integers(0, 1_000_000), st.integers(0, 999))


def _split(name: str, way: tuple[str, list[Plan]], of: tuple[str, ...] = ()) -> ev.CheckSplit:
    how, made = way
    parts = tuple(
        replace(plan, id=f"{name}{i}", amount=plan.amount if how == AMOUNTS else 0)
        for i, plan in enumerate(made)
    )
    return ev.CheckSplit("c", name, how, parts, of)


@given(st.lists(added, min_size=1, max_size=4), ways, ways, reductions)
def test_parts_and_their_taxes_sum_to_the_whole_also_when_split_again(
    lines: list[ev.LineAdded],
    way: tuple[str, list[Plan]],
    again: tuple[str, list[Plan]],
    less: tuple[int, int],
) -> None:
    """E1: to the cent, whatever the discounts, the service charge and the taxes."""
    bodies = [
        *(replace(body, line=name) for name, body in zip(LINES, lines, strict=False)),
        ev.DiscountSet("c", "l1", less[0]),
        ev.DiscountSet("c", amount=less[1]),
        ev.ServiceChargeSet("c", 125_000, taxes=(SALES,)),
        _split("s", way),
    ]
    sums_hold(folded(OPENED, *bodies))
    sums_hold(folded(OPENED, *bodies, _split("t", again, ("s0", "s1"))))


def test_what_a_part_owes_in_coins_is_rounded_for_itself() -> None:
    check = folded(OPENED, line(price=999), even("s", 2), taken("p", 1))
    assert [part.priced.cash_total for part in check.parts] == [500, 499]
