"""Leaves out what no terminal uses and runs every role but the app's over what remains.

The base's own kernel module comes in with the others, and the roles are told whose updates count.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from imagebuilder import chroot, playbook, prune, updatekey
from imagebuilder.chroot import Chroot
from imagebuilder.plan import Plan
from imagebuilder.prune import LeftOut
from imagebuilder.work import Work

AFTER: tuple[str, ...] = ("rootfs", "module")
USES: tuple[ModuleType, ...] = (chroot, playbook, prune, updatekey)


@dataclass(frozen=True, kw_only=True)
class Options:
    """The variables of the profile's roles, what the base leaves out, and the date of files."""

    compatible: str
    certificate: str
    variables: Mapping[str, Any]
    left_out: LeftOut
    source_date: int


def options(plan: Plan) -> Options:
    """Take the variables from the profile, the rest from base and plan."""
    return Options(
        compatible=plan.name,
        certificate=str(updatekey.certificate_of(plan.update_key)),
        variables=plan.profile.variables,
        left_out=plan.base.left_out,
        source_date=plan.source_date,
    )


def inputs(plan: Plan) -> tuple[Path, ...]:
    """Name the playbook, all roles but `app`, which has a stage of its own, and the signer."""
    roles = sorted(path for path in (plan.repo / "roles").iterdir() if path.name != "app")
    return (plan.repo / playbook.PLAYBOOK, *roles, updatekey.certificate_of(plan.update_key))


def run(work: Work, options: Options) -> None:
    """Fill `tree` with a copy of the bare one and let the roles change it."""
    tree = work.result / "tree"
    work.progress(0, "copying the tree")
    work.run(["cp", "--archive", "--reflink=auto", work.before["rootfs"] / "tree", tree])
    for pattern in prune.prune(tree, options.left_out):
        work.reporter.note(f"left_out: nothing matches {pattern}")
    work.run(["cp", "--recursive", f"{work.before['module']}/modules", tree / "usr/lib"])
    for modules in sorted((tree / "usr/lib/modules").iterdir()):
        work.run(["depmod", "--basedir", tree, modules.name])
    updates = {
        "update_compatible": options.compatible,
        "update_keyring": Path(options.certificate).read_text("ascii").strip(),
    }
    playbook.play(work, "tree", tree, {**updates, **options.variables})
    index_fonts(work, tree, options.source_date)


def index_fonts(work: Work, tree: Path, source_date: int) -> None:
    """Let the fonts' index hold the dates that their folders bear on a terminal, always the same.

    An index of other dates is worth nothing: the browser would make it anew at every start.
    """
    if not (tree / "usr/bin/fc-cache").exists():
        return
    for place in ("usr/share/fonts", "usr/local/share/fonts"):
        for folder, _, _ in os.walk(tree / place):
            os.utime(folder, (source_date, source_date))
    Chroot(tree).run(work, ["fc-cache", "--really-force", "--system-only"])
