"""The command `image/build`: what it says first, what it refuses, and the lock made anew."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from imagebuilder import build, lockfile
from imagebuilder.apt import Package
from imagebuilder.cache import Cache
from imagebuilder.errors import BuildError
from imagebuilder.lockfile import Lock, Wanted
from tests.image import workshop

REPO = Path(__file__).parents[2]
DASH = Package("dash", "1", "arm64", "debian", "pool/main/d/dash/dash.deb", "a" * 64, 10)


@dataclass
class FakeResolver:
    """Chooses what it was told to, whatever the mirror has."""

    version: str

    def __call__(self, **_: object) -> "FakeResolver":
        return self

    def resolve(self, wanted: Wanted, old: Lock | None, uv_lock: Path) -> Lock:
        del uv_lock
        assert old is None, "the lock is made anew, whatever it said before"
        chosen = replace(DASH, version=self.version)
        return Lock(wanted, (chosen,), (), {"terminal": ("dash",)}, 0)


@pytest.fixture
def entered(tmp_path: Path) -> Path:
    """Copy the script beside a fake of what prepares the machine."""
    shutil.copy(REPO / "image/build", tmp_path / "build")
    (tmp_path / "enter").write_text('#!/bin/sh\necho "entered with $*" >&2\n')
    (tmp_path / "enter").chmod(0o755)
    return tmp_path / "build"


def builder(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "imagebuilder", "build", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def said(script: Path, *arguments: str) -> str:
    done = subprocess.run([script, *arguments], capture_output=True, text=True, check=True)
    return done.stderr


def test_disk_time_and_rights_are_said_before_anything_is_done(entered: Path) -> None:
    needs, *rest = said(entered, "--base", "debian").split("entered with ")
    assert rest == ["build --base debian\n"]
    assert all(word in needs for word in ("8 GB of disk", "15 minutes", "mirror", "root", "sudo"))


@pytest.mark.parametrize("reading", ["--help", "-h", "--explain", "--verify"])
def test_what_only_reads_asks_for_nothing(entered: Path, reading: str) -> None:
    assert said(entered, reading) == f"entered with build {reading}\n"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--base", "slackware"], "choose one of: debian, raspios"),
        (["--base", "debian", "--profile", "tablet"], "choose one of: bench, terminal"),
        (["--verify", "nowhere.manifest.json"], "nowhere.manifest.json"),
    ],
)
def test_a_failure_is_one_line_and_exit_code_1(arguments: list[str], line: str) -> None:
    done = builder(*arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("error: ")
    assert line in done.stderr


def renew(
    repo: Path, monkeypatch: pytest.MonkeyPatch, version: str, cves: Path | None = None
) -> list[str]:
    monkeypatch.setattr(build, "Resolver", FakeResolver(version))
    plan = workshop.plan(repo, role_packages={"app": ("dash",)})
    return build.update_lock(plan, Cache(repo / "cache"), cves)


def test_update_lock_writes_the_lock_and_returns_the_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(REPO / "pyproject.toml", tmp_path)
    assert renew(tmp_path, monkeypatch, "1") == ["+ dash 1"]
    assert renew(tmp_path, monkeypatch, "1") == ["the lock is up to date"]
    assert renew(tmp_path, monkeypatch, "2") == ["~ dash 1 → 2"]
    (written,) = (tmp_path / "image/lock").glob("*.json")
    assert lockfile.read(written).versions() == {"dash": "2"}
    assert not (tmp_path / "cache/work/update-lock").exists()


def test_update_lock_names_the_cves_that_it_closes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(REPO / "pyproject.toml", tmp_path)
    cves = tmp_path / "tracker.json"
    fixed = {"status": "resolved", "fixed_version": "2"}
    cves.write_text(json.dumps({"dash": {"CVE-2026-1": {"releases": {"trixie": fixed}}}}))
    assert renew(tmp_path, monkeypatch, "1", cves) == ["+ dash 1"]
    assert renew(tmp_path, monkeypatch, "2", cves)[1:] == ["closes CVE-2026-1 (dash 1 → 2)"]
    none = "no CVE known for trixie is closed by this"
    assert renew(tmp_path, monkeypatch, "3", cves)[1:] == [none]


def test_every_option_of_the_command_is_told_by_help() -> None:
    done = builder("--help")
    options = (
        "base",
        "profile",
        "out",
        "explain",
        "locked",
        "update-lock",
        "tracker",
        "key",
        "verify",
    )
    assert all(f"--{option} " in done.stdout for option in options)
    assert (done.returncode, done.stderr) == (0, "")


def test_locked_ends_a_build_before_anything_but_the_lock_is_made(tmp_path: Path) -> None:
    locked = workshop.NoteStage(act=lambda work: drift(work.result))
    after = workshop.NoteStage(AFTER=("lock",))
    (tmp_path / "repo").mkdir()
    made = workshop.pipeline(tmp_path, workshop.MemoryReporter(), lock=locked, rootfs=after)
    with pytest.raises(BuildError, match="dash 1 → 2"):
        build._build(made, "debian-terminal", build.parse(["--locked"]))
    assert (locked.runs, after.runs) == (1, 0)


def drift(result: Path) -> None:
    (result / "renewed.json").write_text('["~ dash 1 → 2"]')
