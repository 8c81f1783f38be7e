"""The tree is the one on the map, and its rooms meet only at their doors."""

import re
from pathlib import Path

import pytest

from tests.lint.tracked import tracked

TOP = {"README.md", "app", "image", "playbooks", "pyproject.toml", "roles", "tests", "uv.lock"}
OF_A_MODULE = re.compile(r"^\s*(?:from|import)\s+(?:comptoir|imagebuilder)\b", re.MULTILINE)
# The command itself, as the wheel would install it.
LAUNCHER = Path("roles/app/templates/tree/opt/comptoir/bin/comptoir.j2")


def strangers(files: list[Path]) -> set[str]:
    """Return what stands at the top and is neither on the map nor a dotfile."""
    return {name for file in files if not (name := file.parts[0]).startswith(".")} - TOP


def test_nothing_else_stands_at_the_top() -> None:
    assert strangers(tracked()) == set()


def test_a_planted_folder_is_found() -> None:
    assert strangers([Path("README.md"), Path("tools/x.py"), Path(".ci/run")]) == {"tools"}


def test_roles_and_playbooks_know_the_app_by_its_command_and_settings_only() -> None:
    files = [file for file in tracked("roles", "playbooks") if "molecule" not in file.parts]
    inside = {file for file in files if OF_A_MODULE.search(file.read_text(encoding="utf-8"))}
    assert inside == {LAUNCHER}


@pytest.mark.parametrize("planted", ["from comptoir.settings import load", "\timport imagebuilder"])
def test_a_planted_import_of_a_module_is_found(planted: str) -> None:
    assert OF_A_MODULE.search(f"import os\n{planted}\n")
