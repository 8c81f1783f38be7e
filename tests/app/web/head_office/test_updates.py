"""An update is offered to the restaurants ticked, and the page says how far each is, or why not."""

import re
from pathlib import Path

import pytest

from comptoir.commands.updates import BeginUpdate, EndUpdate, TellSystem, updates
from comptoir.domain.head_office import DENIED, PUBLISHED
from comptoir.domain.updates import FAILED, KEPT, Offer
from tests.app.web.screens.manager.conftest import plain
from tests.fakes.bundles import KIND
from tests.fakes.head_office import Office

ONE, TWO = "1" * 64, "2" * 64
NEW, NEWER = Offer(ONE, KIND, "1.2", 700_000_000), Offer(TWO, KIND, "1.3", 700_000_000)
TOP = Path(__file__).parents[4]
COMMAND = "c" * 32


@pytest.fixture(autouse=True)
def shelf(office: Office) -> None:
    office.ready = [NEWER, NEW]
    for site in ("lyon", "nice"):
        office.do(site, TellSystem(f"s-{site}", "1.0", KIND))


def offered(office: Office, site: str) -> list[tuple[str, bool]]:
    with office.follower.journal(site) as journal:
        return [(one.version, one.at_once) for one in updates(journal).offers]


def press(office: Office, bundle: str = ONE, who: str = "owner", **form: object) -> int:
    given = {"command": COMMAND, "to": ["lyon"], **form}
    status = office.at(who).post(f"/updates/{bundle}", **given).status_code
    office.turn()
    return status


def page(office: Office, path: str = "/updates", who: str = "owner") -> str:
    return plain(office.at(who).text(path))


def test_it_is_offered_to_the_ticked_restaurants_for_the_night_or_at_once(office: Office) -> None:
    assert press(office) == 200
    assert press(office, command="d" * 32, to=["nice"], now="1") == 200
    assert [offered(office, site) for site in ("lyon", "nice", "york")] == [
        [("1.2", False)],
        [("1.2", True)],
        [],
    ]
    done = [one for one in office.store.people.notes(20) if one.action == PUBLISHED]
    assert {(one.restaurant, one.detail) for one in done} == {
        ("lyon", f"update 1.2 of {KIND}, tonight"),
        ("nice", f"update 1.2 of {KIND}, now"),
    }


def test_an_older_one_is_refused_in_words_and_the_others_have_it(office: Office) -> None:
    press(office, TWO)
    browser = office.at("owner")
    told = browser.post(f"/updates/{ONE}", command="d" * 32, to=["lyon", "nice"])
    assert "Version 1.2 is older than 1.3" in told.get_data(as_text=True)
    assert [offered(office, site) for site in ("lyon", "nice")] == [
        [("1.3", False)],
        [("1.2", False)],
    ]


def test_the_page_says_what_lies_ready_and_what_runs_where(office: Office) -> None:
    text = page(office)
    assert f"Version 1.3 {KIND} 700 MB" in text
    assert "A · Bar Version 1.0" in text
    assert "York Shambles" in text
    assert "It has not said yet what it runs" in text
    assert page(office, f"/updates/{ONE}").count("1.0") == 2


def test_the_page_follows_an_update_to_its_end(office: Office) -> None:
    press(office, now="1")
    text = page(office, "/updates/now")
    assert "Version 1.2 is being installed now" in text
    assert "A · Bar Version 1.0 · Waits for its turn" in text
    office.hear("lyon")
    office.do("lyon", BeginUpdate("b", ONE))
    assert "Is being updated" in page(office, "/updates/now")
    office.do("lyon", EndUpdate("e", ONE, KEPT), TellSystem("t", "1.2", KIND))
    assert "All terminals have version 1.2" in page(office, "/updates/now")


def test_where_it_stopped_stands_with_the_reason_and_can_be_tried_again(office: Office) -> None:
    press(office)
    office.hear("lyon")
    office.do("lyon", BeginUpdate("b", ONE), EndUpdate("e", ONE, FAILED, "no room"))
    text = page(office, "/updates/now")
    assert "The update went wrong at A · Bar" in text
    assert "Was not installed: nothing has changed there · no room" in text
    press(office, command="d" * 32, now="1")
    assert "went wrong" not in page(office, "/updates/now")


def test_who_may_not_publish_sees_and_offers_nothing(office: Office) -> None:
    assert office.at("regina").get("/updates").status_code == 403
    assert press(office, who="regina") == 403
    assert offered(office, "lyon") == []
    assert office.store.people.notes(1)[0].action == DENIED
    assert press(office, who="chef", to=["nice"]) == 422
    assert re.findall(r'name="to" value="(\w+)"', office.at("chef").text(f"/updates/{ONE}")) == [
        "lyon",
        "york",
    ]


def test_a_version_that_is_none_is_shown_as_it_was_said(office: Office) -> None:
    office.do("york", TellSystem("s-york", "1.0+b", KIND))
    press(office, to=["york"])
    assert "Version 1.0+b · Waits for its turn" in page(office)


def test_what_does_not_lie_ready_cannot_be_offered(office: Office) -> None:
    office.ready = []
    assert press(office) == 409
    said = page(office)
    assert "Nothing lies ready" in said
    named = re.search(r"(\S+\.md) says how, under “(.+?)”", said)
    assert named
    assert f"\n## {named[2]}\n" in (TOP / named[1]).read_text("utf-8")
