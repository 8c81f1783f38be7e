import pytest

from comptoir.demo import oracle
from comptoir.demo.oracle import Oracle, Witness
from comptoir.demo.promises import LINE, OPENED, Promises


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oracle, "AGAIN_S", 0.0)


class Holder:
    def __init__(self, *facts: tuple[str, str]) -> None:
        self.facts = set(facts)

    def holds(self, check: str) -> set[tuple[str, str]]:
        return self.facts if check == "c1" else set()


class SlowHolder(Holder):
    """Answers from the second question on, as a till that is still taking events in."""

    asked = 0

    def holds(self, check: str) -> set[tuple[str, str]]:
        self.asked += 1
        return super().holds(check) if self.asked > 1 else set()


def told(level: str, *, believe_local: bool = False) -> Promises:
    promises = Promises(believe_local=believe_local)
    promises.told("c1", (OPENED, "c1"), level, [("t1/1", 7)])
    promises.told("c1", (LINE, "l1"), level, [("t1/1", 8)])
    return promises


def lost(promises: Promises, *witnesses: Witness) -> int:
    return Oracle(promises, lambda: witnesses).ask_all()


def test_what_one_survivor_holds_is_not_lost() -> None:
    assert lost(told("safe"), Holder(), Holder((OPENED, "c1"), (LINE, "l1"))) == 0


def test_facts_may_be_held_by_different_survivors() -> None:
    assert lost(told("safe"), Holder((LINE, "l1")), Holder((OPENED, "c1"))) == 0


def test_a_promised_fact_that_nobody_holds_is_lost() -> None:
    assert lost(told("safe"), Holder((OPENED, "c1")), Holder()) == 1
    assert lost(told("cloud"), Holder()) == 2


def test_a_fact_that_was_only_local_was_no_promise() -> None:
    assert lost(told("local")) == 0
    assert lost(told("solo")) == 0


def test_the_control_that_believes_every_answer_sees_the_loss() -> None:
    assert lost(told("solo", believe_local=True)) == 2


def test_a_survivor_that_is_still_taking_events_in_is_asked_again() -> None:
    assert lost(told("safe"), SlowHolder((OPENED, "c1"), (LINE, "l1"))) == 0


def test_what_was_lost_and_is_found_again_is_not_lost() -> None:
    holder = Holder()
    judge = Oracle(told("safe"), lambda: [holder])
    assert judge.ask_all() == 2
    holder.facts = {(OPENED, "c1"), (LINE, "l1")}
    assert judge.ask_all() == 0
