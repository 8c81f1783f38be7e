"""Compiles the base's own kernel module for the kernel of the lock, with the lock's own compiler.

The packages that this takes are laid into a tree that is thrown away. They are the terminal's
architecture's, emulated, for then one lock serves every building computer and the bytes are the
same on each. It is one small file, made again only with a new kernel, compiler or source.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from imagebuilder import chroot, unpacking
from imagebuilder.apt import Package
from imagebuilder.chroot import Chroot
from imagebuilder.errors import BuildError
from imagebuilder.plan import Plan
from imagebuilder.pool import Blob
from imagebuilder.work import Work

AFTER: tuple[str, ...] = ("lock/workshop.json",)
USES: tuple[ModuleType, ...] = (chroot, unpacking)

HERE = "module"  # in the workshop; paths in the module are below it
# every path and name that the compiler notes is the same wherever it is built
SETTINGS = ("KBUILD_BUILD_USER=comptoir", "KBUILD_BUILD_HOST=comptoir", f"M=/{HERE}")


@dataclass(frozen=True, kw_only=True)
class Options:
    """Where the source is, below the checkout; nothing where the kernel lacks nothing."""

    source: str


def options(plan: Plan) -> Options:
    """Take it from the base."""
    return Options(source=plan.base.module.source if plan.base.module else "")


def inputs(plan: Plan) -> tuple[Path, ...]:
    """Name the source."""
    return (plan.repo / plan.base.module.source,) if plan.base.module else ()


def run(work: Work, options: Options) -> None:
    """Fill `modules/VERSION` with the module, where the base has one."""
    (work.result / "modules").mkdir()
    if not options.source:
        return
    listed = json.loads((work.before["lock"] / "workshop.json").read_text(encoding="utf-8"))
    packages = [Package(**entry) for entry in listed]
    work.pool.verify(Blob(one.name, one.path, one.sha256, one.size) for one in packages)
    workshop = work.scratch / "workshop"
    workshop.mkdir(mode=0o755)
    _equip(work, workshop, packages)
    shutil.copytree(work.repo / options.source, workshop / HERE)
    headers = kernel_headers(workshop)
    version = headers.name.removeprefix("linux-headers-")
    work.progress(40, f"compiling for {version}")
    inside = Chroot(workshop, borrow=True)
    inside.run(work, ["make", "-C", f"/usr/src/{headers.name}", *SETTINGS, "modules"])
    (made,) = (workshop / HERE).glob("*.ko")
    inside.run(work, ["strip", "--strip-debug", f"/{HERE}/{made.name}"])
    target = work.result / "modules" / version / "updates" / made.name
    target.parent.mkdir(parents=True)
    shutil.copyfile(made, target)


def kernel_headers(workshop: Path) -> Path:
    """Return the folder of the one kernel's headers."""
    folders = sorted((workshop / "usr/src").glob("linux-headers-*"))
    found = [folder for folder in folders if not folder.name.endswith("-common")]
    if len(found) != 1:
        raise BuildError(
            f"the workshop has headers of {len(found)} kernels, not one",
            where="stage module",
            hint="name exactly one package of headers in `module` of image/bases",
        )
    return found[0]


def _equip(work: Work, workshop: Path, packages: list[Package]) -> None:
    debs = unpacking.named(work, packages)
    order = unpacking.links_first(packages)
    unpacking.lay_out(work, workshop, [debs[one.name] for one in order], 40)
    for folder in ("dev", "proc", "run", "tmp"):
        (workshop / folder).mkdir(exist_ok=True)
    if not (workshop / "usr/bin/awk").exists():
        (workshop / "usr/bin/awk").symlink_to("mawk")  # else made when a package is configured
