"""K2: a change of the menu is kept, read, and published: at once, or at its moment by itself."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from comptoir.bus import Address, Endpoint, Inbox, Transport
from comptoir.commands import menu_export, queries
from comptoir.commands.menu_draft import menu_to_edit, publisher
from comptoir.web import upkeep
from tests.browser.conftest import Desk, Display
from tests.browser.test_office import looks
from tests.fakes.box import StandingClock
from tests.fakes.till import HostTill

pytestmark = pytest.mark.browser
DISH = "har-gow-steamed"
LONG_MS = 60_000


def price(till: HostTill) -> int:
    return queries.menu(till.journal).item(DISH).price


def keep_price(desk: Desk, typed: str) -> None:
    desk.go(f"/office/menu/item/{DISH}")
    desk.find('[name="price"]').fill(typed)
    desk.tap(".save-bar .primary")
    desk.tap('#sheet [hx-vals*="keep"]')
    desk.wait(".waits")


def keep_file(desk: Desk, till: HostTill, name: str) -> None:
    """Bring in the menu as it is edited but for a dish's name, and keep it for later."""
    rows = json.loads(menu_export.export_json(menu_to_edit(till.journal), "EUR"))
    for row in rows:
        row["name:en"] = name if row.get("id") == DISH else row.get("name:en", "")
    sent = {
        "name": "menu.json",
        "mimeType": "application/json",
        "buffer": json.dumps(rows).encode(),
    }
    desk.go("/office/menu/file")
    desk.find('[name="file"]').set_input_files(sent)  # type: ignore[arg-type]
    desk.tap(".pair .primary")
    desk.tap('.save-bar [name="keep"]')
    desk.page.wait_for_url("**/office/menu/draft")


@contextmanager
def running(till: HostTill) -> Iterator[None]:
    """Run what the till's program does beside its answers."""
    link = Transport(Endpoint("own", Address("127.0.0.1", 1), "till"), Inbox(), ())
    due = publisher(till.journal, till.desk)
    kept = upkeep.Upkeep(till.journal, link, lambda: True, due)
    kept.start()
    try:
        yield
    finally:
        kept.stop()


def test_a_change_and_a_file_are_kept_read_and_published_together(
    desk: Desk, till: HostTill, display: Display
) -> None:
    before = price(till)
    desk.sign_in("li-wei")
    keep_price(desk, "7.20")
    keep_file(desk, till, "Prawn har gow")
    told = desk.find(".differences").inner_text()
    assert "7.20" in told
    assert "Prawn har gow" in told
    assert looks(desk, display, "/office/menu/draft") == []
    assert price(till) == before, "nothing counts before it is published"
    desk.tap(".save-bar .grows .primary")
    desk.page.wait_for_url("**/office/menu/history")
    dish = queries.menu(till.journal).item(DISH)
    assert (dish.price, dish.names["en"]) == (720, "Prawn har gow")
    assert desk.complaints == []


def test_a_draft_is_published_at_its_moment_by_the_terminal_that_runs(
    till: HostTill, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "DUE_EVERY_S", 0.1)
    clock: StandingClock = till.use_clock(StandingClock(till.desk.clock.now_ms()))
    desk.address = till.serve()
    before = price(till)
    desk.sign_in("li-wei")
    keep_price(desk, "7.20")
    moment = datetime.fromtimestamp(clock.ms / 1000, UTC) + timedelta(days=1)
    desk.go("/office/menu/draft")
    desk.find('[name="date"]').fill(moment.date().isoformat())
    desk.find('[name="time"]').fill("05:00")
    desk.tap('[hx-post$="/plan"] .key')
    expect(desk.find(".waits")).to_contain_text("05:00")
    with running(till):
        desk.page.wait_for_timeout(500)
        assert price(till) == before, "its moment has not come"
        clock.ms += 2 * 24 * 3600 * 1000
        desk.go("/")
        desk.sign_in("li-wei")
        desk.go("/office/menu/history")
        for _ in range(LONG_MS // 500):
            if price(till) == 720:
                break
            desk.page.wait_for_timeout(500)
    assert price(till) == 720
    desk.go("/office/menu/history")
    expect(desk.find(".step").first).to_contain_text("7.20")
    assert desk.find(".waits").count() == 0
