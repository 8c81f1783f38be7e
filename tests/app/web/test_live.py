import threading
from collections.abc import Iterator
from typing import Any

import pytest

from comptoir.commands import AddLine
from comptoir.web import live
from tests.app.web.conftest import Screen
from tests.fakes.box import BOSS
from tests.fakes.till import HostTill


def opened(screen: Screen, path: str, **more: Any) -> Iterator[str]:
    """Open a stream; yields its messages until nothing more is coming."""
    response = screen.client.get(path, buffered=False, **more)
    assert response.status_code == 200
    assert response.mimetype == "text/event-stream"
    return (part.decode() for part in response.iter_encoded())


def topics(parts: Iterator[str], until: str) -> list[str]:
    """Return the names of the messages up to one of them."""
    names = []
    for part in parts:
        name = part.partition("event: ")[2].partition("\n")[0]
        names.append(name)
        if name == until:
            return names
    raise AssertionError(f"the stream ended before {until}: {names}")


def test_a_page_is_told_of_its_check_and_others_of_the_floor(waiter: Screen) -> None:
    mine, other = waiter.open_check("hall-1"), waiter.open_check("hall-2")
    position = waiter.till.journal.position()
    waiter.add(mine)
    watching = opened(waiter, f"/live?after={position}&check={mine}")
    assert topics(watching, "strip") == ["", "checks", "check", "strip"]
    floor = opened(waiter, f"/live?after={position}&check={other}")
    assert topics(floor, "strip") == ["", "checks", "strip"]


def test_a_browser_that_reconnects_is_told_what_it_missed(waiter: Screen) -> None:
    check = waiter.open_check()
    missed = waiter.till.journal.position()
    waiter.add(check)
    headers = {"Last-Event-ID": str(missed)}
    parts = opened(waiter, f"/live?after=999999&check={check}", headers=headers)
    assert "check" in topics(parts, "strip")


def test_positions_are_the_ids_of_the_messages(waiter: Screen) -> None:
    before = waiter.till.journal.position()
    waiter.open_check()
    parts = opened(waiter, f"/live?after={before}")
    next(parts)
    assert f"id: {waiter.till.journal.position()}\n" in next(parts)


def test_a_change_made_elsewhere_reaches_an_open_page(waiter: Screen) -> None:
    check = waiter.open_check()
    parts = opened(waiter, f"/live?check={check}")
    topics(parts, "strip")
    tap = threading.Timer(0.05, waiter.till.desk.run, [_add(check), BOSS])
    tap.start()
    assert "check" in topics(parts, "check")
    tap.join()


def _add(check: str) -> AddLine:
    return AddLine("command-far", check, "line-far", "har-gow-steamed")


def test_safety_news_redraws_the_strip(waiter: Screen) -> None:
    parts = opened(waiter, "/live")
    assert topics(parts, "strip") == ["", "strip"]
    threading.Timer(0.05, waiter.till.tell, kwargs={"peers": ("t2",)}).start()
    text = next(part for part in parts if "event: strip" in part)
    assert "SOLO" in text


def test_a_quiet_stream_says_so_before_a_proxy_gives_up(
    waiter: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "KEEP_ALIVE_S", 0.02)
    parts = opened(waiter, "/live")
    topics(parts, "hour")
    assert next(parts) == ": still here\n\n"


def test_beyond_the_cap_pages_are_told_to_wait(till: HostTill) -> None:
    app = till.app()
    cap = 2
    app.extensions[live.STREAMS] = live.Streams(cap)
    screen = Screen(till, app.test_client()).sign_in()
    streams = [screen.client.get("/live", buffered=False) for _ in range(cap)]
    assert screen.get("/live").status_code == 503
    streams.pop().close()
    again = screen.client.get("/live", buffered=False)
    assert again.status_code == 200
    for stream in (*streams, again):
        stream.close()


def test_streams_end_when_the_till_stops(waiter: Screen) -> None:
    parts = opened(waiter, "/live")
    topics(parts, "hour")
    waiter.till.changes.close()
    assert list(parts) == []


def test_a_message_of_several_lines_stays_one_message() -> None:
    assert live.message("strip", "<b>\n</b>", 7) == (
        "id: 7\nevent: strip\ndata: <b>\ndata: </b>\n\n"
    )
