"""Two terminals that ask for the same money at once: one goes on, at both ends the same (R8)."""

import threading
import time
import uuid

import pytest

from comptoir.bus.wire import Newest
from comptoir.commands import Actor, IntendPayment, SplitCheck
from comptoir.domain.check import CANCELLED, INTENDED, TAKEN, Check
from comptoir.domain.parts import EVEN, Plan
from comptoir.web import claims
from tests.app.web.conftest import Screen
from tests.fakes.box import BOSS, Box, BoxMaker
from tests.fakes.till import HostTill

DUE = 650
SOPHIE = Actor("sophie", "waiter")
EARLIER_MS = 60_000
ANSWER_S = 30  # a peer that never sees our intent
SILENT = Newest(1, 0)


@pytest.fixture
def check(waiter: Screen) -> str:
    name = waiter.open_check()
    waiter.add(name)
    waiter.post(f"/checks/{name}/send")
    return name


@pytest.fixture
def peer(waiter: Screen, check: str, make_box: BoxMaker) -> Box:
    """Return another terminal that knows the check, and lives."""
    del check
    box = make_box("t2", letter="B")
    box.log.restaurant = waiter.till.identity.restaurant.id
    to_peer(waiter.till, box)
    waiter.till.tell(peers=("t2",))
    return box


def to_peer(till: HostTill, box: Box) -> None:
    sealed = till.journal.range(("t1", 1), 1, 1000, 1 << 24)
    box.journal.admit(sealed, restaurant=box.log.restaurant, trust={"t1": till.identity.card})


def crossing(till: HostTill, box: Box, command: IntendPayment) -> threading.Thread:
    """Let a peer's intent, written before it heard of ours, arrive while we wait for its answer."""
    till.tell(peers=("t2",), answered=SILENT)
    box.desk.run(command, SOPHIE)

    def answer() -> None:
        end = time.monotonic() + ANSWER_S
        while "t1" not in statuses(till, command.check) and time.monotonic() < end:
            time.sleep(0.01)
        till.journal.admit(box.sealed(), restaurant=box.log.restaurant, trust={"t2": box.card})
        till.tell(peers=("t2",))

    thread = threading.Thread(target=answer)
    thread.start()
    return thread


def pay(
    screen: Screen, check: str, amount: int = DUE, part: str = "", command: str = ""
) -> tuple[int, str]:
    """Take cash; returns the status, and what was said. One command is of one payment."""
    command = command or uuid.uuid4().hex
    form = {"payment": f"{command}.p", "amount": amount, "tendered": amount}
    form |= {"command": command, "part": part}
    answer = screen.post(f"/checks/{check}/pay", **form)
    assert ("Comptoir-Called-Off" in answer.headers) == (answer.status_code == 409)
    return answer.status_code, answer.text


def statuses(till: HostTill, check: str) -> dict[str, str]:
    found: Check = till.journal.state(f"check:{check}")
    return {payment.terminal: payment.status for payment in found.payments}


def earlier(box: Box, till: HostTill) -> None:
    """Set a peer's clock so that its next event is before ours."""
    box.clock.ms = till.desk.clock.now_ms() - EARLIER_MS


def later(box: Box, till: HostTill) -> None:
    box.clock.ms = till.desk.clock.now_ms() + EARLIER_MS


def test_the_later_of_two_intents_is_called_off_before_money_is_taken(
    waiter: Screen, check: str, peer: Box
) -> None:
    earlier(peer, waiter.till)
    answer = crossing(waiter.till, peer, IntendPayment("i", check, "p9", "cash", DUE))
    status, said = pay(waiter, check)
    answer.join()
    assert (status, said) == (409, "This is being paid on t2. Look there before you take money.")
    assert statuses(waiter.till, check) == {"t1": CANCELLED, "t2": INTENDED}


def test_the_earlier_of_two_intents_goes_on(waiter: Screen, check: str, peer: Box) -> None:
    later(peer, waiter.till)
    answer = crossing(waiter.till, peer, IntendPayment("i", check, "p9", "cash", DUE))
    assert pay(waiter, check)[0] == 204
    answer.join()
    assert statuses(waiter.till, check) == {"t1": TAKEN, "t2": INTENDED}


def test_two_parts_of_a_check_are_taken_at_once(waiter: Screen, check: str, peer: Box) -> None:
    waiter.till.desk.run(SplitCheck("s", check, "s", EVEN, (Plan("a"), Plan("b"))), BOSS)
    to_peer(waiter.till, peer)
    earlier(peer, waiter.till)
    theirs = IntendPayment("i", check, "p9", "cash", DUE // 2, part="a")
    answer = crossing(waiter.till, peer, theirs)
    assert pay(waiter, check, DUE // 2, part="b")[0] == 204
    answer.join()


def test_the_same_part_of_a_check_is_taken_once(waiter: Screen, check: str, peer: Box) -> None:
    waiter.till.desk.run(SplitCheck("s", check, "s", EVEN, (Plan("a"), Plan("b"))), BOSS)
    to_peer(waiter.till, peer)
    earlier(peer, waiter.till)
    theirs = IntendPayment("i", check, "p9", "cash", DUE // 2, part="a")
    answer = crossing(waiter.till, peer, theirs)
    assert pay(waiter, check, DUE // 2, part="a")[0] == 409
    answer.join()


def test_who_lives_and_does_not_answer_is_named_once_and_not_waited_for_again(
    waiter: Screen, check: str, peer: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    del peer
    monkeypatch.setattr(claims, "ANSWER_MS", 20)
    waiter.till.tell(peers=("t2",), answered=SILENT)
    status, said = pay(waiter, check)
    assert (status, said.partition(".")[0]) == (409, "t2 does not answer")
    assert pay(waiter, check)[0] == 204


def test_nobody_alive_nobody_is_waited_for(waiter: Screen, check: str) -> None:
    waiter.till.tell()
    assert pay(waiter, check)[0] == 204


def test_a_card_is_not_asked_for_either(waiter: Screen, check: str, peer: Box) -> None:
    earlier(peer, waiter.till)
    answer = crossing(waiter.till, peer, IntendPayment("i", check, "p9", "cash", DUE))
    form = {"payment": uuid.uuid4().hex, "tender": "card"}
    assert waiter.post(f"/checks/{check}/intend", **form).status_code == 409
    answer.join()


def test_said_in_the_language_of_the_person(waiter: Screen, check: str, peer: Box) -> None:
    waiter.post("/sign-out")
    waiter.sign_in("wang-fang")
    earlier(peer, waiter.till)
    answer = crossing(waiter.till, peer, IntendPayment("i", check, "p9", "cash", DUE))
    said = pay(waiter, check)[1]
    answer.join()
    assert "t2" in said
    assert "being paid" not in said


def test_sent_again_after_it_was_called_off_it_stays_off(
    waiter: Screen, check: str, peer: Box
) -> None:
    earlier(peer, waiter.till)
    answer = crossing(waiter.till, peer, IntendPayment("i", check, "p9", "cash", DUE))
    command = uuid.uuid4().hex
    assert pay(waiter, check, command=command)[0] == 409
    answer.join()
    assert pay(waiter, check, command=command)[0] == 409
    assert statuses(waiter.till, check)["t1"] == CANCELLED
