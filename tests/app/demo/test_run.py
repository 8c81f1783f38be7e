import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from comptoir.demo.layout import LOCALHOST
from tests.fakes.ports import first_port

RUN_S, END_S = 150, 30
BREAK_EVERYTHING = """
wait 4
kill 2      # a power cut
wait 3
cut 3       # a cable pulled out: it sells on alone
wait 3
internet off
wait 2
heal        # all of it back
wait 5
steal 3     # gone, and refused from now on
wait 3
"""
SOLD_ALONE = 60  # events of a till that nobody hears: whole evenings of some tables
ALONE_S_MAX, ASK_EVERY_S = 120, 0.2


def start(tmp_path: Path, *arguments: str, **more: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "comptoir", "demo", *arguments],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        **more,
    )


def play(tmp_path: Path, script: str, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Run a script; returns the exit code and the last status."""
    port = str(first_port(4))
    demo = start(tmp_path, "--port", port, "--script", "-", *arguments, stdin=subprocess.PIPE)
    out, _ = demo.communicate(script, RUN_S)
    lines = [line for line in out.splitlines() if line.startswith("{")]
    assert lines, out
    return demo.returncode, json.loads(lines[-1])


def test_nothing_safe_is_lost_whatever_breaks(tmp_path: Path) -> None:
    code, status = play(tmp_path, BREAK_EVERYTHING)
    assert status["acknowledged"] > 20
    assert status["safe"] > 0
    assert (status["lost"], status["diverged"], code) == (0, 0, 0)
    assert {t["id"]: t["power"] for t in status["terminals"]} == {
        "t1": "on", "t2": "on", "t3": "stolen",
    }  # fmt: skip
    told = [entry["text"] for entry in status["timeline"]]
    assert any("lost power: noticed after" in text and "0 lost" in text for text in told), told
    assert any("was stolen: noticed after" in text for text in told), told
    assert list(tmp_path.iterdir()) == []


def test_the_oracle_sees_a_loss_when_every_answer_is_believed(tmp_path: Path) -> None:
    port = first_port(4)
    with opened(tmp_path, port, "--believe-local", "--pace", "4", terminals=3) as demo:
        sell_alone(port, 3)
        command(port, "steal 3")
        assert json.loads(command(port, "status"))["lost"] > 0
        demo.send_signal(signal.SIGINT)
        assert demo.wait(END_S) == 1
    assert list(tmp_path.iterdir()) == []


def sell_alone(port: int, number: int) -> None:
    """Cut a terminal off until it has sold alone; again when its robot left it on the way."""
    until = time.monotonic() + ALONE_S_MAX
    while time.monotonic() < until:
        one = json.loads(ask(port, "GET", "/state").text)["terminals"][number - 1]
        if one["cable"] and one["robots"]:
            command(port, f"cut {number}")
        elif not one["robots"]:
            command(port, "heal")
        elif one["unsafe"] >= SOLD_ALONE:
            return
        time.sleep(ASK_EVERY_S)
    raise AssertionError(f"terminal {number} never sold alone")


@contextmanager
def opened(
    tmp_path: Path, port: int, *more: str, terminals: int = 2
) -> Iterator[subprocess.Popen[str]]:
    demo = start(
        tmp_path, "--port", str(port), "--terminals", str(terminals), *more,
        stdin=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    assert demo.stdout is not None
    try:
        for line in demo.stdout:
            if line.startswith("Open "):
                break
        yield demo
    finally:
        if demo.poll() is None:
            demo.kill()
        demo.stdout.close()
        demo.wait(END_S)


def children(folder: Path) -> list[str]:
    """Return the command lines that name the demo's folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = process.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue  # it ended while we looked
        if str(folder) in line:
            found.append(line)
    return found


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_end_leaves_no_process_and_no_file(tmp_path: Path, ending: signal.Signals) -> None:
    with opened(tmp_path, first_port(3)) as demo:
        assert len(children(tmp_path)) >= 2 * 3 + 2
        demo.send_signal(ending)
        demo.send_signal(ending)  # an impatient second one changes nothing
        assert demo.wait(END_S) == 0
    assert children(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_an_end_in_the_middle_of_setting_up_leaves_nothing_either(tmp_path: Path) -> None:
    demo = start(tmp_path, "--port", str(first_port(4)), stdin=subprocess.DEVNULL)
    assert demo.stdout is not None
    assert demo.stdout.readline().startswith("Setting up")
    demo.send_signal(signal.SIGINT)
    rest, _ = demo.communicate(timeout=END_S)
    assert (demo.returncode, rest) == (0, "")
    assert children(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_the_page_shows_the_tills_signed_in_and_takes_commands(tmp_path: Path) -> None:
    port = first_port(3)
    with opened(tmp_path, port) as demo:
        page = ask(port, "GET", "/")
        assert "<title>Comptoir demo</title>" in page.text
        cookies = "; ".join(cookie.partition(";")[0] for cookie in page.cookies)
        assert ask(port + 1, "GET", "/floor", {"Cookie": cookies}).status == 200
        assert ask(port + 1, "GET", "/floor").status != 200
        assert command(port, "cut 2").endswith("lost its network cable")
        assert json.loads(ask(port, "GET", "/state").text)["terminals"][1]["cable"] is False
        assert "is no command" in command(port, "dance")
        assert "no terminal 9" in command(port, "kill 9")
        demo.send_signal(signal.SIGINT)
        demo.wait(END_S)


def test_another_page_of_the_browser_cannot_send_commands(tmp_path: Path) -> None:
    port = first_port(3)
    with opened(tmp_path, port):
        assert ask(port, "POST", "/command", {}, b"kill 1").status == 403
        strange = {"X-Comptoir-Demo": "1", "Host": "attacker.example"}
        assert ask(port, "POST", "/command", strange, b"kill 1").status == 403
        states = json.loads(ask(port, "GET", "/state").text)["terminals"]
        assert [one["power"] for one in states] == ["on", "on"]


class Page(NamedTuple):
    status: int
    text: str
    cookies: list[str]


def ask(
    port: int, method: str, path: str, headers: dict[str, str] | None = None, data: bytes = b""
) -> Page:
    connection = http.client.HTTPConnection(LOCALHOST, port, timeout=90)
    with closing(connection):
        connection.request(method, path, data or None, headers or {})
        answer = connection.getresponse()
        return Page(answer.status, answer.read().decode(), answer.headers.get_all("Set-Cookie", []))


def command(port: int, line: str) -> str:
    return ask(port, "POST", "/command", {"X-Comptoir-Demo": "1"}, line.encode()).text


def test_a_port_in_use_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((LOCALHOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        demo = start(tmp_path, "--port", str(port), stdin=subprocess.DEVNULL)
        out, _ = demo.communicate(timeout=END_S)
    assert out.splitlines()[-1].startswith(f"Error: Port {port} is in use.")
    assert demo.returncode == 1
