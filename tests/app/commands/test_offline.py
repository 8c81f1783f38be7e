"""What changes while the house is offline, and what is known of it afterwards (K14, K15)."""

import itertools

import pytest

from comptoir.commands import (
    Actor,
    AddLine,
    CancelPayment,
    IntendPayment,
    OpenCheck,
    PublishMenu,
    TakePayment,
)
from comptoir.commands.offline import (
    EndAway,
    SetOffline,
    SetOfflineLimits,
    offline,
    taken_lately,
)
from comptoir.domain.errors import AmountRefused, ApprovalNeeded
from comptoir.domain.hlc import reading as hlc_reading
from comptoir.domain.house import SYSTEM, WAITER
from comptoir.domain.menu import Item, Menu
from comptoir.domain.offline import Away
from comptoir.journal import reading
from tests.fakes.box import BOSS, NOON_MS, Box, BoxMaker

ANNA, REPLICA = Actor("anna", WAITER), Actor("replica", SYSTEM)
FEAST = Item("feast", "mains", {"en": "Feast"}, 100_000)
MINUTE_MS = 60_000


@pytest.fixture
def service(box: Box) -> Box:
    box.desk.run(PublishMenu("menu-1", Menu("", (), (), (), (FEAST,))), BOSS)
    box.desk.run(OpenCheck("k1", "c", "eat_in", "7", 2), ANNA)
    for line in ("l1", "l2"):
        box.desk.run(AddLine(f"k{line}", "c", line, "feast"), ANNA)
    return box


def pay(box: Box, payment: str, amount: int, tender: str = "card", by: Actor | None = None) -> None:
    account = "Dupont" if tender == "house_account" else ""
    command = IntendPayment(f"i{payment}", "c", payment, tender, amount, account=account)
    box.desk.run(command, ANNA, by)
    reference = "7f3" if tender == "card" else ""
    box.desk.run(TakePayment(f"t{payment}", "c", payment, amount, reference=reference), ANNA)


def lose_the_cloud(box: Box, since_ms: int = NOON_MS) -> None:
    box.desk.away_since_ms = lambda: since_ms


@pytest.mark.parametrize("tender", ["card", "house_account"])
def test_online_nobody_asks_a_manager(service: Box, tender: str) -> None:
    pay(service, "p1", 90_000, tender)
    assert taken_lately(service.journal, NOON_MS) == []


@pytest.mark.parametrize("tender", ["card", "house_account"])
def test_offline_a_manager_approves_what_is_above_the_limit(service: Box, tender: str) -> None:
    lose_the_cloud(service)
    pay(service, "p1", 7_500, tender)
    with pytest.raises(ApprovalNeeded):
        pay(service, "p2", 7_501, tender)
    pay(service, "p3", 7_501, tender, by=BOSS)
    assert {one.charge.payment for one in taken_lately(service.journal, NOON_MS)} == {"p1", "p3"}


def test_cash_knows_no_internet(service: Box) -> None:
    lose_the_cloud(service)
    pay(service, "p1", 90_000, "cash")


def test_all_of_a_terminal_is_limited_and_what_was_called_off_does_not_count(service: Box) -> None:
    service.desk.run(SetOfflineLimits("s", 5_000, 10_000), BOSS)
    service.desk.run(SetOffline("off", offline=True), BOSS)
    pay(service, "p1", 5_000)
    service.desk.run(IntendPayment("i2", "c", "p2", "card", 5_000), ANNA)
    with pytest.raises(ApprovalNeeded):
        pay(service, "p3", 1)
    service.desk.run(CancelPayment("x2", "c", "p2"), ANNA)
    pay(service, "p4", 5_000)


def test_each_time_without_the_cloud_begins_at_nothing(service: Box) -> None:
    service.desk.run(SetOfflineLimits("s", 5_000, 5_000), BOSS)
    lose_the_cloud(service)
    pay(service, "p1", 5_000)
    lose_the_cloud(service, NOON_MS + MINUTE_MS)
    pay(service, "p2", 5_000)


def test_one_payment_is_not_more_than_all(box: Box) -> None:
    with pytest.raises(AmountRefused):
        box.desk.run(SetOfflineLimits("s", 2, 1), BOSS)


def test_only_managers_and_programs_turn_it(box: Box) -> None:
    for command in (SetOffline("a", offline=True), SetOfflineLimits("b", 1, 1), EndAway("c", 1, 2)):
        with pytest.raises(Exception, match="may not do this"):
            box.desk.run(command, ANNA)


def test_the_end_is_a_fact_unless_it_was_short_and_nothing_was_taken(service: Box) -> None:
    service.desk.run(EndAway("e1", NOON_MS, NOON_MS + MINUTE_MS - 1), REPLICA)
    assert offline(service.journal).back_ms == 0
    lose_the_cloud(service)
    pay(service, "p1", 100)
    service.desk.run(EndAway("e2", NOON_MS, NOON_MS + 5), REPLICA)
    state = offline(service.journal)
    assert (state.began_ms, state.back_ms) == (NOON_MS, NOON_MS + 5)
    away: Away = service.journal.state(f"away:t1-{NOON_MS}")
    assert (away.terminal, len(away.charges)) == ("t1", 1)


def test_terminals_that_were_away_together_were_away_once_in_any_order(make_box: BoxMaker) -> None:
    boxes = [make_box(name) for name in ("t1", "t2", "t3")]
    for n, box in enumerate(boxes):
        box.desk.run(EndAway(f"e{n}", NOON_MS + n * 1000, NOON_MS + 500_000 + n * 1000), REPLICA)
    trust = {box.name: box.card for box in boxes}
    for order in itertools.permutations(boxes):
        taker = make_box("t9")
        for box in order:
            taker.journal.admit(box.sealed(), restaurant="r1", trust=trust)
        state = offline(taker.journal)
        assert (state.began_ms, state.back_ms) == (NOON_MS, NOON_MS + 502_000)


def test_a_managers_switch_leaves_the_time_behind_that_it_was_on(box: Box) -> None:
    box.desk.run(SetOffline("off", offline=True), BOSS)
    box.clock.ms += MINUTE_MS
    box.desk.run(SetOffline("on", offline=False), BOSS)
    state = offline(box.journal)
    assert (state.on, state.began_ms, state.back_ms) == (False, NOON_MS, NOON_MS + MINUTE_MS)


def test_what_was_written_since_is_found_in_a_long_log(box: Box) -> None:
    for n in range(40):
        box.clock.ms = NOON_MS + n * 1000
        box.desk.run(OpenCheck(f"k{n}", f"c{n}"), ANNA)
    log = ("t1", 1)
    since = hlc_reading(NOON_MS + 30_000)
    assert reading.first_since(box.journal, log, since) == 31
    assert reading.first_since(box.journal, log, 0) == 1
    assert reading.first_since(box.journal, log, hlc_reading(NOON_MS + 40_000)) == 41
