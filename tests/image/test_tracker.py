"""What a renewed lock closes, by the security tracker's data in its published form."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from imagebuilder import tracker
from imagebuilder.apt import Package
from imagebuilder.errors import BuildError
from imagebuilder.lockfile import Lock, Wanted

OLD, NEW = "3.5.1-1", "3.5.1-1+deb13u1"


def package(name: str, source: str, version: str) -> Package:
    path = f"pool/updates/main/{source[0]}/{source}/{name}_{version}_arm64.deb"
    return Package(name, version, "arm64", "debian", path, "a" * 64, 1)


def lock(*packages: Package) -> Lock:
    return Lock(Wanted({}, ()), packages, (), {}, 0)


def cve(fixed: str | None, status: str = "resolved", suite: str = "trixie") -> dict[str, Any]:
    release = {"status": status, "repositories": {suite: NEW}, "urgency": "not yet assigned"}
    if fixed is not None:
        release["fixed_version"] = fixed
    return {"description": "…", "scope": "local", "releases": {suite: release}}


BEFORE = lock(package("libssl3t64", "openssl", OLD), package("dash", "dash", "0.5-1"))
AFTER = lock(package("libssl3t64", "openssl", NEW), package("dash", "dash", "0.5-1"))


@pytest.mark.parametrize(
    ("known", "closed"),
    [
        (cve(NEW), True),
        (cve("3.5.1-1+deb13u0"), True),
        (cve(OLD), False),  # it was fixed before
        (cve("0"), False),  # never there
        (cve("3.5.4-1"), False),  # still there
        (cve(None, status="open"), False),
        (cve(NEW, suite="bookworm"), False),
    ],
)
def test_a_cve_is_closed_between_the_two_versions_alone(
    known: dict[str, Any], closed: bool
) -> None:
    data = {"openssl": {"CVE-2026-1": known}, "dash": {"CVE-2026-2": cve("0.5-1")}}
    said = [str(one) for one in tracker.closed(BEFORE, AFTER, data, "trixie")]
    wanted = f"closes CVE-2026-1 (openssl {OLD} → {NEW})"
    assert said == ([wanted] if closed else [])


def test_a_rebuild_is_the_same_source() -> None:
    before = lock(package("dash", "dash", "0.5-1"))
    after = lock(package("dash", "dash", "0.5-1+b2"))
    data = {"dash": {"CVE-2026-2": cve("0.5-1+b1")}}
    assert tracker.closed(before, after, data, "trixie") == []


def test_a_signed_kernel_is_known_by_the_source_it_was_built_from() -> None:
    kernel = package("linux-image-6.12.1-arm64", "linux-signed-arm64", "6.12.1-1")
    after = replace(kernel, version="6.12.2-1")
    data = {"linux": {"CVE-2026-3": cve("6.12.2-1")}}
    (one,) = tracker.closed(lock(kernel), lock(after), data, "trixie")
    assert (one.source, one.cve) == ("linux", "CVE-2026-3")


def test_the_data_is_read_as_published(tmp_path: Path) -> None:
    file = tmp_path / "data.json"
    file.write_text(json.dumps({"openssl": {"CVE-2026-1": cve(NEW)}}))
    assert list(tracker.read(file)["openssl"]) == ["CVE-2026-1"]


@pytest.mark.parametrize("text", [None, "<html>", "[]", '{"openssl": {"CVE-1": {}}}'])
def test_another_file_is_one_line(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "data.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(BuildError, match="security tracker's data"):
        tracker.read(file)
