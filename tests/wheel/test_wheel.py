"""The wheel alone, in a bare environment: what terminals install is what is tried."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.lint.tracked import tracked

UV = Path(sys.executable).with_name("uv")


def uv(*words: object) -> None:
    subprocess.run([str(UV), *map(str, words)], check=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    uv("build", "--quiet", "--wheel", "--out-dir", out)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def comptoir(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel with its locked run-time dependencies and nothing else."""
    home = tmp_path_factory.mktemp("bare")
    venv.create(home, symlinks=True)
    python, locked = home / "bin/python", home / "requirements.txt"
    export = ("export", "--quiet", "--frozen", "--no-default-groups", "--no-emit-project")
    uv(*export, "--output-file", locked)
    uv("pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", locked)
    uv("pip", "install", "--quiet", "--python", python, "--no-deps", wheel)
    return home / "bin/comptoir"


def ask(command: Path, *words: str) -> str:
    """Run the installed command as a stranger would: elsewhere, with an empty environment."""
    done = subprocess.run(
        [command, *words],
        cwd=command.parent,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": str(command.parent)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_the_app_whole_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    sources = {str(file.relative_to("app")) for file in tracked("app/comptoir")}
    assert names == sources


def test_the_command_lists_what_it_can_do(comptoir: Path) -> None:
    listed = ask(comptoir, "--help")
    for command in ("till", "replica", "migrate", "demo", "menu", "config", "identity"):
        assert f"\n  {command} " in listed


def test_the_command_shows_its_settings(comptoir: Path) -> None:
    assert "=" in ask(comptoir, "config", "show")
