"""D17: segments on the manager's screen, as a table, and down to their checks."""

import csv
import io

from comptoir.commands.segments import dayparts
from comptoir.domain.segments import Dayparts
from tests.app.web.conftest import Screen
from tests.app.web.screens.manager.conftest import plain

PAGE = "/manager/segments"


def test_d17_each_segment_has_sales_checks_guests_average_and_margin(manager: Screen) -> None:
    told = plain(manager.get(PAGE).text)
    assert "Segment Sold Checks Guests Average check Margin" in told
    check = manager.till.journal.state("check:c1")
    row = f"{check.total / 100:.2f} 1 2 {check.total / 100:.2f}"
    for segment in ("Eat in", "Without an account"):
        assert f"{segment} {row}" in told
    assert told.count(row) == 3, "one of each way"


def test_d17_a_segment_opens_into_its_checks(manager: Screen) -> None:
    page = manager.get(f"{PAGE}/checks?by=order_type&key=eat_in").text
    assert 'href="/manager/checks/c1"' in page
    for query in ("by=weather&key=rain", "by=daypart&key=elevenses"):
        assert manager.get(f"{PAGE}/checks?{query}").status_code == 400


def test_d17_the_table_is_the_same(manager: Screen) -> None:
    rows = list(csv.DictReader(io.StringIO(manager.get(f"{PAGE}.csv?period=today").text)))
    assert [one["by"] for one in rows] == ["order_type", "daypart", "customer"]
    assert {(one["checks"], one["guests"]) for one in rows} == {("1", "2")}
    assert rows[0]["name"] == "Eat in"
    assert len({one["sales"] for one in rows}) == 1


def test_d17_the_house_says_when_its_parts_of_the_day_begin(manager: Screen) -> None:
    answer = manager.post(f"{PAGE}/dayparts", lunch="11:30", night="23:00")
    assert answer.status_code == 204
    parts = dayparts(manager.till.journal).parts
    assert [(one.id, one.begin_minute) for one in parts] == [("lunch", 690), ("night", 1380)]
    assert 'value="11:30"' in manager.get(PAGE).text
    for wrong in ({"lunch": "noon"}, {"lunch": "11:45"}, {}):
        assert manager.post(f"{PAGE}/dayparts", **wrong).status_code == 422, wrong
    assert dayparts(manager.till.journal) == Dayparts(parts)


def test_d17_segments_are_a_managers(manager: Screen) -> None:
    assert "Nothing in these days" in manager.get(f"{PAGE}?period=yesterday").text
    manager.sign_in("lucas")
    for path in (PAGE, f"{PAGE}.csv", f"{PAGE}/checks?by=daypart&key=lunch"):
        assert manager.get(path).status_code == 403
