"""Root makes a new terminal another restaurant's as its till asks; a power cut is made good."""

import importlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path("roles/firstboot/files/tree/usr/lib/comptoir")
ORDER = json.dumps({"restaurant": {"id": "r2"}})
STARTS = "systemctl --no-block start"


class PowerGone(Exception):
    """The plug was pulled."""


class Machine:
    """The commands that joining runs, on a folder; the power may go before any of them."""

    def __init__(self, root: Path, commands: int = 99, *, refuses: bool = False) -> None:
        self.root, self.left, self.refuses = root, commands, refuses
        self.ran: list[str] = []

    def __call__(self, command: Sequence[str]) -> None:
        if self.left == 0:
            raise PowerGone
        self.left -= 1
        self.ran.append(" ".join(command))
        if command[0] == "comptoir":
            assert Path(command[-1]).read_text("utf-8") == ORDER
            if self.refuses:
                raise subprocess.CalledProcessError(1, list(command))
        if command[0] == "sh":
            (self.root / "data/comptoir").mkdir(exist_ok=True)


@pytest.fixture
def join(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # the folder goes into images
    monkeypatch.syspath_prepend(str(SCRIPTS.resolve()))
    return importlib.import_module("join")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("run/comptoir-till", "keys", "data/comptoir"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "run/comptoir-till/join.json").write_text(ORDER, encoding="utf-8")
    (tmp_path / "data/comptoir/journal.db").write_text("before", encoding="utf-8")
    return tmp_path


def has_joined(root: Path) -> bool:
    kept, order = root / "keys/joining.json", root / "run/comptoir-till/join.json"
    aside = root / "data/comptoir.before/journal.db"
    empty = not any((root / "data/comptoir").iterdir())
    return not kept.exists() and not order.exists() and empty and aside.read_text() == "before"


def test_its_programs_stop_it_joins_and_they_start_on_an_empty_journal(
    join: ModuleType, root: Path
) -> None:
    machine = Machine(root)
    join.join(join.Places(root), machine)
    assert has_joined(root)
    stop, become, layout, start = machine.ran
    assert stop.startswith("systemctl stop comptoir-till ")
    assert become == f"comptoir identity join {root / 'keys/joining.json'}"
    assert "systemd-tmpfiles" in layout
    assert start.startswith(STARTS)


@pytest.mark.parametrize("commands", range(4))
def test_power_gone_at_any_instant_is_made_good_by_the_next_boot(
    join: ModuleType, root: Path, commands: int
) -> None:
    places = join.Places(root)
    with pytest.raises(PowerGone):
        join.join(places, Machine(root, commands))
    (root / "run/comptoir-till/join.json").unlink(missing_ok=True)
    join.join(places, Machine(root))
    (root / "data/comptoir").mkdir(exist_ok=True)
    assert has_joined(root)


def test_what_the_app_refuses_changes_nothing_and_the_programs_go_on(
    join: ModuleType, root: Path
) -> None:
    machine = Machine(root, refuses=True)
    with pytest.raises(subprocess.CalledProcessError):
        join.join(join.Places(root), machine)
    assert machine.ran[-1].startswith(STARTS)
    assert (root / "data/comptoir/journal.db").read_text() == "before"
    assert not (root / "keys/joining.json").exists()


def test_a_link_and_a_file_too_large_are_no_orders(join: ModuleType, root: Path) -> None:
    places, machine = join.Places(root), Machine(root)
    places.order.unlink()
    places.order.symlink_to("/etc/passwd")
    with pytest.raises(OSError):  # noqa: PT011 - ELOOP, by the kernel's own words
        join.join(places, machine)
    places.order.write_bytes(b" " * (join.ORDER_BYTES_MAX + 1))
    with pytest.raises(OSError, match="too large"):
        join.join(places, machine)
    assert machine.ran == []
    assert not places.order.exists()


def test_where_nothing_is_asked_nothing_is_done(join: ModuleType, root: Path) -> None:
    places, machine = join.Places(root), Machine(root)
    places.order.unlink()
    join.join(places, machine)
    assert machine.ran == []
