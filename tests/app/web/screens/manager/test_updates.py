"""The manager offers an update, says when, follows it, and reads what went wrong and what to do."""

import pytest

from comptoir.bus.wire import HeldBundle
from comptoir.commands import Actor
from comptoir.commands.updates import (
    BeginUpdate,
    EndUpdate,
    OfferUpdate,
    TellSystem,
    WantUpdate,
    updates,
)
from comptoir.domain.house import MANAGER, SYSTEM
from comptoir.domain.updates import AT_DAYS_END, FAILED, KEPT, WENT_BACK
from comptoir.updates.install import RUNS_HERE
from tests.app.web.conftest import Screen
from tests.app.web.screens.manager.conftest import plain
from tests.fakes.bundles import KIND
from tests.fakes.till import HostTill

PAGE = "/manager/terminals"
ONE = "1" * 64
HELD = HeldBundle(ONE, KIND, "1.2", 700_000_000)
BOSS, PROGRAM = Actor("li-wei", MANAGER), Actor("updates", SYSTEM)


def page(screen: Screen) -> str:
    return plain(screen.get(PAGE).text)


def strip(screen: Screen) -> str:
    return plain(screen.get("/strip").text)


def offered(till: HostTill) -> None:
    till.desk.run(TellSystem("s", "1.0", KIND), PROGRAM)
    till.desk.run(OfferUpdate("o", ONE, KIND, "1.2", 700_000_000), BOSS)


def begun(till: HostTill) -> None:
    offered(till)
    till.desk.run(WantUpdate("w", ONE), BOSS)
    till.desk.run(BeginUpdate("b", ONE), PROGRAM)


def ended(till: HostTill, outcome: str, why: str = "") -> None:
    begun(till)
    till.desk.run(EndUpdate("e", ONE, outcome, why), PROGRAM)


def test_without_an_offer_the_page_says_what_runs_and_offers_nothing(manager: Screen) -> None:
    assert "It has not said yet what it runs" in page(manager)
    manager.till.desk.run(TellSystem("s", "1.0", KIND), PROGRAM)
    manager.till.tell_updates("nothing")
    text = page(manager)
    assert "No update is offered" in text
    assert "Bar Version 1.0" in text
    assert "Install" not in text


def test_a_program_that_says_nothing_is_told_of(manager: Screen) -> None:
    assert "The updates program of this terminal says nothing" in page(manager)


def test_what_this_terminal_has_is_offered_for_the_night(manager: Screen) -> None:
    manager.till.tell_updates("nothing", held=HELD)
    text = page(manager)
    assert "Install 1.2 tonight" in text
    assert "Install 1.2 now" in text
    assert "This terminal has version 1.2; it is not offered to the others yet" in text
    assert "No update is offered" not in text
    manager.post(f"{PAGE}/updates/{ONE}/offer", now="")
    (offer,) = updates(manager.till.journal).offers
    assert (offer.bundle, offer.size, offer.at_once) == (ONE, HELD.size, False)
    text = page(manager)
    assert "Version 1.2 is installed tonight, from 04:00" in text
    assert "Install now" in text
    assert "Install 1.2" not in text


def test_or_now(manager: Screen) -> None:
    manager.till.tell_updates("nothing", held=HELD)
    manager.post(f"{PAGE}/updates/{ONE}/offer", now="1")
    assert updates(manager.till.journal).offers[0].at_once
    assert "Version 1.2 is being installed now" in page(manager)


def test_a_bundle_that_is_gone_meanwhile_is_not_offered(manager: Screen) -> None:
    manager.till.tell_updates("nothing")
    answer = manager.post(f"{PAGE}/updates/{ONE}/offer", now="")
    assert answer.status_code == 409
    assert updates(manager.till.journal).offers == ()


@pytest.mark.parametrize("version", ["0.9", "1.0"])
def test_what_is_older_is_never_offered(manager: Screen, version: str) -> None:
    held = HeldBundle(ONE, KIND, version, 7)
    manager.till.tell_updates("nothing", held=held)
    assert ("Install 0.9" in page(manager)) is False
    assert ("Install 1.0 tonight" in page(manager)) is (version == "1.0")


def test_it_can_be_had_at_once(manager: Screen) -> None:
    offered(manager.till)
    manager.till.tell_updates("hour", bundle=ONE)
    assert "This one · Waits for the quiet hour" in page(manager)
    manager.post(f"{PAGE}/updates/{ONE}/want")
    assert updates(manager.till.journal).offers[0].at_once


def test_how_far_it_is_stands_at_each_terminal_and_on_the_strip(manager: Screen) -> None:
    begun(manager.till)
    assert "Update Bar" in strip(manager)
    manager.till.tell_updates("fetching", bundle=ONE, taken=140_000_000, source="t1", left_s=267)
    text = page(manager)
    assert "140 of 700 MB, from Bar" in text
    assert "Bar Version 1.0 · Is being updated" in text
    assert "Update 1.2 at most 5 min · Bar" in strip(manager)


@pytest.mark.parametrize(
    ("outcome", "why", "said", "to_do"),
    [
        (WENT_BACK, "the till does not answer", "Went back", "See that this terminal sells"),
        (FAILED, "No space left on device", "Was not installed", "nobody fills its disk"),
    ],
)
def test_what_went_wrong_says_where_why_and_what_to_do(
    manager: Screen, outcome: str, why: str, said: str, to_do: str
) -> None:
    ended(manager.till, outcome, why)
    text = page(manager)
    assert "The update went wrong at Bar, so no other terminal installs it" in text
    for words in (said, why, to_do, "Try again now"):
        assert words in text
    assert "Update stopped at Bar" in strip(manager)
    manager.post(f"{PAGE}/updates/{ONE}/want")
    assert updates(manager.till.journal).stopped_by() is None
    assert "stopped" not in strip(manager)


@pytest.mark.parametrize(("why", "said"), [("", "Updated"), (RUNS_HERE, "ran this very system")])
def test_what_is_kept_asks_nothing_more(manager: Screen, why: str, said: str) -> None:
    ended(manager.till, KEPT, why)
    text = page(manager)
    assert "All terminals have version 1.2" in text
    assert said in text
    assert "Install now" not in text
    assert "lamp-update" not in manager.get("/strip").text


def test_the_quiet_hour_is_the_managers_to_set(manager: Screen) -> None:
    text = page(manager)
    assert "Quiet hour 04:00 · when the business day ends" in text
    manager.post(f"{PAGE}/updates/hour", minutes="180")
    assert updates(manager.till.journal).minutes == 180
    assert "Quiet hour 03:00" in page(manager)
    manager.post(f"{PAGE}/updates/hour", minutes="-1")
    assert updates(manager.till.journal).minutes == AT_DAYS_END
    for bad in ("", "noon", "1440"):
        assert manager.post(f"{PAGE}/updates/hour", minutes=bad).status_code == 409


def test_only_a_manager_may(waiter: Screen) -> None:
    assert waiter.post(f"{PAGE}/updates/hour", minutes="180").status_code == 403
    assert updates(waiter.till.journal).minutes == AT_DAYS_END
