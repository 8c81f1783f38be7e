"""T1: a price is changed once and published where it is ticked, by who may, and written down."""

import re

import pytest

from comptoir.bus import topics
from comptoir.cloud.mirror import HEAD_OFFICE
from comptoir.domain.errors import Refusal
from comptoir.domain.head_office import DENIED, PUBLISHED
from comptoir.domain.menu import Menu
from tests.fakes.head_office import Office

COMMAND = "c" * 32


def price_in(office: Office, restaurant: str) -> int:
    with office.follower.journal(restaurant) as journal:
        menu: Menu = journal.state("menu:it")
        return menu.item("duck").price


def publish(office: Office, who: str = "owner", *, price: str = "14.50", **form: object) -> int:
    browser = office.at(who)
    given = {"price": price, "command": COMMAND, "to": ["lyon", "nice"], **form}
    return browser.post("/menu/lyon/duck", **given).status_code


def test_a_price_reaches_the_ticked_restaurants_and_no_other(office: Office) -> None:
    office.open_site("metz", "Metz Gare")
    assert publish(office) == 200
    assert [price_in(office, name) for name in ("lyon", "nice", "metz", "york")] == [
        1450,
        1450,
        1200,
        1200,
    ]
    assert office.told.count(topics.DOWN.at("nice")) == 1
    assert topics.DOWN.at("metz") not in office.told


def test_a_press_sent_twice_publishes_once(office: Office) -> None:
    browser = office.at("owner")
    for _ in range(2):
        browser.post("/menu/lyon/duck", price="14.50", command=COMMAND, to=["lyon"])
    log = office.store.marks(["lyon"])["lyon"][HEAD_OFFICE, 1]
    assert log.seq == 1


def test_what_was_published_is_written_down_by_restaurant(office: Office) -> None:
    publish(office)
    done = [one for one in office.store.people.notes(20) if one.action == PUBLISHED]
    assert {(one.user, one.restaurant, one.detail) for one in done} == {
        ("owner", "lyon", "Duck 12.00 → 14.50"),
        ("owner", "nice", "Duck 12.00 → 14.50"),
    }


def test_who_may_not_publish_is_refused_and_written_down(office: Office) -> None:
    browser = office.at("regina")
    for path in ("/menu", "/menu/lyon/duck", "/menu/lyon"):
        assert browser.get(path).status_code == 403
    assert publish(office, "regina") == 403
    assert price_in(office, "lyon") == 1200
    assert office.store.people.notes(1)[0].action == DENIED
    assert 'href="/menu"' not in browser.text("/")


def test_a_restaurant_that_is_not_theirs_cannot_be_ticked_by_hand(office: Office) -> None:
    assert publish(office, "chef") == 422
    assert publish(office, "chef", to=["nice"]) == 422
    assert [price_in(office, name) for name in ("lyon", "nice")] == [1200, 1200]
    assert office.at("owner").get("/menu/nice/duck").status_code == 200


def test_money_of_another_kind_is_not_offered(office: Office) -> None:
    page = office.at("chef").text("/menu/lyon/duck")
    assert re.findall(r'name="to" value="(\w+)"', page) == ["lyon"]


@pytest.mark.parametrize("price", ["", "abc", "-3", "12.345", "1e3"])
def test_what_is_no_price_is_refused(office: Office, price: str) -> None:
    assert publish(office, price=price) == 422
    assert price_in(office, "lyon") == 1200


def test_nobody_ticked_is_refused(office: Office) -> None:
    assert publish(office, to=[]) == 422


def test_a_comma_is_a_decimal_mark_too(office: Office) -> None:
    publish(office, price="13,5")
    assert price_in(office, "lyon") == 1350


def test_a_whole_menu_takes_the_place_of_others(office: Office) -> None:
    publish(office, price="19", to=["lyon"])
    done = office.at("owner").post("/menu/lyon", command="d" * 32, to=["nice"])
    assert done.status_code == 200
    assert price_in(office, "nice") == 1900
    assert price_in(office, "york") == 1200


def test_one_that_fails_is_named_and_the_others_have_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = office.store.admit

    def fail(batches: object) -> object:
        if "nice" in batches:  # type: ignore[operator]
            raise Refusal("the database is away")
        return real(batches)  # type: ignore[arg-type]

    monkeypatch.setattr(office.store, "admit", fail)
    page = office.at("owner").post(
        "/menu/lyon/duck", price="14.50", command=COMMAND, to=["lyon", "nice"]
    )
    text = page.get_data(as_text=True)
    assert "the database is away" in text
    assert "Published" in text
    assert re.findall(r"<b>([\d.]+)</b>", text) == ["14.50", "12.00"]


def test_dishes_are_found_by_name(office: Office) -> None:
    browser = office.at("owner")
    assert "Duck" in browser.text("/menu?of=nice&text=duck")
    assert "Nothing is called that." in browser.text("/menu?of=nice&text=zebra")
    assert browser.get("/menu?of=nowhere").status_code == 404
    assert browser.get("/menu/lyon/zebra").status_code == 404
