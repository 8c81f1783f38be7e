"""X12, E7: training marks everything and touches nothing: journal, kitchen, cash, fiscal series."""

import uuid

import pytest

from comptoir.commands import PublishPrinting, papers
from comptoir.commands.reports import terminal_x
from comptoir.domain.printing import Printer, Station
from comptoir.web import training
from tests.app.web.conftest import PINS, Screen
from tests.fakes.box import BOSS


@pytest.fixture
def trainee(waiter: Screen) -> Screen:
    assert waiter.post("/training/begin").status_code == 302
    return waiter


def sell(screen: Screen) -> str:
    check = screen.open_check()
    screen.add(check)
    paid = {"payment": uuid.uuid4().hex, "amount": 650, "tendered": 1000}
    response = screen.post(f"/checks/{check}/pay", **paid)
    assert response.headers["HX-Redirect"] == f"/checks/{check}/paid"
    return check


def test_every_page_says_that_it_is_training(trainee: Screen) -> None:
    check = sell(trainee)
    for path in ("/floor", "/money", f"/checks/{check}/paid", "/kitchen", "/drawers"):
        assert "TRAINING" in trainee.get(path).text, path


def test_nothing_of_it_is_in_the_journal(waiter: Screen) -> None:
    before = waiter.till.journal.vector()
    waiter.post("/training/begin")
    check = sell(waiter)
    waiter.post("/drawers", drawer="d1", owner="lucas", name="x")
    waiter.post("/clock", what="in")
    assert waiter.till.journal.vector() == before
    assert waiter.till.journal.state(f"check:{check}").number == ""
    assert waiter.till.journal.state("shift:lucas").shifts == ()


def test_e7_no_kitchen_paper_no_cash_no_figure_and_no_fiscal_number(waiter: Screen) -> None:
    """The same sale made in earnest moves each of them: the control."""
    till = waiter.till
    printers = tuple(Printer(name, name, "192.0.2.7") for name in ("hot",))
    stations = tuple(Station(name, name, "hot") for name in ("dimsum", "kitchen"))
    till.desk.run(PublishPrinting("plan", printers, stations), BOSS)

    def touched() -> tuple[int, int, int, bool]:
        waiting = papers.waiting(till.journal, till.desk.clock.now_ms())
        x = terminal_x(till.journal, till.desk.log.terminal, till.desk.business_date())
        boss = Screen(till, till.app().test_client()).sign_in("li-wei")
        return (
            len(waiting),
            x.figures.cash,
            x.figures.receipts,
            "€6.50" in boss.get("/manager").text,
        )

    waiter.post("/training/begin")
    check = sell(waiter)
    assert touched() == (0, 0, 0, False)
    assert "TRAIN" in waiter.get(f"/checks/{check}/paid").text
    waiter.post("/training/end")
    sell(waiter)
    assert touched() == (1, 650, 1, True)


def test_e7_a_stock_that_is_counted_and_sold_in_training_is_the_houses_no_more_and_no_less(
    waiter: Screen,
) -> None:
    """The same sale made in earnest takes from the count: the control."""
    journal = waiter.till.journal

    def left() -> int:
        count = journal.state("item:har-gow-steamed").count
        return int(journal.state(f"count:{count}").left_milli)

    waiter.post("/stock/har-gow-steamed", what="count", pieces="9")
    waiter.post("/training/begin")
    waiter.post("/stock/har-gow-steamed", what="count", pieces="2")
    sell(waiter)
    assert left() == 9000
    waiter.post("/training/end")
    sell(waiter)
    assert left() == 8000


def test_numbers_of_training_are_like_no_others(trainee: Screen) -> None:
    check = sell(trainee)
    assert "TRAIN" in trainee.get(f"/checks/{check}/paid").text


def test_the_menu_the_tables_and_the_people_are_those_of_the_house(trainee: Screen) -> None:
    page = trainee.get("/floor").text
    assert "hall-3" in page
    check = trainee.open_check()
    assert "Har gow" in trainee.get(f"/checks/{check}").text
    refused = trainee.post("/day/close")
    assert refused.status_code == 403, "a waiter learns as a waiter"
    approval = trainee.post("/approval", command="ab" * 16, pin=PINS["li-wei"])
    assert approval.status_code == 204


def test_what_was_really_open_is_not_there_and_comes_back_after_it(waiter: Screen) -> None:
    real = waiter.open_check()
    waiter.add(real)
    waiter.post("/training/begin")
    assert waiter.get(f"/checks/{real}").status_code == 404
    assert waiter.post("/training/end").status_code == 302
    page = waiter.get(f"/checks/{real}").text
    assert "TRAINING" not in page
    assert "Har gow" in page


def test_another_browser_stays_at_work(trainee: Screen) -> None:
    other = Screen(trainee.till, trainee.till.app().test_client()).sign_in("sophie")
    check = other.open_check("hall-5")
    assert trainee.till.journal.state(f"check:{check}").number == "A1-1"


def test_whoever_signs_in_next_is_not_in_training(trainee: Screen) -> None:
    trainee.post("/sign-out")
    trainee.sign_in("sophie")
    assert "TRAINING" not in trainee.get("/floor").text


def test_a_till_that_starts_anew_keeps_a_trainee_in_training(trainee: Screen) -> None:
    again = Screen(trainee.till, trainee.till.app().test_client())
    again.sign_in()
    again.client.set_cookie(training.COOKIE, "1")
    check = again.open_check()
    assert trainee.till.journal.state(f"check:{check}").number == ""


def test_live_pages_of_training_end_with_the_till_and_with_the_training(waiter: Screen) -> None:
    playground: training.Playground = waiter.till.app().extensions[training.EXTENSION]
    first = playground.begin().changes
    second = playground.begin().changes
    assert first.closed
    assert not second.closed
    waiter.till.changes.close()
    assert second.closed
