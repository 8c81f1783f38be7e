"""A system on trial stays only if it sells; else the one before comes back, and says why."""

import http.server
import json
import subprocess
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.roles.terminal import Terminal

A, B = "slot-a", "slot-b"


class Rauc:
    """Stands for RAUC, which tells our backend what it is told itself."""

    def __init__(self, slots: Any, *, works: bool = True) -> None:
        self._slots = slots
        self._works = works

    def __call__(self, command: Sequence[str]) -> None:
        assert list(command) == ["rauc", "status", "mark-good"]
        if not self._works:
            raise OSError("no bus")
        self._slots.set_good(self._slots.current())


class Passing:
    """A clock on which only a pause takes time."""

    def __init__(self) -> None:
        self.at = 0.0

    def now(self) -> float:
        return self.at

    def pause(self, seconds: float) -> None:
        self.at += seconds


@pytest.fixture
def slots(boot_slots: ModuleType, terminal: Terminal) -> Any:
    made = boot_slots.Slots(boot_slots.Places(terminal.root), terminal.run)
    made.set_bad(B)
    made.set_primary(B)
    terminal.starts(B, on_trial=True)
    return made


@pytest.fixture
def places(boot_slots: ModuleType, terminal: Terminal) -> Any:
    return boot_slots.Places(terminal.root)


def watched(update_gate: ModuleType, ails: list[str], deadline: float = 600) -> tuple[str, float]:
    """Return the verdict over a terminal that ails so every two seconds, the last for good."""
    clock = Passing()

    def ail() -> str:
        return ails[min(int(clock.at // 2), len(ails) - 1)]

    terms = update_gate.Terms(deadline, steady=30)
    why = update_gate.watch(ail, terms, update_gate.Clock(clock.now, clock.pause))
    return str(why), clock.at


def test_a_terminal_that_sells_without_a_break_is_well(update_gate: ModuleType) -> None:
    assert watched(update_gate, ["starting"] * 5 + [""]) == ("", 40)


def test_a_break_begins_the_count_anew(update_gate: ModuleType) -> None:
    assert watched(update_gate, [""] * 10 + ["broker"] + [""]) == ("", 52)


def test_at_the_deadline_the_last_ail_is_the_reason(update_gate: ModuleType) -> None:
    assert watched(update_gate, ["broker", "till"], 100) == ("till", 100)
    why, at = watched(update_gate, ["", "", "till"] * 500, 100)
    assert (bool(why), at) == (True, 100)


def test_a_system_that_sells_stays_and_says_so(
    update_gate: ModuleType, slots: Any, places: Any, terminal: Terminal
) -> None:
    assert update_gate.judge(places, slots, "", Rauc(slots))
    assert (slots.committed(), slots.on_trial()) == (B, False)
    said = update_gate.told(places)
    del said["at"]
    assert said == {"slot": B, "outcome": "kept", "why": "", "before": A}
    assert (terminal.root / update_gate.KEPT).exists()
    terminal.starts(B, on_trial=False)
    assert not update_gate.settle(places, slots)
    assert not (terminal.root / update_gate.ALARM).exists()


def test_a_system_that_does_not_sell_goes_back_with_its_reason(
    update_gate: ModuleType, slots: Any, places: Any, terminal: Terminal
) -> None:
    assert not update_gate.judge(places, slots, "the till does not answer", Rauc(slots))
    assert not (terminal.root / update_gate.KEPT).exists()
    terminal.starts(A, on_trial=False)
    assert update_gate.settle(places, slots)
    said = update_gate.told(places)
    assert (said["slot"], said["outcome"]) == (B, "went back")
    assert said["why"] == "the till does not answer"
    assert (slots.committed(), slots.is_good(A), slots.is_good(B)) == (A, True, False)
    note = terminal.root / update_gate.ALARM
    assert "slot-b went back to slot-a: the till does not answer" in note.read_text()
    note.unlink()  # as a restart does
    assert not update_gate.settle(places, slots)
    assert note.exists()


def test_a_system_that_never_came_up_is_said_to(
    update_gate: ModuleType, slots: Any, places: Any, terminal: Terminal
) -> None:
    terminal.starts(A, on_trial=False)
    assert update_gate.settle(places, slots)
    assert update_gate.told(places)["why"] == update_gate.NEVER_CAME_UP


def test_where_rauc_cannot_keep_it_the_system_does_not_stay(
    update_gate: ModuleType, slots: Any, places: Any
) -> None:
    assert not update_gate.judge(places, slots, "", Rauc(slots, works=False))
    assert slots.committed() == A
    assert "no bus" in update_gate.told(places)["why"]


@pytest.fixture
def till() -> Iterator[Any]:
    """Serve what a till answers; its `said` may be changed."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(self.server.code)  # type: ignore[attr-defined]
            self.end_headers()
            self.wfile.write(self.server.said)  # type: ignore[attr-defined]

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize(
    ("code", "said", "ails"),
    [
        (200, {"ok": True}, ""),
        (200, {"ok": False}, "does not sell"),
        (503, {"ok": False}, "does not answer: HTTP Error 503"),
        (200, "no JSON", "does not answer"),
    ],
)
def test_what_ails_is_what_the_till_says_of_itself(
    update_gate: ModuleType, till: Any, code: int, said: object, ails: str
) -> None:
    till.code, till.said = code, json.dumps(said).encode() if isinstance(said, dict) else b"no"
    found = update_gate.what_ails([], f"http://127.0.0.1:{till.server_port}/healthz")
    assert ails in found if ails else found == ""


def test_a_till_that_is_not_there_ails(update_gate: ModuleType) -> None:
    assert "does not answer" in update_gate.what_ails([], "http://127.0.0.1:9/healthz")


@pytest.mark.parametrize(("flag", "ends"), [(1, True), (0, False), (None, False)])
def test_the_deadline_ends_a_trial_and_nothing_else(
    tmp_path: Path, flag: int | None, *, ends: bool
) -> None:
    unit = Path("roles/update/files/tree/usr/lib/systemd/system/comptoir-update-deadline.service")
    line = next(one for one in unit.read_text().splitlines() if one.startswith("ExecCondition="))
    command = line.partition(' -c "')[2].removesuffix('"').replace("\\\\", "\\")  # systemd's quotes
    tried = "/proc/device-tree/chosen/bootloader/tryboot"
    assert command.endswith(tried)
    if flag is not None:
        (tmp_path / "tryboot").write_bytes(flag.to_bytes(4, "big"))
    asked = ["sh", "-c", command.replace(tried, str(tmp_path / "tryboot"))]
    assert (subprocess.run(asked, check=False, capture_output=True).returncode == 0) == ends
