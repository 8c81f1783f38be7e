"""X7: a ticket's age is a colour and a word, from the first threshold on and from the second."""

import pytest
from playwright.sync_api import expect

from comptoir.settings import Settings
from tests.browser.conftest import Desk
from tests.fakes.till import HostTill

pytestmark = pytest.mark.browser
MINUTE_MS = 60_000


def test_a_ticket_wants_attention_and_then_is_late_in_colour_and_in_words(
    desk: Desk, till: HostTill
) -> None:
    warm_ms, late_ms = (
        seconds * 1000 for seconds in (Settings().kitchen_warm_s, Settings().kitchen_late_s)
    )
    desk.page.clock.install()
    desk.sign_in()
    desk.open_table()
    desk.add(0)
    desk.tap(".send")
    desk.go("/kitchen")
    desk.wait(".ticket")
    ticket, words = desk.find(".ticket").first, desk.find(".ticket .age em:visible")
    expect(words).to_have_count(0)
    assert "warm" not in (ticket.get_attribute("class") or "")
    desk.page.clock.fast_forward(warm_ms - MINUTE_MS)
    expect(words).to_have_count(0)
    desk.page.clock.fast_forward(MINUTE_MS + 1000)
    expect(words).to_have_text(["Soon"])
    assert "warm" in (ticket.get_attribute("class") or "")
    desk.page.clock.fast_forward(late_ms - warm_ms)
    expect(words).to_have_text(["Late"])
    assert "hot" in (ticket.get_attribute("class") or "")
    assert till.journal.states("check")
