"""First boots seen from the bench: real HTTP, made-up terminals."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from imagebuilder.flashing import watch
from imagebuilder.flashing.book import Book, Line
from imagebuilder.flashing.watch import SELLS, WAITING, Watch


class Terminal:
    """Answers at /healthz as a till does."""

    def __init__(self, name: str) -> None:
        self.said: Any = {"ok": True, "version": "1.0", "restaurant": "zoe", "terminal": name}
        self.status = 200
        terminal = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # as the library calls it
                assert self.path == "/healthz"
                self.send_response(terminal.status)
                self.end_headers()
                self.wfile.write(json.dumps(terminal.said).encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,)).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Network:
    """A network on which terminals appear."""

    def __init__(self) -> None:
        self.there: dict[str, str] = {}

    def found(self) -> dict[str, str]:
        return dict(self.there)

    def close(self) -> None:
        """Nothing to put away."""


@pytest.fixture
def boot() -> Iterator[Callable[[str], Terminal]]:
    running: list[Terminal] = []

    def start(name: str) -> Terminal:
        running.append(Terminal(name))
        return running[-1]

    yield start
    for terminal in running:
        terminal.close()


def flashed(*names: str) -> list[Line]:
    return [Line("", "good", f"s-{name}", restaurant="Zoë", terminal=name) for name in names]


def test_terminals_are_awaited_until_all_sell(boot: Callable[[str], Terminal]) -> None:
    bench = Watch(flashed("t1", "t2"), network := Network())
    assert bench.look() == []
    assert [seen.state for seen in bench.seen.values()] == [WAITING, WAITING]
    network.there["comptoir-t1"] = boot("t1").address
    (first,) = bench.look()
    assert (first.terminal, first.state, first.version) == ("t1", SELLS, "1.0")
    assert not bench.is_complete
    network.there["comptoir-t2"] = boot("t2").address
    bench.look()
    assert bench.is_complete


def test_a_failed_self_test_is_said(boot: Callable[[str], Terminal]) -> None:
    bench = Watch(flashed("t1"), network := Network())
    terminal = boot("t1")
    network.there["comptoir-t1"] = terminal.address
    terminal.status, terminal.said = 503, {"ok": False, "terminal": "t1"}
    assert [seen.state for seen in bench.look()] == ["self-test failed: HTTP 503"]
    terminal.status, terminal.said = 200, {"ok": True, "terminal": "t1"}
    assert [seen.state for seen in bench.look()] == [SELLS]


def test_a_terminal_with_another_identity_is_said(boot: Callable[[str], Terminal]) -> None:
    bench = Watch(flashed("t1"), network := Network())
    network.there["comptoir-t1"] = boot("t9").address
    assert [seen.state for seen in bench.look()] == ["is t9, not t1"]


def test_one_that_falls_silent_does_not_sell(boot: Callable[[str], Terminal]) -> None:
    bench = Watch(flashed("t1"), network := Network())
    terminal = boot("t1")
    network.there["comptoir-t1"] = terminal.address
    bench.look()
    network.there["comptoir-t1"] = "127.0.0.1:1"
    assert [seen.state for seen in bench.look()] == ["no answer: Connection refused"]


@pytest.mark.parametrize("said", ["text", [], {"ok": "no"}])
def test_what_is_no_till_does_not_sell(boot: Callable[[str], Terminal], said: object) -> None:
    bench = Watch([], network := Network())
    terminal = boot("t1")
    terminal.said = said
    network.there["printer"] = terminal.address
    bench.look()
    assert not bench.is_well or said == {"ok": "no"}


def test_the_exit_code_tells_whether_all_sell(
    boot: Callable[[str], Terminal], capsys: pytest.CaptureFixture[str]
) -> None:
    network = Network()
    network.there["comptoir-t1"] = boot("t1").address
    stop = threading.Event()
    assert watch.run(Watch(flashed("t1", "t2"), network), stop, 0.01, 0.01) == 1
    network.there["comptoir-t2"] = boot("t2").address
    assert watch.run(Watch(flashed("t1", "t2"), network), stop, None, 0.01) == 0
    shown = capsys.readouterr().out
    assert "comptoir-t2 (Zoë): sells after 0 s, version 1.0" in shown
    assert shown.endswith("2 of 2 sell\n")


def test_the_log_says_who_is_expected(tmp_path: Path) -> None:
    book = Book(tmp_path / "log.csv")
    for line in flashed("t1"):
        book.write(line)
    book.close()
    assert (
        watch.main(
            ["--log", str(tmp_path / "log.csv"), "--for", "0.01", "--interface", "127.0.0.1"]
        )
        == 1
    )
