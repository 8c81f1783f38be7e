"""X5: which tips are offered is the house's to say."""

import pytest

from comptoir.commands import Actor, SetStaff
from comptoir.commands.tips import tip_presets
from comptoir.domain.house import MANAGER, SYSTEM
from tests.app.web.conftest import Screen


@pytest.fixture
def boss(screen: Screen) -> Screen:
    person = SetStaff("english", "li-wei", "Li Wei", MANAGER, language="en")
    screen.till.desk.run(person, Actor("test", SYSTEM))
    return screen.sign_in("li-wei")


def test_a_manager_chooses_the_tips_that_guests_are_offered(boss: Screen) -> None:
    assert 'value="150000" checked' in boss.get("/tips").text
    assert boss.post("/tips", share=["200000", "180000"]).status_code == 204
    assert tip_presets(boss.till.journal) == (180_000, 200_000)
    check = boss.open_check()
    boss.add(check)
    boss.post(f"/checks/{check}/intend", payment="p1", tender="card", tendered=0)
    page = boss.get(f"/checks/{check}/payments/p1").text
    assert "18 %" in page
    assert "15 %" not in page


@pytest.mark.parametrize("shares", [["x"], ["10000000"], ["1", "2", "3", "4", "5"], ["0"]])
def test_shares_that_are_none_are_refused(boss: Screen, shares: list[str]) -> None:
    assert boss.post("/tips", share=shares).status_code in {400, 422}
    assert tip_presets(boss.till.journal) == (50_000, 100_000, 150_000)


def test_a_waiter_may_not_change_them(waiter: Screen) -> None:
    assert waiter.post("/tips", share=["200000"]).status_code == 403
