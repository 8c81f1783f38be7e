import http.server
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from imagebuilder import boot
from imagebuilder.emulator import Display, Machine, Network
from imagebuilder.errors import BuildError


class Healthy(http.server.BaseHTTPRequestHandler):
    """A till that is well, and tells nobody of it."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def till() -> Iterator[int]:
    """Answer as a booted terminal's till does; gives the port here."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Healthy) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server.server_port
        server.shutdown()


@dataclass
class FakeProcess:
    """An emulator that runs until somebody waits for its end."""

    ended: bool = False

    def poll(self) -> int | None:
        return 0 if self.ended else None

    def wait(self) -> int:
        self.ended = True
        return 0


@dataclass
class FakeMachine:
    """A guest that ends each time with the next of its last words."""

    serial_log: Path
    network: Network
    last_words: list[str]
    asks_for_trial: bool = False
    board: str = "cm4"
    display: Display | None = None
    trials: list[bool] = field(default_factory=list)

    def start(self, *, tryboot: bool) -> FakeProcess:
        self.trials.append(tryboot)
        self.serial_log.write_text(self.last_words[len(self.trials) - 1])
        return FakeProcess()

    def tryboot_asked(self) -> bool:
        return self.asks_for_trial


def run(tmp_path: Path, till: int, last_words: list[str], *, trial: bool) -> FakeMachine:
    network = Network(forwards={till: boot.TILL_PORT})
    machine = FakeMachine(tmp_path / "serial.log", network, last_words, trial)
    assert boot._run(cast("Machine", machine)) == 0
    return machine


def test_the_address_for_a_browser_is_printed_once_the_till_answers(
    tmp_path: Path, till: int, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path, till, ["reboot: Power down"], trial=False)
    said = capsys.readouterr().out
    assert re.search(rf"^till: http://127\.0\.0\.1:{till}  \(after \d+ s\)$", said, re.MULTILINE)


@pytest.mark.parametrize("trial", [True, False])
def test_a_guest_that_restarts_boots_again_on_trial_if_it_asked_for_one(
    tmp_path: Path, till: int, trial: bool
) -> None:
    words = ["reboot: Restarting system", "reboot: Power down"]
    assert run(tmp_path, till, words, trial=trial).trials == [False, trial]


def test_the_next_free_port_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert boot.free_port(port) != port


def test_only_a_till_that_answers_counts() -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        assert not boot.answers(f"{address}/nosuch")
        thread.join()
    assert not boot.answers(address)


def test_a_missing_image_is_told(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="no such image"):
        boot.main([str(tmp_path / "x.img")])
