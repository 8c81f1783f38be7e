"""Chooses and fetches the app's Python dependencies, as wheels for the terminal's Python."""

import json
import re
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from imagebuilder.pool import Pool
from imagebuilder.process import Run

PYTHON = "3.13"
# Asked for by sqlite-utils, cffi and python-escpos, and never run on a terminal.
LEFT_OUT = frozenset({"pip", "pycparser", "setuptools"})
# pip takes the list as it is: each glibc that a wheel may ask for, up to Debian 13's 2.41.
PLATFORMS = tuple(f"manylinux_2_{glibc}_aarch64" for glibc in (17, 24, 26, 27, 28, 31, 34, 39))
# Markers are of the terminal, not of the machine that builds.
ENVIRONMENT = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "aarch64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": f"{PYTHON}.0",
    "python_version": PYTHON,
    "sys_platform": "linux",
}
_KNOWN = (
    (
        "No matching distribution",
        "a Python dependency has no wheel for the terminal",
        "see the log",
    ),
    (
        "THESE PACKAGES DO NOT MATCH",
        "a wheel has the wrong checksum",
        "build again, or --update-lock",
    ),
    ("NewConnectionError", "the Python package index is unreachable", "check the network"),
    ("Max retries exceeded", "the Python package index is unreachable", "check the network"),
)


@dataclass(frozen=True, order=True)
class Wheel:
    """One wheel, exactly."""

    name: str
    version: str
    filename: str
    sha256: str
    size: int


def requirements(pyproject: Path) -> list[str]:
    """Return the app's run-time requirements that hold on a terminal, sorted."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    wanted = [Requirement(line) for line in project["dependencies"]]
    kept = [one for one in wanted if one.marker is None or one.marker.evaluate(ENVIRONMENT)]
    return sorted(f"{one.name}{one.specifier}" for one in kept)


def versions_of_uv_lock(path: Path) -> dict[str, str]:
    """Return {name: version} as `uv lock` chose them; empty without the file."""
    if not path.exists():
        return {}
    packages = tomllib.loads(path.read_text(encoding="utf-8"))["package"]
    return {entry["name"]: entry["version"] for entry in packages if "version" in entry}


def resolve(
    wanted: Sequence[str], pins: Mapping[str, str], *, scratch: Path, pool: Pool, run: Run
) -> list[Wheel]:
    """Choose and pool a wheel for each requirement and what it needs; keep to `pins`."""
    if not wanted:
        return []  # of which pip would make an error
    scratch.mkdir(parents=True, exist_ok=True)
    report = scratch / "report.json"
    constraints = _write(scratch / "pins.txt", [f"{name}=={v}" for name, v in pins.items()])
    run([*_pip("install", scratch), "--dry-run", "--ignore-installed", "--quiet",
         "--constraint", constraints, "--report", report, *wanted], known=_KNOWN)  # fmt: skip
    found = json.loads(report.read_text(encoding="utf-8"))["install"]
    chosen = [entry for entry in found if _canonical(entry["metadata"]["name"]) not in LEFT_OUT]
    lines = [_pinned(entry) for entry in chosen]
    files = download(lines, scratch=scratch, run=run)
    wheels = []
    for entry in chosen:
        filename, sha256 = _origin(entry)
        pool.add(files / filename, sha256, name=filename)
        meta, size = entry["metadata"], (files / filename).stat().st_size
        wheels.append(Wheel(_canonical(meta["name"]), meta["version"], filename, sha256, size))
    return sorted(wheels)


def fetch(wheels: Sequence[Wheel], *, scratch: Path, pool: Pool, run: Run) -> None:
    """Bring locked wheels into the pool; only what is missing is downloaded."""
    missing = [wheel for wheel in wheels if not pool.has(wheel.sha256)]
    if not missing:
        return
    lines = [f"{wheel.name}=={wheel.version} --hash=sha256:{wheel.sha256}" for wheel in missing]
    files = download(lines, scratch=scratch, run=run)
    for wheel in missing:
        pool.add(files / wheel.filename, wheel.sha256, name=wheel.filename)


def download(lines: Sequence[str], *, scratch: Path, run: Run) -> Path:
    """Download the pinned, hashed lines; return the folder they are in."""
    scratch.mkdir(parents=True, exist_ok=True)
    wanted = _write(scratch / "wanted.txt", lines)
    files = scratch / "wheels"
    run([*_pip("download", files), "--no-deps", "--require-hashes", "--requirement", wanted],
        known=_KNOWN)  # fmt: skip
    return files


def _pip(command: str, target: Path) -> list[str | Path]:
    place = ["--dest" if command == "download" else "--target", target]
    platforms = [f"--platform={platform}" for platform in PLATFORMS]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", command]
    return [*pip, "--only-binary=:all:", "--python-version", PYTHON, "--implementation", "cp",
            *platforms, *place]  # fmt: skip


def _origin(entry: Mapping[str, Mapping[str, object]]) -> tuple[str, str]:
    info = json.loads(json.dumps(entry["download_info"]))
    return str(info["url"]).rpartition("/")[2], str(info["archive_info"]["hashes"]["sha256"])


def _pinned(entry: Mapping[str, Mapping[str, object]]) -> str:
    meta = entry["metadata"]
    return f"{meta['name']}=={meta['version']} --hash=sha256:{_origin(entry)[1]}"


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _write(path: Path, lines: Sequence[str]) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path
