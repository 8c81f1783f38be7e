"""Root does for the updates program what it asks for in the exact form, and nothing else."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.roles.terminal import Terminal

A, B = "slot-a", "slot-b"
BUNDLE = "0a" * 32
WHOLE = {"bundle": BUNDLE, "number": 7}


class Rauc:
    """Stands for RAUC: arms a trial of slot B, or fails as told."""

    def __init__(self, slots: Any, fails: str = "") -> None:
        self.ran: list[list[str]] = []
        self._slots = slots
        self._fails = fails

    def __call__(self, command: Sequence[str]) -> tuple[int, str]:
        self.ran.append(list(command))
        if self._fails:
            return 1, self._fails
        self._slots.set_primary(B)
        return 0, "Installing succeeded\n"


class Asked:
    """A terminal whose updates program asks for something."""

    def __init__(self, program: ModuleType, backend: ModuleType, terminal: Terminal) -> None:
        self.program = program
        self.terminal = terminal
        self.places = backend.Places(terminal.root)
        self.slots = backend.Slots(self.places, terminal.run)
        self.folder: Path = terminal.root / program.ORDERS
        self.folder.mkdir(parents=True)

    def order(self, content: object, name: str = "install.json") -> Path:
        file = self.folder / name
        file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return file

    def obey(self, fails: str = "") -> list[list[str]]:
        """Let it work; returns what RAUC was told."""
        rauc = Rauc(self.slots, fails)
        self.program.obey(self.places, self.slots, rauc)
        return rauc.ran

    @property
    def result(self) -> dict[str, object]:
        file = self.terminal.root / self.program.RESULT
        return dict(json.loads(file.read_text())) if file.exists() else {}


@pytest.fixture
def asked(
    update_orders: ModuleType,
    boot_slots: ModuleType,
    terminal: Terminal,
    monkeypatch: pytest.MonkeyPatch,
) -> Asked:
    monkeypatch.setattr(update_orders, "checked", terminal.run)
    return Asked(update_orders, boot_slots, terminal)


def test_rauc_is_sent_to_our_own_tap_and_the_result_names_the_slot(asked: Asked) -> None:
    order = asked.order(WHOLE)
    assert asked.obey() == [["rauc", "install", f"http://127.0.0.1:8885/{BUNDLE}.raucb"]]
    assert asked.result == {"number": 7, "ok": True, "why": "", "slot": "/dev/comptoir/root-b"}
    assert not order.exists()
    assert asked.obey() == []


def test_what_rauc_could_not_do_is_told_in_its_own_words(asked: Asked) -> None:
    asked.order(WHOLE)
    asked.obey("installing\n  0% Installing\nLastError: No space left on device\nfailed\n")
    assert asked.result["ok"] is False
    assert asked.result["why"] == "No space left on device"


def test_a_bundle_that_did_not_mount_is_asked_for_again_and_not_for_ever(asked: Asked) -> None:
    asked.order(WHOLE)
    words = "LastError: Failed mounting bundle: Failed to load dm table\n"
    assert len(asked.obey(words)) == asked.program.TRIES_MAX
    assert str(asked.result["why"]).startswith("Failed mounting bundle")

    answers = [(1, words), (0, "Installing succeeded\n"), (1, "asked once too often")]
    asked.order(WHOLE)
    asked.program.obey(asked.places, asked.slots, lambda _: answers.pop(0))
    assert asked.result["ok"] is True
    assert len(answers) == 1


def test_what_a_bundles_hook_said_goes_before_it_and_is_not_told_twice(asked: Asked) -> None:
    noted = asked.terminal.root / asked.program.REASON
    noted.parent.mkdir(parents=True)
    noted.write_text("of the time before\n")
    asked.order(WHOLE)
    asked.obey("LastError: exited with code 1\n")
    assert str(asked.result["why"]) == "exited with code 1"

    def hook(command: Sequence[str]) -> tuple[int, str]:
        noted.write_text("the boot partition is full\n")
        return 1, f"LastError: {command[0]} exited with code 1\n"

    asked.order(WHOLE)
    asked.program.obey(asked.places, asked.slots, hook)
    assert str(asked.result["why"]) == "the boot partition is full"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        {"number": 7},
        {"bundle": BUNDLE},
        {**WHOLE, "version": "1"},
        {**WHOLE, "number": "7"},
        {**WHOLE, "number": True},
        {**WHOLE, "number": -1},
        {**WHOLE, "number": 1 << 63},
        {**WHOLE, "bundle": BUNDLE.upper()},
        {**WHOLE, "bundle": BUNDLE[:-1]},
        {**WHOLE, "bundle": BUNDLE + "\n"},
        {**WHOLE, "bundle": "../" + BUNDLE},
        {**WHOLE, "bundle": BUNDLE + "$(reboot)"},
        {**WHOLE, "bundle": [BUNDLE]},
        json.dumps(WHOLE).encode() + b" " * 1024,
    ],
)
def test_an_order_in_any_other_form_is_refused_and_gone(asked: Asked, content: object) -> None:
    order = asked.order(content)
    with pytest.raises(Exception, match=r"install\.json") as refused:
        asked.obey()
    assert type(refused.value).__name__ == "RefusedError"
    assert not order.exists()
    assert asked.result == {}


def test_a_link_is_no_order_even_to_a_good_one(asked: Asked) -> None:
    good = asked.terminal.root / "elsewhere.json"
    good.write_text(json.dumps(WHOLE))
    (asked.folder / "install.json").symlink_to(good)
    with pytest.raises(Exception, match="cannot be read"):
        asked.obey()
    assert good.exists()
    assert not (asked.folder / "install.json").is_symlink()


def test_a_pipe_is_no_order_and_keeps_nobody_waiting(asked: Asked) -> None:
    os.mkfifo(asked.folder / "install.json")
    with pytest.raises(Exception, match="no plain file"):
        asked.obey()
    assert not (asked.folder / "install.json").exists()


def test_a_file_of_somebody_else_is_no_order(asked: Asked) -> None:
    order = asked.order(WHOLE)
    assert asked.program.read(order, os.getuid())
    with pytest.raises(Exception, match="no plain file"):
        asked.program.read(order, os.getuid() + 1)


def test_the_slot_to_go_back_to_is_not_written_while_the_other_is_on_trial(asked: Asked) -> None:
    asked.slots.set_primary(B)
    asked.terminal.starts(B, on_trial=True)
    asked.order(WHOLE)
    assert asked.obey() == []
    assert "on trial" in str(asked.result["why"])


def test_a_restart_is_one_into_a_trial(asked: Asked) -> None:
    asked.slots.set_primary(B)
    asked.order({"number": 8}, "restart.json")
    asked.obey()
    assert asked.terminal.ran[-1] == "systemctl reboot"
    assert asked.result == {}


def test_a_restart_that_would_try_nothing_is_refused(asked: Asked) -> None:
    asked.order({"number": 8}, "restart.json")
    asked.obey()
    assert "systemctl reboot" not in asked.terminal.ran
    assert (asked.result["number"], asked.result["ok"]) == (8, False)
    assert "no trial is armed" in str(asked.result["why"])


def test_an_installation_and_the_restart_after_it_go_one_after_the_other(asked: Asked) -> None:
    asked.order(WHOLE)
    asked.order({"number": 8}, "restart.json")
    assert len(asked.obey()) == 1
    assert asked.terminal.ran[-1] == "systemctl reboot"
