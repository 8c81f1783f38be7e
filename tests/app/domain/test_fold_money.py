"""Money, drawers, shifts and days fold to the same state whatever order events arrive in."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.domain import events as ev
from comptoir.domain.accounts import Account
from comptoir.domain.cash import DROP, PAY_IN, PAY_OUT, Denomination, Drawer, OpenDrawers
from comptoir.domain.check import Check
from comptoir.domain.figures import ClosedDays, Figures, Range
from comptoir.domain.fold import fold
from comptoir.domain.payment import ASK, NO, YES
from comptoir.domain.takings import by_tender, of_payments, postings
from tests.app.domain.test_fold import OPENED, event, line

names = st.sampled_from(["p1", "p2", "p3"])
tenders = st.sampled_from(["cash", "card"])
amounts = st.integers(1, 999)
answers = st.builds(
    ev.PaymentAnswered, st.just("c"), names, st.sampled_from([YES, NO, ASK]), tenders, amounts,
    st.integers(0, 9), st.just("d"),
)  # fmt: skip
money = st.one_of(
    st.builds(ev.PaymentIntended, st.just("c"), names, tenders, amounts, tip=st.integers(0, 9)),
    st.builds(
        ev.PaymentTaken, st.just("c"), names, tenders, amounts, amounts, st.just(0),
        tip=st.integers(0, 9), drawer=st.just("d"),
    ),
    st.builds(ev.PaymentCancelled, st.just("c"), names, st.just("no")),
    answers,
    answers,
    st.builds(ev.TipSet, st.just("c"), names, st.integers(0, 99), drawer=st.just("d")),
    st.builds(
        ev.PaymentRefunded, st.just("c"), st.sampled_from(["r1", "r2"]), names, tenders, amounts,
        st.just("why"), drawer=st.just("d"),
    ),
)  # fmt: skip
on_account = st.one_of(
    st.builds(
        ev.PaymentTaken, st.just("c"), names, st.just("house_account"), amounts, amounts,
        st.just(0), tip=st.integers(0, 9), account=st.just("Dupont"),
    ),
    st.builds(ev.TipSet, st.just("c"), names, st.integers(0, 99), account=st.just("Dupont")),
    st.builds(
        ev.PaymentRefunded, st.just("c"), st.sampled_from(["r1", "r2"]), names,
        st.just("house_account"), amounts, st.just("why"), account=st.just("Dupont"),
    ),
    st.builds(ev.AccountPaid, st.just("Dupont"), names, tenders, amounts, amounts),
    st.builds(ev.AccountPaymentIntended, st.just("Dupont"), names, tenders, amounts),
    st.builds(ev.AccountPaymentCancelled, st.just("Dupont"), names),
)  # fmt: skip
tips = st.builds(ev.TipPresetsSet, st.tuples(st.sampled_from([50_000, 100_000, 200_000])))
limits = st.builds(ev.CashLimitsSet, amounts, st.integers(0, 9), st.integers(0, 9))
coins = st.just((Denomination(100, 5),))
drawers = st.one_of(
    st.builds(ev.DrawerOpened, st.just("d"), st.sampled_from(["Bar", "Till"]), coins),
    st.builds(
        ev.CashMoved, st.just("d"), st.sampled_from(["m1", "m2", "m3"]),
        st.sampled_from([PAY_IN, PAY_OUT, DROP]), amounts,
    ),
    st.builds(ev.DrawerKicked, st.just("d"), st.just("change")),
    st.builds(ev.DrawerCounted, st.just("d"), coins),
    st.builds(ev.DrawerClosed, st.just("d"), amounts, amounts, st.integers(0, 3)),
)  # fmt: skip
stamps = (ev.ClockedIn, ev.ClockedOut, ev.BreakStarted, ev.BreakEnded)
shifts = st.one_of(
    st.sampled_from(stamps).flatmap(
        lambda kind: st.builds(kind, st.just("anna"), st.sampled_from(["s1", "s2"]))
    ),
    st.builds(ev.TipsDeclared, st.just("anna"), st.sampled_from(["s1", "s2"]), amounts),
)
ranges = st.builds(Range, st.just(1), st.just(1), st.integers(1, 30))
days = st.builds(
    ev.DayClosed, st.just("t1"), st.sampled_from(["2026-11-21", "2026-11-22"]), st.just(1),
    st.tuples(ranges), st.just(Figures()),
)  # fmt: skip


def stamped(made: Sequence[ev.Body]) -> list[ev.Event]:
    """Return events of three terminals, some at the same instant."""
    return [event(body, i // 3, f"t{i % 3}", i + 1) for i, body in enumerate(made)]


def ordered(events: Sequence[ev.Event]) -> list[ev.Event]:
    return sorted(events, key=lambda one: one.envelope.order)


@pytest.mark.parametrize(
    ("aggregate", "bodies"),
    [
        ("check:c", money),
        ("drawer:d", drawers),
        ("drawers:it", drawers),
        ("shift:anna", shifts),
        ("day:t1", days),
        ("account:Dupont", on_account),
        ("tips:it", tips),
        ("limits:it", limits),
    ],
)
@given(data=st.data())
def test_any_arrival_order_folds_to_the_same_state(
    aggregate: str, bodies: st.SearchStrategy[ev.Body], data: st.DataObject
) -> None:
    events = stamped(data.draw(st.lists(bodies, max_size=20)))
    arrived = data.draw(st.permutations(events))
    assert fold(aggregate, ordered(arrived)) == fold(aggregate, ordered(events))


@given(st.lists(money, max_size=25))
def test_what_each_event_did_sums_up_to_what_the_payments_came_to(made: list[ev.Body]) -> None:
    events = ordered(stamped([OPENED, line(), *made]))
    check = fold("check:c", events)
    assert isinstance(check, Check)
    sums = {one.tender: one.net for one in by_tender(postings(events)) if one.net}
    assert sums == {tender: net for tender, net in of_payments(check.payments).items() if net}


@given(st.lists(on_account, max_size=20))
def test_an_account_comes_to_what_was_put_on_it_less_what_was_paid_off(made: list[ev.Body]) -> None:
    events = ordered(stamped(made))
    account = fold("account:Dupont", events)
    assert isinstance(account, Account)
    came_in = {one.tender: one.net for one in by_tender(postings(events))}
    assert account.owed == came_in.pop("house_account", 0) - sum(came_in.values())


@given(st.lists(drawers, max_size=20))
def test_nothing_anybody_did_with_a_drawer_is_lost(made: list[ev.Body]) -> None:
    events = ordered(stamped(made))
    drawer, listed = fold("drawer:d", events), fold("drawers:it", events)
    assert isinstance(drawer, Drawer)
    assert isinstance(listed, OpenDrawers)
    kinds = [type(one.body) for one in events]
    moves = {one.body.move for one in events if isinstance(one.body, ev.CashMoved)}
    assert {move.id for move in drawer.moves} == moves
    assert len(drawer.closings) == kinds.count(ev.DrawerClosed)
    assert len(drawer.counts) == kinds.count(ev.DrawerCounted)
    assert drawer.is_open == bool(listed.drawers)


@given(st.lists(days, max_size=6))
def test_every_event_belongs_to_one_closed_day_at_most(made: list[ev.Body]) -> None:
    state = fold("day:t1", ordered(stamped(made)))
    assert isinstance(state, ClosedDays)
    covered = [
        seq
        for date in ("2026-11-21", "2026-11-22")
        for one in state.ranges(1, date)
        for seq in range(one.first, one.last + 1)
    ]
    assert sorted(covered) == list(range(1, state.closed_to(1) + 1))
