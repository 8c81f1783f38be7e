from comptoir.demo.promises import CHECKS_MAX, LINE, OPENED, Promises

A, B = (OPENED, "c1"), (LINE, "l1")


def test_an_answer_sent_again_is_one_fact() -> None:
    promises = Promises()
    promises.told("c1", A, "safe", [("t1/1", 7)])
    promises.told("c1", A, "cloud", [("t1/1", 7)])
    assert (promises.acknowledged, promises.safe) == (1, 1)


def test_a_fact_told_alone_becomes_a_promise_once_its_log_is_safe_so_far() -> None:
    promises = Promises()
    promises.told("c1", A, "solo", [("t1/1", 7)])
    promises.told("c1", B, "solo", [("t1/1", 8)])
    promises.heard({"t2/1": 99})
    assert promises.of("c1") == set()
    promises.heard({"t1/1": 7})
    assert promises.of("c1") == {A}
    promises.heard({"t1/1": 8})
    assert (promises.of("c1"), promises.safe) == ({A, B}, 2)


def test_a_fact_told_again_elsewhere_is_safe_when_either_of_its_events_is() -> None:
    promises = Promises()
    promises.told("c1", A, "solo", [("t2/1", 50)])
    promises.told("c1", A, "solo", [("t1/1", 7)])
    promises.heard({"t1/1": 7})
    assert promises.safe == 1


def test_what_is_remembered_is_bounded() -> None:
    promises = Promises()
    for n in range(CHECKS_MAX + 10):
        promises.told(f"c{n}", A, "solo", [("t1/1", n)])
    assert len(promises.checks()) == CHECKS_MAX
    promises.heard({"t1/1": CHECKS_MAX + 10})
    assert promises.acknowledged == CHECKS_MAX + 10
