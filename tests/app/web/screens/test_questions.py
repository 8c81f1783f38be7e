"""Money nobody can tell about, money taken twice, what was said while a till was away (T9, D6)."""

import re
import uuid

import pytest

from comptoir.commands import Actor, IntendPayment, TakePayment
from comptoir.commands.payments import AnswerPayment
from comptoir.domain.check import Check
from tests.app.web.conftest import Screen
from tests.fakes.box import Box, BoxMaker, StandingClock
from tests.fakes.till import HostTill

DUE = 650
SOPHIE = Actor("sophie", "waiter")


def state(screen: Screen, check: str) -> Check:
    found: Check = screen.till.journal.state(f"check:{check}")
    return found


@pytest.fixture
def check(waiter: Screen) -> str:
    name = waiter.open_check()
    waiter.add(name)
    waiter.post(f"/checks/{name}/send")
    return name


@pytest.fixture
def peer(waiter: Screen, check: str, make_box: BoxMaker) -> Box:
    """Return another terminal that knows the check."""
    del check
    box = make_box("t2", letter="B")
    to_peer(waiter.till, box)
    return box


def to_peer(till: HostTill, box: Box) -> None:
    sealed = till.journal.range(("t1", 1), 1, 1000, 1 << 24)
    box.log.restaurant = till.identity.restaurant.id
    box.journal.admit(sealed, restaurant=box.log.restaurant, trust={"t1": till.identity.card})


def from_peer(till: HostTill, box: Box) -> None:
    till.journal.admit(box.sealed(), restaurant=box.log.restaurant, trust={"t2": box.card})


def test_a_dead_terminals_intent_is_asked_about_and_answered(
    waiter: Screen, check: str, peer: Box
) -> None:
    peer.desk.run(IntendPayment("i", check, "p9", "card", DUE), SOPHIE)
    from_peer(waiter.till, peer)
    banner = waiter.get("/questions/banner").text
    assert "€6.50" in banner
    assert re.search(r"was being taken on t2 at \d?\d:\d\d", banner)
    answer = f"/checks/{check}/payments/p9/answer"
    page = waiter.post(answer, received="ask").text
    assert "Lucas Petit is asking since" in page
    assert state(waiter, check).due == DUE
    assert "Nothing is open" in waiter.post(answer, received="yes").text
    assert state(waiter, check).due == 0
    assert waiter.get("/questions/banner").text == ""


def test_nobody_asks_about_a_terminal_that_lives(waiter: Screen, check: str, peer: Box) -> None:
    peer.desk.run(IntendPayment("i", check, "p9", "card", DUE), SOPHIE)
    from_peer(waiter.till, peer)
    waiter.till.tell(peers=("t2",))
    assert waiter.get("/questions/banner").text == ""


def test_what_was_paid_twice_names_screens_and_people_and_is_given_back(
    waiter: Screen, check: str, peer: Box
) -> None:
    peer.desk.run(IntendPayment("i", check, "p9", "cash", DUE), SOPHIE)
    peer.desk.run(TakePayment("t", check, "p9", DUE), SOPHIE)
    paid = {"payment": uuid.uuid4().hex, "amount": DUE, "tendered": DUE}
    waiter.post(f"/checks/{check}/pay", **paid)
    from_peer(waiter.till, peer)
    page = waiter.get("/questions").text
    assert "too much was taken" in page
    assert "6.50 Cash on Bar by Lucas Petit at" in page
    assert "6.50 Cash on t2 by Sophie" in page
    give = f"/checks/{check}/payments/p9/give-back"
    page = waiter.post(give, refund=uuid.uuid4().hex, amount=DUE).text
    assert "Nothing is open" in page
    assert state(waiter, check).state == "settled"


def test_a_till_that_comes_back_shows_how_its_money_was_settled_until_it_was_seen(
    waiter: Screen, check: str, peer: Box
) -> None:
    payment = uuid.uuid4().hex
    waiter.post(f"/checks/{check}/intend", payment=payment, tender="card", tendered=0)
    to_peer(waiter.till, peer)
    peer.desk.run(AnswerPayment("a", check, payment, "yes"), SOPHIE)
    from_peer(waiter.till, peer)
    page = waiter.get("/questions").text
    assert "Sophie" in page
    assert "it was received" in page
    assert "settled while this till was away" in waiter.get("/questions/banner").text
    assert "Nothing is open" in waiter.post("/questions/seen").text
    assert waiter.get("/questions/banner").text == ""


def test_what_was_begun_here_and_never_ended_is_asked_too(
    clock: StandingClock, waiter: Screen, check: str
) -> None:
    payment = uuid.uuid4().hex
    waiter.post(f"/checks/{check}/intend", payment=payment, tender="card", tendered=0)
    assert waiter.get("/questions/banner").text == ""
    clock.ms += 5 * 60_000
    assert f"/checks/{check}/payments/{payment}" in waiter.get("/questions").text


@pytest.fixture
def clock(till: HostTill) -> StandingClock:
    return till.use_clock(StandingClock(till.desk.clock.now_ms()))
