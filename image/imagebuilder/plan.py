"""What is to be built: base, profile, boards and roles, read from their small files and checked."""

import difflib
import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from imagebuilder import base as bases
from imagebuilder import updatekey
from imagebuilder.base import Base, choose_file, mapping
from imagebuilder.errors import BuildError

# Without a lock and without SOURCE_DATE_EPOCH: 2026-01-01 00:00 UTC.
SOURCE_DATE_DEFAULT = 1767225600
# In a lock, beside the profiles: packages that no image has.
WORKSHOP = "workshop"


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What an image is for, as a difference: image/profiles/NAME.yaml."""

    name: str
    packages: tuple[str, ...]
    variables: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything that the stages' options are taken from."""

    repo: Path
    base: Base
    profile: Profile
    profiles: tuple[Profile, ...]  # all there are: they share one lock
    boards: Mapping[str, Mapping[str, Any]]
    roles: tuple[str, ...]
    role_packages: Mapping[str, tuple[str, ...]]
    version: str
    source_date: int
    update_key: Path = field(default_factory=updatekey.default)  # signs the bundle

    @property
    def name(self) -> str:
        """How the artefacts are called, and for which terminals they are."""
        return f"comptoir-{self.base.name}-{self.profile.name}"

    @property
    def lock_file(self) -> Path:
        """The committed lock of this base."""
        return self.repo / "image" / "lock" / f"{self.base.suite}-{self.base.name}.json"

    @property
    def uv_lock(self) -> Path:
        """The lock of the app's developers: its versions are preferred."""
        return self.repo / "uv.lock"

    @property
    def packages_by_profile(self) -> dict[str, tuple[str, ...]]:
        """For every profile, the union of what it, base, boards and roles ask for, sorted.

        And as WORKSHOP what the base's own kernel module is compiled with.
        """
        shared = set(self.base.packages)
        shared.update(*self.role_packages.values())
        shared.update(*(board.get("packages", ()) for board in self.boards.values()))
        module = self.base.module
        return {
            **{one.name: tuple(sorted(shared | set(one.packages))) for one in self.profiles},
            **({WORKSHOP: tuple(sorted(module.packages))} if module else {}),
        }


def load_plan(repo: Path, *, base: str | Base, profile: str) -> Plan:
    """Read and check the files that say what to build; a base may have been read already."""
    image = repo / "image"
    roles = _roles(repo / "playbooks" / "image.yml")
    plan = Plan(
        repo=repo,
        base=base if isinstance(base, Base) else bases.load(choose_file(image / "bases", base)),
        profile=_profile(choose_file(image / "profiles", profile)),
        profiles=tuple(_profile(path) for path in sorted((image / "profiles").glob("*.yaml"))),
        boards={path.stem: mapping(path) for path in sorted((image / "boards").glob("*.yaml"))},
        roles=roles,
        role_packages={role: _role_packages(repo / "roles" / role) for role in roles},
        version=tomllib.loads((repo / "pyproject.toml").read_text("utf-8"))["project"]["version"],
        source_date=0,
    )
    _check_variables(plan)
    return _dated(plan)


def _dated(plan: Plan) -> Plan:
    given = os.environ.get("SOURCE_DATE_EPOCH")
    locked = None
    if plan.lock_file.exists():
        locked = json.loads(plan.lock_file.read_text(encoding="utf-8")).get("source_date")
    date = int(given or locked or SOURCE_DATE_DEFAULT)
    return replace(plan, source_date=date)


def _profile(path: Path) -> Profile:
    data = mapping(path)
    return Profile(
        name=path.stem,
        packages=tuple(data.get("packages") or ()),
        variables=dict(data.get("variables") or {}),
    )


def _roles(playbook: Path) -> tuple[str, ...]:
    plays = yaml.safe_load(playbook.read_text(encoding="utf-8"))
    roles = [entry for play in plays for entry in play.get("roles", ())]
    return tuple(entry["role"] if isinstance(entry, dict) else entry for entry in roles)


def _role_packages(role: Path) -> tuple[str, ...]:
    path = role / "meta" / "packages.yml"
    return tuple(mapping(path).get("packages") or ()) if path.exists() else ()


def _role_variables(role: Path) -> set[str]:
    path = role / "meta" / "argument_specs.yml"
    if not path.exists():
        return set()
    entries = mapping(path)["argument_specs"].values()
    return {name for entry in entries for name in entry.get("options") or {}}


def _check_variables(plan: Plan) -> None:
    known: set[str] = set()
    for role in plan.roles:
        known |= _role_variables(plan.repo / "roles" / role)
    for name in plan.profile.variables:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = (
                f"did you mean {near[0]}?" if near else "see the roles' README for their variables"
            )
            where = f"image/profiles/{plan.profile.name}.yaml"
            raise BuildError(f"no role knows the variable {name}", where=where, hint=hint)
