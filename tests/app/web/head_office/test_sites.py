"""T1, K19, D4: restaurants side by side, each figure with its time, each person their own."""

import re
from typing import Any

import pytest

from comptoir.bus.wire import Health, PrinterHealth
from comptoir.commands import AdmitTerminal
from comptoir.commands.clocks_ahead import SeeAhead
from comptoir.commands.desk import SYSTEM_ACTOR
from comptoir.domain.events import SPEAKS
from comptoir.domain.head_office import DENIED, EVERY, SAW
from comptoir.domain.house import Card
from comptoir.journal import Signer
from tests.fakes.box import BOSS
from tests.fakes.head_office import Browser, Office

RIGHTS = {
    "regina": {"lyon", "nice"},
    "owner": {"lyon", "nice", "york"},
    "newcomer": set(),
}
GB = 1_000_000_000
SITE = re.compile(r'href="/r/(\w+)"')


@pytest.mark.parametrize(("name", "theirs"), RIGHTS.items())
def test_each_person_sees_their_restaurants_and_no_other(
    office: Office, name: str, theirs: set[str]
) -> None:
    browser = office.at(name)
    for page in ("/", "/now"):
        assert set(SITE.findall(browser.text(page))) == theirs
    for site in ("lyon", "nice", "york", "nowhere"):
        for path in (f"/r/{site}", f"/r/{site}/now"):
            assert browser.get(path).status_code == (200 if site in theirs else 404)


def test_one_that_is_not_theirs_reads_like_none(office: Office) -> None:
    browser = office.at("regina")
    assert browser.text("/r/york") == browser.text("/r/nowhere")
    denied = [one for one in office.store.people.notes(9) if one.action == DENIED]
    assert [(one.user, one.restaurant) for one in denied] == [
        ("regina", "nowhere"),
        ("regina", "york"),
    ]


def test_rights_taken_away_count_at_once(office: Office) -> None:
    browser = office.at("regina")
    office.hire("regina", ("nice",))
    assert set(SITE.findall(browser.text("/"))) == {"nice"}
    assert browser.get("/r/lyon").status_code == 404


def test_a_row_says_what_a_restaurant_sold_and_has_open(office: Office) -> None:
    page = office.at("regina").text("/")
    assert "€48.00" in page  # four ducks in Lyon
    assert "€12.00" in page  # one of them not paid, and one in Nice
    assert "€60.00" in page  # both together
    assert "£" not in page


def test_money_of_two_kinds_is_never_added(office: Office) -> None:
    page = office.at("owner").text("/")
    assert "€60.00" in page
    assert "£24.00" in page


def test_figures_move_with_each_sale(office: Office) -> None:
    browser = office.at("regina")
    office.sell("lyon", paid=1)
    assert "€60.00" in browser.text("/now")
    assert "€72.00" in browser.text("/now")
    assert "€60.00" in browser.text("/r/lyon/now")


def test_a_figure_says_as_of_when_once_nobody_is_heard(office: Office) -> None:
    browser = office.at("regina")
    assert "Live, 13:00" in browser.text("/r/lyon")
    office.clock.ms += 45 * 60_000
    page = browser.text("/r/lyon")
    assert "As of 13:00" in page
    assert "Live" not in page
    assert "Not heard now" in page


def test_yesterdays_figures_are_not_todays(office: Office) -> None:
    browser = office.at("regina")
    office.clock.ms += 20 * 3600_000
    browser = office.at("regina")
    office.turn()
    page = browser.text("/r/lyon")
    assert "Business day 2026-11-23" in page
    assert "As of 2026-11-22 13:00" in page


def test_one_restaurant_shows_hours_dishes_checks_and_terminals(office: Office) -> None:
    page = office.at("regina").text("/r/lyon")
    for words in ("By hour", "Duck", "Still open", "A · Bar", "Reaches the cloud", "epoch 1"):
        assert words in page


def row(page: str) -> str:
    """Return the line of how the one terminal of a restaurant is, without its tags."""
    table = page.partition("How they are")[2].partition("<tbody>")[2].partition("</tbody>")[0]
    words = re.sub(r"<[^>]+>", " ", table).replace("\N{EN DASH}", "-")
    return " ".join(words.split())


def test_a_terminal_that_never_said_how_it_is_is_not_said_to_be_well(office: Office) -> None:
    browser = office.at("regina")
    assert "Has not said" in row(browser.text("/r/lyon"))
    assert "wants a look" not in browser.text("/")


def test_a_terminals_row_says_how_it_was_and_when_it_said_so(office: Office) -> None:
    office.say_health("lyon", Health("1.2", SPEAKS, 30 * GB, 32 * GB, printers=[]))
    office.clock.ms += 45 * 60_000
    browser = office.at("regina")
    assert row(browser.text("/r/lyon")) == (
        "A · Bar 13:00 1.2 30 of 32 GB free - goes with the others 0 events"
    )
    assert "wants a look" not in browser.text("/")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"disk_free": GB, "disk_size": 16 * GB}, "1 of 16 GB free"),
        ({"printers": [PrinterHealth("bar", "paper-out", False, 2)]}, "bar: Out of paper 2 papers"),
        ({"off_ms": -90_400}, "90 s ahead of the others"),
        ({"off_ms": 6000}, "6 s behind the others"),
        ({"time_known": False}, "does not know what time it is"),
    ],
)
def test_what_is_not_right_is_seen_beside_the_other_restaurants(
    office: Office, said: dict[str, Any], words: str
) -> None:
    office.say_health("lyon", Health("1.2", SPEAKS, **said))
    browser = office.at("regina")
    assert "1 terminal wants a look" in browser.text("/")
    assert words in row(browser.text("/r/lyon"))
    office.clock.ms += 60_000
    assert "wants a look" not in browser.text("/now"), "nobody is heard: that is said instead"


def test_what_waits_and_what_is_older_is_told_and_alarms_nobody(office: Office) -> None:
    printers = [PrinterHealth("bar", "ready", True, 0)]
    office.say_health("lyon", Health("0.9", SPEAKS - 1, waiting=12, printers=printers))
    browser = office.at("regina")
    told = row(browser.text("/r/lyon"))
    for words in ("does not know all", "12 events", "bar: Roll ends soon"):
        assert words in told
    assert "wants a look" not in browser.text("/")


def test_a_clock_that_others_saw_ahead_is_told(office: Office) -> None:
    box = office.sites["lyon"]
    card = Card("t2", "B", "Terrace", Signer.generate().public, "")
    box.desk.run(AdmitTerminal("admit", card), BOSS)
    seen_ms, hour_ms = office.clock.now_ms(), 3_600_000
    box.desk.run(SeeAhead("seen", "t2", 1, 9, seen_ms, hour_ms), SYSTEM_ACTOR)
    office.store.admit({"lyon": box.sealed()})
    office.store.register("lyon", [card])
    office.clock.ms += hour_ms
    office.say_health("lyon", Health("1.2", SPEAKS), "t2")
    assert "B · Terrace 14:00 1.2 - Not known goes with the others ran ahead at 13:00" in row(
        office.at("regina").text("/r/lyon")
    )


def test_amounts_are_written_in_the_readers_language(office: Office) -> None:
    office.hire("owner", (EVERY,), language="fr")
    page = office.at("owner").text("/r/lyon")
    assert "48,00 €" in page
    assert "Canard" in page


def test_views_are_written_down_but_not_each_renewal(office: Office) -> None:
    browser = office.at("regina")
    browser.get("/")
    browser.get("/r/lyon")
    for _ in range(3):
        browser.get("/now")
        browser.get("/r/lyon/now")
    seen = [(one.user, one.detail) for one in office.store.people.notes(9) if one.action == SAW]
    assert seen == [("regina", "/r/lyon"), ("regina", "/")]


def test_only_auditors_read_the_audit(office: Office) -> None:
    assert office.at("regina").get("/audit").status_code == 403
    page = office.at("owner").text("/audit")
    assert "regina" in page
    assert "was denied" in page


def every_page(browser: Browser) -> list[str]:
    return [browser.text(path) for path in ("/", "/r/lyon", "/audit", "/nowhere")]


@pytest.mark.parametrize("language", ["en", "es", "fr", "zh-Hans", "zh-Hant"])
def test_every_page_speaks_every_language(office: Office, language: str) -> None:
    office.hire("owner", (EVERY,), audits=True, language=language)
    pages = every_page(office.at("owner"))
    assert all(f'<html lang="{language}">' in page for page in pages)
    assert ("Restaurants</a>" in pages[0]) == (language in {"en", "fr"})


def test_no_page_carries_a_script_or_a_style_of_its_own(office: Office) -> None:
    for page in every_page(office.at("owner")):
        assert not re.search(r"<style|style=|<script(?! defer src=)|onclick", page)
