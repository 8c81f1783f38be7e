import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from imagebuilder.apt import Package
from imagebuilder.base import Source
from imagebuilder.build import refuse_drift
from imagebuilder.errors import BuildError
from imagebuilder.lockfile import Lock, Wanted
from imagebuilder.stages import lock as stage
from imagebuilder.work import Work
from tests.image.mirror import serve
from tests.image.workshop import DEBIAN, MemoryReporter, work

WANTED = Wanted({"terminal": ("dash",)}, ())


def package(name: str, version: str) -> Package:
    content = f"{name} {version}".encode()
    sha256 = hashlib.sha256(content).hexdigest()
    return Package(name, version, "arm64", "debian", f"{name}_{version}.deb", sha256, len(content))


def lock_of(*packages: Package) -> Lock:
    names = tuple(one.name for one in packages)
    return Lock(WANTED, packages, (), {"terminal": names}, 0)


@dataclass
class FakeResolver:
    """Chooses what it was told to, whatever is wanted, and keeps what it was given."""

    chosen: Lock
    old: Lock | None = None
    asked: int = 0

    def __call__(self, *_: object) -> "FakeResolver":
        return self

    def resolve(self, wanted: Wanted, old: Lock | None, uv_lock: Path) -> Lock:
        del uv_lock
        self.asked += 1
        self.old = old
        return replace(self.chosen, wanted=wanted)


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[Path]:
    """Serve a mirror that has dash 2 only."""
    (tmp_path / "debian").mkdir()
    (tmp_path / "debian" / "dash_2.deb").write_bytes(b"dash 2")
    with serve(tmp_path) as url:
        (tmp_path / "url").write_text(url)
        yield tmp_path


def run(
    site: Path, monkeypatch: pytest.MonkeyPatch, committed: Lock | None, new: Lock
) -> tuple[Work, FakeResolver]:
    base = replace(
        DEBIAN, sources=(Source(f"{(site / 'url').read_text()}/debian", ("trixie",), ("main",)),)
    )
    if committed:
        committed.write(site / "repo" / "lock.json")
    resolver, surroundings = FakeResolver(new), work(site)
    monkeypatch.setattr(stage, "Resolver", resolver)
    options = stage.Options(
        base=base, profile="terminal", wanted=WANTED, lock_file="lock.json", uv_lock="uv.lock"
    )
    stage.run(surroundings, options)
    return surroundings, resolver


def chosen(surroundings: Work) -> list[str]:
    listed = json.loads((surroundings.result / "debian.json").read_text())
    return [f"{entry['name']} {entry['version']}" for entry in listed]


def test_a_lock_that_fits_is_taken_as_it_stands(
    mirror: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = lock_of(package("dash", "2"))
    surroundings, resolver = run(mirror, monkeypatch, locked, locked)
    assert resolver.asked == 0
    assert chosen(surroundings) == ["dash 2"]
    assert surroundings.pool.has(locked.packages[0].sha256)
    refuse_drift(surroundings.result)


def test_a_version_the_mirror_no_longer_has_is_chosen_anew_named_and_recorded(
    mirror: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = lock_of(package("dash", "1")), lock_of(package("dash", "2"))
    surroundings, resolver = run(mirror, monkeypatch, old, new)
    assert (resolver.asked, resolver.old) == (1, old)
    assert chosen(surroundings) == ["dash 2"]
    reporter = surroundings.reporter
    assert isinstance(reporter, MemoryReporter)
    assert any("~ dash 1 → 2" in line for line in reporter.lines)
    assert json.loads((surroundings.result / "renewed.json").read_text()) == ["~ dash 1 → 2"]


def test_locked_refuses_drift_and_names_each_package(
    mirror: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = lock_of(package("dash", "1")), lock_of(package("dash", "2"))
    surroundings, _ = run(mirror, monkeypatch, old, new)
    with pytest.raises(BuildError, match=r"dash 1 → 2.*--update-lock") as caught:
        refuse_drift(surroundings.result)
    assert "\n" not in str(caught.value)


def test_a_changed_wish_is_resolved_with_the_old_lock_at_hand(
    mirror: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = replace(lock_of(package("dash", "2")), wanted=Wanted({"terminal": ()}, ()))
    _, resolver = run(mirror, monkeypatch, other, lock_of(package("dash", "2")))
    assert resolver.old == other


def test_without_a_lock_everything_is_chosen_anew(
    mirror: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    surroundings, _ = run(mirror, monkeypatch, None, lock_of(package("dash", "2")))
    assert json.loads((surroundings.result / "renewed.json").read_text()) == ["+ dash 2"]
