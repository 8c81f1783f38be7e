import json
from dataclasses import replace
from pathlib import Path

import pytest

from imagebuilder import lockfile
from imagebuilder.apt import Package
from imagebuilder.errors import BuildError
from imagebuilder.lockfile import Lock, Wanted
from imagebuilder.plan import load_plan
from imagebuilder.stages import lock as stage
from imagebuilder.wheels import Wheel

REPO = Path(__file__).parents[2]
DASH = Package("dash", "0.5", "arm64", "debian", "pool/dash.deb", "a" * 64, 10)
STRACE = Package("strace", "6", "arm64", "debian", "pool/strace.deb", "b" * 64, 20)
FLASK = Wheel("flask", "3.1.3", "flask-3.1.3-py3-none-any.whl", "c" * 64, 30)
LOCK = Lock(
    wanted=Wanted({"bench": ("strace",), "terminal": ("dash",)}, ("flask>=3",)),
    packages=(DASH, STRACE),
    wheels=(FLASK,),
    members={"bench": ("dash", "strace"), "terminal": ("dash",)},
    source_date=86_400,
)


def test_a_lock_reads_back_as_written(tmp_path: Path) -> None:
    LOCK.write(tmp_path / "lock.json")
    assert lockfile.read(tmp_path / "lock.json") == LOCK


def test_each_package_has_a_line_of_its_own(tmp_path: Path) -> None:
    LOCK.write(tmp_path / "lock.json")
    lines = (tmp_path / "lock.json").read_text().splitlines()
    assert sum('"strace", "version": "6"' in line for line in lines) == 1


def test_a_profile_installs_only_its_own() -> None:
    assert LOCK.of_profile("terminal") == [DASH]


def test_the_diff_names_what_came_went_and_changed() -> None:
    new = replace(
        LOCK,
        packages=(replace(DASH, version="0.6"), replace(STRACE, name="ltrace")),
        wheels=(replace(FLASK, sha256="d" * 64),),
    )
    assert list(lockfile.differences(LOCK, new)) == [
        "~ dash 0.5 → 0.6",
        "+ ltrace 6",
        "- strace 6",
        "~ flask 3.1.3: other bytes, sha256 dddddddddddddddd…",
    ]
    assert list(lockfile.differences(LOCK, LOCK)) == []


@pytest.mark.parametrize("text", ["{}", "nonsense", '{"wanted": 1}'])
def test_what_is_no_lock_is_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "lock.json").write_text(text)
    with pytest.raises(BuildError, match="--update-lock"):
        lockfile.read(tmp_path / "lock.json")


def test_the_committed_lock_names_no_host_and_only_checksums_of_64_digits() -> None:
    path = REPO / "image" / "lock" / "trixie-debian.json"
    lock = lockfile.read(path)
    assert "://" not in path.read_text()
    assert all(len(package.sha256) == 64 for package in lock.packages)
    assert all(len(wheel.sha256) == 64 for wheel in lock.wheels)
    assert set(json.loads(path.read_text())["members"]) == {"bench", "terminal", "workshop"}


def test_no_image_has_what_only_its_kernel_module_is_compiled_with() -> None:
    lock = lockfile.read(REPO / "image" / "lock" / "trixie-debian.json")
    compilers = {"gcc-14", "make", "linux-headers-arm64"}
    assert compilers <= {one.name for one in lock.of_profile("workshop")}
    for profile in ("bench", "terminal"):
        assert not compilers & {one.name for one in lock.of_profile(profile)}


def test_kernel_and_headers_of_the_lock_are_of_one_version() -> None:
    versions = lockfile.read(REPO / "image" / "lock" / "trixie-debian.json").versions()
    assert versions["linux-headers-arm64"] == versions["linux-image-arm64"]


def test_the_committed_lock_is_of_what_is_wanted_now_so_that_locked_can_hold() -> None:
    plan = load_plan(REPO, base="debian", profile="terminal")
    assert lockfile.read(plan.lock_file).wanted == stage.wanted(plan)
