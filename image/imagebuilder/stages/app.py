"""Lays the app into a tree of its own, to be laid over the configured one.

It stands apart so that a change of the app, which is most changes, makes nothing else again.
"""

import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from imagebuilder import bytecode, chroot, playbook
from imagebuilder.plan import Plan
from imagebuilder.wheels import Wheel
from imagebuilder.work import Work

AFTER: tuple[str, ...] = ("lock/python.json", "rootfs")
USES: tuple[ModuleType, ...] = (bytecode, chroot, playbook)
ORIGIN = ("direct_url.json", "uv_cache.json")


@dataclass(frozen=True, kw_only=True)
class Options:
    """The variables of the profile's roles, and the date that files bear."""

    variables: Mapping[str, Any]
    source_date: int


def options(plan: Plan) -> Options:
    """Take both from the plan."""
    return Options(variables=plan.profile.variables, source_date=plan.source_date)


def inputs(plan: Plan) -> tuple[Path, ...]:
    """Name the app's sources and its role, with the role that writes files for it."""
    names = ("app/comptoir", "pyproject.toml", "README.md", "roles/app", "roles/tree")
    return (*(plan.repo / name for name in names), plan.repo / playbook.PLAYBOOK)


def run(work: Work, options: Options) -> None:
    """Fill `tree` with what the role `app` writes, and `wheels` with what it is made of."""
    wheelhouse = work.result / "wheels"
    wheelhouse.mkdir()
    listed = json.loads((work.before["lock"] / "python.json").read_text(encoding="utf-8"))
    for wheel in (Wheel(**entry) for entry in listed):
        shutil.copyfile(work.pool.path(wheel.sha256), wheelhouse / wheel.filename)
    work.progress(10, "building the app's wheel")
    work.run(
        ["env", f"--chdir={work.repo}", sys.executable, "-m", "hatchling", "build",
         "--target", "wheel", "--directory", wheelhouse],
        env={"SOURCE_DATE_EPOCH": str(options.source_date)},
    )  # fmt: skip
    tree = work.result / "tree"
    tree.mkdir(mode=0o755)
    given = {
        **options.variables,
        "app_wheelhouse": str(wheelhouse),
        "app_python_root": str(
            work.scratch
        ),  # no Python there: only what changed is compiled below
    }
    playbook.play(work, "app", tree, given)
    forget_origin(tree)
    work.progress(80, "compiling what changed")
    bytecode.compile_modules(work, tree, tree / "opt/comptoir", work.before["rootfs"] / "tree")


def forget_origin(tree: Path) -> None:
    """Remove the installer's notes of where a wheel came from and when: they are of this build."""
    for record in sorted(tree.rglob("*.dist-info/RECORD")):
        lines = record.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not any(f"/{name}," in line for name in ORIGIN)]
        record.write_text("".join(kept), encoding="utf-8")
        for name in ORIGIN:
            record.with_name(name).unlink(missing_ok=True)
