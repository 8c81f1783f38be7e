"""The first boot makes an identity without a question, once, whatever instant the power goes at."""

import importlib.util
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from comptoir.bootstrap.peer_names import host_name

APP = Path("roles/app/defaults/main.yml")
SCRIPT = Path("roles/firstboot/files/tree/usr/lib/comptoir/firstboot.py")
ENROLMENT = {
    "terminal": {"id": "T 12"},
    "peers": {"t1": "[fe80::1]:9883", "t2": "till-2:8883", "t3": "no port"},
    "cloud": {"host": "hq", "port": 9443},
}


class PowerGone(Exception):
    """The fake terminal's plug was pulled."""


class Terminal:
    """The commands that the first boot runs, on a folder; the power may go before any of them."""

    def __init__(self, root: Path, power_s_commands: int = 99) -> None:
        self.root = root
        self.left = power_s_commands
        self.ran: list[str] = []

    def __call__(self, command: Sequence[str]) -> None:
        if self.left == 0:
            raise PowerGone
        self.left -= 1
        self.ran.append(" ".join(command))
        if command[0] == "comptoir":
            made = self.root / "keys/identity/terminal.json"
            made.parent.mkdir(parents=True)
            made.write_text(json.dumps({"terminal": {"id": "T 12"}}), encoding="utf-8")


@pytest.fixture(scope="module")
def firstboot() -> ModuleType:
    spec = importlib.util.spec_from_file_location("firstboot", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["firstboot"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def root(tmp_path: Path) -> Path:
    boot = tmp_path / "boot/firmware"
    boot.mkdir(parents=True)
    (boot / "comptoir-enrol.json").write_text(json.dumps(ENROLMENT), encoding="utf-8")
    return tmp_path


def test_without_an_enrolment_a_restaurant_is_founded(
    firstboot: ModuleType, tmp_path: Path
) -> None:
    terminal = Terminal(tmp_path)
    firstboot.first_boot(firstboot.Places(tmp_path), terminal)
    assert terminal.ran == ["comptoir identity init"]


def test_an_enrolment_is_handed_over_and_leaves_the_boot_partition(
    firstboot: ModuleType, root: Path
) -> None:
    places, terminal = firstboot.Places(root), Terminal(root)
    firstboot.first_boot(places, terminal)
    assert terminal.ran[0] == f"comptoir identity init --enrol {places.enrolment}"
    assert [word.split()[0] for word in terminal.ran[1:]] == ["mount", "sync", "mount"]
    assert not places.enrolment.exists()
    assert places.hostname.read_text() == "comptoir-t-12\n"


@pytest.mark.parametrize("terminal", ["t1", "T 12", "Bar-é", "b7" * 40])
def test_its_name_is_the_one_by_which_its_peers_look_for_it(
    firstboot: ModuleType, tmp_path: Path, terminal: str
) -> None:
    identity = tmp_path / "identity.json"
    identity.write_text(json.dumps({"terminal": {"id": terminal}}), encoding="utf-8")
    pattern = yaml.safe_load(APP.read_text(encoding="utf-8"))["app_settings"]["peer_name"]
    assert host_name(pattern, terminal) == f"{firstboot.name_of(identity)}.local"


def test_the_firewall_may_reach_what_the_enrolment_names(firstboot: ModuleType) -> None:
    assert firstboot.ports_of(ENROLMENT) == [8883, 9443, 9883]
    assert "dport 9443 accept" in firstboot.rules_for([9443])


def test_a_port_that_is_none_never_reaches_the_firewall(firstboot: ModuleType) -> None:
    bad = {"peers": {"a": "x:0", "b": "x:70000", "c": "x:22 accept; flush ruleset"}}
    assert firstboot.ports_of(bad) == []


@pytest.mark.parametrize("commands", range(5))
def test_power_gone_at_any_instant_is_made_good_by_the_next_boot(
    firstboot: ModuleType, root: Path, commands: int
) -> None:
    places = firstboot.Places(root)
    cut, later = Terminal(root, commands), Terminal(root)
    try:
        firstboot.first_boot(places, cut)
    except PowerGone:
        firstboot.first_boot(places, later)
    inits = [word for word in cut.ran + later.ran if "init" in word]
    assert len(inits) == 1
    assert places.identity.exists()
    assert places.hostname.exists()
    assert places.rules.exists()
    assert not places.enrolment.exists()
