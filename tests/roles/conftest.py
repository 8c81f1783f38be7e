"""What several tests of the terminal's own programs share: how they are loaded, and a terminal."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

from imagebuilder.plan import load_plan
from imagebuilder.stages import bootfiles
from tests.roles.terminal import BOOT_FILES, TREES, Terminal

UPDATE = Path("roles/update/files/tree/usr/lib/comptoir")


@pytest.fixture(scope="session")
def config() -> dict[str, bytes]:
    """Return the two files of a real image that name its slots."""
    options = bootfiles.options(load_plan(Path.cwd(), base="debian", profile="terminal"))
    slots = {"config.txt": "slot-a", "tryboot.txt": "slot-b"}
    return {name: bootfiles.config_text(options, slot) for name, slot in slots.items()}


@pytest.fixture
def terminal(tmp_path: Path, config: dict[str, bytes]) -> Terminal:
    """Return a terminal with the boot files of a real image, but for their contents."""
    made = Terminal(tmp_path / "terminal")
    for folder in ("boot/firmware", "proc/device-tree/chosen/bootloader", "run/systemd", "keys"):
        (made.root / folder).mkdir(parents=True)
    for name in BOOT_FILES:
        (made.boot / name).write_text(name)
    for slot in ("slot-a", "slot-b"):
        (made.boot / slot).mkdir()
        (made.boot / slot / "cmdline.txt").write_text(slot)
        for name in ("vmlinuz", "initrd.img", *TREES):
            (made.boot / slot / name).write_text(f"{name} of {slot}")
    for name, content in config.items():
        (made.boot / name).write_bytes(content)
    made.starts("slot-a", on_trial=False)
    return made


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the programs of role `update` find each other, as in their folder on a terminal."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # their folder goes into images
    monkeypatch.syspath_prepend(str(UPDATE.resolve()))


@pytest.fixture
def boot_slots(programs: None) -> ModuleType:
    """Return the backend of RAUC."""
    del programs
    return importlib.import_module("boot_slots")


@pytest.fixture
def update_gate(programs: None) -> ModuleType:
    """Return what judges a system on trial."""
    del programs
    return importlib.import_module("update_gate")


@pytest.fixture
def update_hook(programs: None) -> ModuleType:
    """Return the hook of bundles."""
    del programs
    return importlib.import_module("update_hook")


@pytest.fixture
def update_orders(programs: None) -> ModuleType:
    """Return what does as root what the updates program asks for."""
    del programs
    return importlib.import_module("update_orders")
