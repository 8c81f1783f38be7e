"""Runs every role but the app's over the bare tree: what makes a Debian a terminal."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from imagebuilder import playbook
from imagebuilder.plan import Plan
from imagebuilder.work import Work

AFTER: tuple[str, ...] = ("rootfs",)
USES: tuple[ModuleType, ...] = (playbook,)


@dataclass(frozen=True, kw_only=True)
class Options:
    """The variables of the profile's roles."""

    variables: Mapping[str, Any]


def options(plan: Plan) -> Options:
    """Take the variables from the profile."""
    return Options(variables=plan.profile.variables)


def inputs(plan: Plan) -> tuple[Path, ...]:
    """Name the playbook and all roles but `app`, which has a stage of its own."""
    roles = sorted(path for path in (plan.repo / "roles").iterdir() if path.name != "app")
    return (plan.repo / playbook.PLAYBOOK, *roles)


def run(work: Work, options: Options) -> None:
    """Fill `tree` with a copy of the bare one and let the roles change it."""
    tree = work.result / "tree"
    work.progress(0, "copying the tree")
    work.run(["cp", "--archive", "--reflink=auto", work.before["rootfs"] / "tree", tree])
    playbook.play(work, "tree", tree, options.variables)
