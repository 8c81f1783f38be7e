"""The lock: every package of an image with version and checksum, and how it is made anew."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from imagebuilder import wheels
from imagebuilder.apt import Apt, Package
from imagebuilder.base import Base
from imagebuilder.errors import BuildError
from imagebuilder.pool import Pool
from imagebuilder.process import Run
from imagebuilder.wheels import Wheel

FORMAT = 1
DAY_S = 86_400


@dataclass(frozen=True)
class Wanted:
    """What was asked for: Debian names by profile, Python requirements; added to which image."""

    debian: Mapping[str, tuple[str, ...]]
    python: tuple[str, ...]
    official: str = ""  # its sha256


@dataclass(frozen=True)
class Lock:
    """What was chosen. `members` names the packages of each profile.

    `unneeded` are those of an official image that each profile does without.
    """

    wanted: Wanted
    packages: tuple[Package, ...]
    wheels: tuple[Wheel, ...]
    members: Mapping[str, tuple[str, ...]]
    source_date: int
    unneeded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of_profile(self, profile: str) -> list[Package]:
        """Return the packages that this profile installs."""
        names = set(self.members[profile])
        return [package for package in self.packages if package.name in names]

    def versions(self) -> dict[str, str]:
        """Return {name: version} of the Debian packages."""
        return {package.name: package.version for package in self.packages}

    def wheel_versions(self) -> dict[str, str]:
        """Return {name: version} of the wheels."""
        return {wheel.name: wheel.version for wheel in self.wheels}

    def write(self, path: Path) -> None:
        """Write the lock as JSON, one package a line, so that a diff reads well."""
        path.parent.mkdir(parents=True, exist_ok=True)
        head = {
            "format": FORMAT,
            "source_date": self.source_date,
            "wanted": _asked(self.wanted),
            "members": {name: list(members) for name, members in self.members.items()},
            **({"unneeded": dict(self.unneeded)} if self.unneeded else {}),
        }
        parts = [f'"{key}": {json.dumps(value, sort_keys=True)}' for key, value in head.items()]
        parts += [_lines("debian", self.packages), _lines("python", self.wheels)]
        path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def read(path: Path) -> Lock:
    """Read a lock; BuildError when it is none."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Lock(
            wanted=_wanted(data["wanted"]),
            packages=tuple(Package(**entry) for entry in data["debian"]),
            wheels=tuple(Wheel(**entry) for entry in data["python"]),
            members={name: tuple(members) for name, members in data["members"].items()},
            source_date=int(data["source_date"]),
            unneeded={name: tuple(some) for name, some in data.get("unneeded", {}).items()},
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BuildError(
            f"the lock cannot be read: {error!r}",
            where=str(path),
            hint="make it with --update-lock",
        ) from error


@dataclass(frozen=True)
class Resolver:
    """Makes a lock from what is wanted, keeping to an old lock where it can."""

    base: Base
    root: Path  # apt's lists live here between builds
    scratch: Path
    pool: Pool
    run: Run

    def resolve(self, wanted: Wanted, old: Lock | None, uv_lock: Path) -> Lock:
        """Resolve against the mirror as it is now; versions of `old` are kept while it has them."""
        apt = Apt(self.root, self.base, self.run)
        apt.update(old.versions() if old else {})
        chosen = {profile: apt.resolve(names) for profile, names in wanted.debian.items()}
        pins = old.wheel_versions() if old else wheels.versions_of_uv_lock(uv_lock)
        packages = tuple(sorted({one for some in chosen.values() for one in some}))
        return Lock(
            wanted=wanted,
            packages=packages,
            wheels=tuple(self._wheels(wanted.python, pins)),
            members={name: tuple(one.name for one in some) for name, some in chosen.items()},
            source_date=old.source_date if old else int(time.time()) // DAY_S * DAY_S,
            unneeded={
                profile: tuple(apt.unneeded(names))
                for profile, names in wanted.debian.items()
                if self.base.official
            },
        )

    def _wheels(self, wanted: Sequence[str], pins: Mapping[str, str]) -> list[Wheel]:
        return wheels.resolve(wanted, pins, scratch=self.scratch, pool=self.pool, run=self.run)


def differences(old: Lock | None, new: Lock) -> Iterator[str]:
    """Say what `new` has otherwise than `old`: "+ name version", "- name", "~ name old → new"."""
    yield from _differ(old.packages if old else (), new.packages)
    yield from _differ(old.wheels if old else (), new.wheels)


def _differ(before: Sequence[Package | Wheel], after: Sequence[Package | Wheel]) -> Iterator[str]:
    old, new = {one.name: one for one in before}, {one.name: one for one in after}
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            yield f"- {name} {old[name].version}"
        elif name not in old:
            yield f"+ {name} {new[name].version}"
        elif old[name].version != new[name].version:
            yield f"~ {name} {old[name].version} → {new[name].version}"
        elif old[name].sha256 != new[name].sha256:
            yield f"~ {name} {new[name].version}: other bytes, sha256 {new[name].sha256[:16]}…"


def _wanted(data: Mapping[str, Any]) -> Wanted:
    debian = {name: tuple(names) for name, names in data["debian"].items()}
    return Wanted(debian, tuple(data["python"]), data.get("official", ""))


def _asked(wanted: Wanted) -> dict[str, Any]:
    begun = {"official": wanted.official} if wanted.official else {}
    return {"debian": dict(wanted.debian), "python": list(wanted.python), **begun}


def _lines(key: str, entries: Sequence[Package | Wheel]) -> str:
    lines = ",\n".join("  " + json.dumps(asdict(entry)) for entry in entries)
    return f'"{key}": [\n{lines}\n]'
