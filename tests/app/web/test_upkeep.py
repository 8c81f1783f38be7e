"""The till's upkeep: what is due is asked for again and again, also after a refusal."""

import threading

import pytest

from comptoir.bus import Address, Endpoint, Inbox, Transport
from comptoir.domain.errors import MenuEditRefused
from comptoir.web import upkeep
from comptoir.web.upkeep import Upkeep
from tests.fakes.box import BoxMaker

SOON_S, LONG_S = 0.01, 20.0


def test_a_draft_that_is_refused_does_not_end_the_upkeep(
    make_box: BoxMaker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """K2: a menu planned for tomorrow is asked for until it counts."""
    monkeypatch.setattr(upkeep, "DUE_EVERY_S", SOON_S)
    asked, twice = [0], threading.Event()

    def due() -> None:
        asked[0] += 1
        if asked[0] == 1:
            raise MenuEditRefused("item duck, category: there is no category 'cold'")
        twice.set()

    link = Transport(Endpoint("own", Address("127.0.0.1", 1), "till"), Inbox(), ())
    kept = Upkeep(make_box("t1").journal, link, lambda: True, due)
    kept.start()
    try:
        assert twice.wait(LONG_S)
    finally:
        kept.stop()
    assert "no category" in caplog.text


def test_what_is_refused_keeps_nothing_else_from_its_moment(
    make_box: BoxMaker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(upkeep, "DUE_EVERY_S", SOON_S)
    done = threading.Event()

    def refused() -> None:
        raise MenuEditRefused("there is no such dish")

    link = Transport(Endpoint("own", Address("127.0.0.1", 1), "till"), Inbox(), ())
    kept = Upkeep(make_box("t1").journal, link, lambda: True, refused, done.set)
    kept.start()
    try:
        assert done.wait(LONG_S)
    finally:
        kept.stop()
    assert "no such dish" in caplog.text
