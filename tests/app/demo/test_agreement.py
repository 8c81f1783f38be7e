from collections.abc import Iterator, Sequence

import pytest

from comptoir.demo import agreement
from comptoir.demo.agreement import Standpoint, differing, wait

SEVEN, EIGHT = (("t1", 1, 7),), (("t1", 1, 8),)
A, B, C = (Standpoint(name, EIGHT, "d8") for name in ("t1", "t2", "cloud"))
BEHIND = Standpoint("t2", SEVEN, "d7")
DIVERGED = Standpoint("t2", EIGHT, "other")


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "AGREE_S", 0.2)
    monkeypatch.setattr(agreement, "ASK_S", 0.01)


def test_those_who_hold_and_fold_the_same_agree() -> None:
    assert differing([A, B, C]) == 0
    assert differing([]) == 0


def test_who_lacks_an_event_or_folds_it_otherwise_differs() -> None:
    assert differing([A, BEHIND, C]) == 1
    assert differing([A, DIVERGED, C]) == 1


def test_who_is_behind_is_given_time() -> None:
    answers: Iterator[Sequence[Standpoint]] = iter([[A, BEHIND], [A, BEHIND], [A, B]])
    assert wait(lambda: next(answers)) == 0


def test_who_never_agrees_is_counted() -> None:
    assert wait(lambda: [A, DIVERGED, C]) == 1
