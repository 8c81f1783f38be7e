"""One page says what was sent, what waits and what needs a decision (K14, K15)."""

from comptoir.bus.wire import Newest, Safety, pack_json
from comptoir.commands import IntendPayment, OpenCheck, TakePayment
from comptoir.commands.offline import SetOffline, offline
from comptoir.domain.offline import Offline
from tests.app.web.conftest import Screen
from tests.app.web.screens.manager.conftest import BOSS, LUCAS, plain
from tests.fakes.box import BoxMaker

PAGE = "/manager/offline"


def page(screen: Screen) -> str:
    return plain(screen.get(PAGE).text)


def state(screen: Screen) -> Offline:
    return offline(screen.till.journal)


def test_the_switch_is_turned_and_turned_back(manager: Screen) -> None:
    assert "Work offline" in page(manager)
    assert manager.post(f"{PAGE}/switch", offline="yes").status_code < 400
    assert state(manager).on
    assert "Offline: a manager keeps it so" in page(manager)
    manager.post(f"{PAGE}/switch", offline="no")
    assert not state(manager).on


def test_waiters_do_not_come_in(waiter: Screen) -> None:
    assert waiter.get(PAGE).status_code == 403
    assert waiter.post(f"{PAGE}/switch", offline="yes").status_code == 403


def test_limits_are_typed_as_amounts(manager: Screen) -> None:
    assert manager.post(f"{PAGE}/limits", each="50", total="1000,50").status_code < 400
    assert (state(manager).each_max, state(manager).total_max) == (5_000, 100_050)
    assert 'value="1000.50"' in manager.get(PAGE).text
    refused = manager.post(f"{PAGE}/limits", each="50", total="49")
    assert refused.status_code == 422


def test_what_was_sent_and_what_waits_is_counted_since_it_went(manager: Screen) -> None:
    desk = manager.till.desk
    desk.run(SetOffline("off", offline=True), BOSS)
    before = manager.till.journal.position() - 1
    for n in range(5):
        desk.run(OpenCheck(f"k{n}", f"n{n}"), LUCAS)
    desk.run(SetOffline("on", offline=False), BOSS)
    report = Safety({}, {}, {"t1/1": before + 4}, [], 1, Newest(0, 0))
    manager.till.safety.update(pack_json(report))
    assert "Terminal Written Sent Waits Bar 7 4 3" in page(manager)
    assert "3 events are on their way to the cloud." in page(manager)


def test_a_house_that_was_never_offline_says_so(manager: Screen) -> None:
    assert "This house has never been offline." in page(manager)


def test_what_was_taken_meanwhile_stands_there_with_its_sum(manager: Screen) -> None:
    desk = manager.till.desk
    desk.run(SetOffline("off", offline=True), BOSS)
    desk.run(IntendPayment("i", "c1", "p1", "card", 600), LUCAS)
    desk.run(TakePayment("t", "c1", "p1", 600, reference="slip 12"), LUCAS)
    desk.run(SetOffline("on", offline=False), BOSS)
    text = page(manager)
    assert "€6.00 1 payment" in text
    assert "Card slip 12" in text
    assert "Bar · Lucas Petit" in text


def test_money_that_nobody_answered_for_is_decided_there(
    manager: Screen, make_box: BoxMaker
) -> None:
    till, peer = manager.till, make_box("t2", letter="B")
    peer.log.restaurant = till.identity.restaurant.id
    trust = {"t1": till.identity.card, "t2": peer.card}
    own = till.journal.range(("t1", 1), 1, 1000, 1 << 24)
    peer.journal.admit(own, restaurant=peer.log.restaurant, trust=trust)
    peer.desk.run(IntendPayment("i", "c1", "p9", "card", 600), LUCAS)
    till.journal.admit(peer.sealed(), restaurant=peer.log.restaurant, trust=trust)
    assert "was being taken on t2" in page(manager)
    assert "/checks/c1/payments/p9/answer" in manager.get(PAGE).text
    manager.post("/checks/c1/payments/p9/answer", received="yes")
    assert "Nothing is open." in page(manager)
