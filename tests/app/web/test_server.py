import http.client
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from comptoir.web import Server, live
from comptoir.web import server as servers
from tests.fakes.restaurant import until
from tests.fakes.till import HostTill

STREAMS = 6
STREAM = "/api/v1/events/stream"


class Browser:
    """Connections to a till, all of them closed in the end."""

    def __init__(self, till: HostTill, stack: ExitStack) -> None:
        self.host = till.serve().removeprefix("http://")
        self._stack = stack
        self._connections: list[http.client.HTTPConnection] = []
        stack.callback(self.close)
        answer = self.ask("POST", "/api/v1/sessions", b'{"pin": "1234"}')
        self.token = str(json.load(answer)["token"])

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> HTTPResponse:
        connection = http.client.HTTPConnection(self.host, timeout=10)
        self._connections.append(connection)
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        self._stack.callback(response.close)
        return response

    def close(self) -> None:
        """Close every connection, as a browser does that goes on to another page."""
        while self._connections:
            self._connections.pop().close()

    def stream(self) -> HTTPResponse:
        return self.ask("GET", STREAM, Authorization=f"Bearer {self.token}")


@pytest.fixture
def till(tmp_path: Path, founded: Path) -> Iterator[HostTill]:
    shutil.copytree(founded, tmp_path, dirs_exist_ok=True)
    till = HostTill(tmp_path, sse_streams_max=STREAMS)
    yield till
    till.stop()


@pytest.fixture
def browser(till: HostTill) -> Iterator[Browser]:
    with ExitStack() as stack:
        yield Browser(till, stack)


def test_pages_stay_quick_while_every_stream_is_open(browser: Browser) -> None:
    """With waitress's default of four threads, four open pages freeze a till."""
    assert {browser.stream().status for _ in range(STREAMS)} == {200}
    assert browser.stream().status == 503
    assert browser.ask("GET", "/healthz").status == 200


def test_a_page_that_was_left_gives_its_stream_back_at_once(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else who turns more pages than there are streams waits until each is written to again."""
    monkeypatch.setattr(live, "KEEP_ALIVE_S", 3600.0)
    streams = [browser.stream() for _ in range(STREAMS)]
    assert browser.stream().status == 503
    for stream in streams:
        stream.close()
    browser.close()

    def again() -> bool:
        status = browser.stream().status
        browser.close()
        return status == 200

    until(again, pause_s=0.2)


def test_an_event_reaches_an_open_stream_over_the_wire(browser: Browser) -> None:
    stream = browser.stream()
    assert stream.readline() == b": changes follow\n"
    headers = {"Authorization": f"Bearer {browser.token}", "Idempotency-Key": "command-1"}
    done = browser.ask("POST", "/api/v1/checks", b'{"check": "c1"}', **headers)
    assert done.status == 201
    assert any(b"check.opened" in stream.readline() for _ in range(4))


def test_the_server_stops_with_streams_open(till: HostTill, browser: Browser) -> None:
    assert browser.stream().status == 200
    begin = time.monotonic()
    till.stop()
    assert time.monotonic() - begin < 30
    assert not any(thread.name == "till" for thread in threading.enumerate())


class Late:
    """A WSGI program whose answer comes when it is let go."""

    def __init__(self) -> None:
        self.asked, self.let_go = threading.Event(), threading.Event()

    def __call__(self, _environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        self.asked.set()
        self.let_go.wait(10)
        start("200 OK", [("Content-Length", "0")])
        return []


def test_an_answer_that_outlasts_the_stop_finds_its_alarm_open(
    till: HostTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number that was closed may be another file's when a late thread writes to it."""
    app, late = till.app(), Late()
    monkeypatch.setattr(app, "wsgi_app", late)
    monkeypatch.setattr(servers, "STOP_S", 0.1)
    server = Server(app, replace(till.settings, http_port=0), till.changes.close)
    serving = threading.Thread(target=server.run)
    serving.start()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/")
    assert late.asked.wait(10)
    server.stop()
    serving.join()
    server._waitress.pull_trigger()
    late.let_go.set()
    until(lambda: not any(one.name.startswith("waitress") for one in threading.enumerate()))
    connection.close()
    server._waitress.trigger.close()
