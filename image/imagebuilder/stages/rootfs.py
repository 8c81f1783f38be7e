"""Makes the bare tree: all packages of the lock, in one go, unpacked by the host's own dpkg.

Only the configuration needs the terminal's architecture. Unpacking natively, and lending the tree
the host's shell tools for its maintainer scripts, takes a fraction of the time of a bootstrap that
emulates everything. Nothing is downloaded: the packages come from the pool.
"""

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from imagebuilder import chroot, unpacking
from imagebuilder.apt import Package
from imagebuilder.chroot import Chroot
from imagebuilder.plan import Plan
from imagebuilder.pool import Blob
from imagebuilder.work import Work

AFTER: tuple[str, ...] = ("lock/debian.json",)
USES: tuple[ModuleType, ...] = (chroot, unpacking)

# Laid out before dpkg runs, so that the first preinst finds a shell. Larger ones bring data only.
EARLY_SIZE_MAX = 4 << 20
# dpkg renames over these while it unpacks, so the tree can't borrow the host's yet.
TOOL_OWNERS = (
    *("coreutils", "dash", "diffutils", "findutils"),
    *("grep", "kmod", "openssl", "sed"),
)
EXCLUDED = (
    *(f"--path-exclude={pattern}" for pattern in unpacking.READING),
    "--path-include=/usr/share/doc/*/copyright",
)
UNPACK_FLAGS = ("--force-unsafe-io", "--force-depends", "--force-confnew")
# Nothing of the build itself, nothing that differs from build to build, stays in the tree.
TRACES = (
    "etc/machine-id",
    *("etc/group-", "etc/gshadow-", "etc/passwd-", "etc/shadow-"),
    "var/lib/dbus/machine-id",
    "var/lib/dpkg/available",
    "var/lib/dpkg/available-old",
    "var/lib/dpkg/status-old",
    "var/lib/dpkg/lock",
    "var/lib/dpkg/lock-frontend",
    "var/lib/dpkg/triggers/Lock",
    "var/cache/ldconfig/aux-cache",
    "var/cache/debconf/config.dat-old",
    "var/cache/debconf/templates.dat-old",
    "usr/sbin/policy-rc.d",
)

# The third field of /etc/shadow, the day when the (locked) password was set.
_DAY_OF_BUILD = re.compile(r"^([^:]*:[^:]*:)\d+", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Options:
    """The architecture of the terminal."""

    architecture: str


def options(plan: Plan) -> Options:
    """Take the architecture from the base."""
    return Options(architecture=plan.base.architecture)


def inputs(plan: Plan) -> tuple[Path, ...]:  # noqa: ARG001  every stage has the same signature
    """Read nothing of the checkout."""
    return ()


def run(work: Work, options: Options) -> None:
    """Fill `tree`."""
    listed = json.loads((work.before["lock"] / "debian.json").read_text(encoding="utf-8"))
    packages = [Package(**entry) for entry in listed]
    work.pool.verify(Blob(one.name, one.path, one.sha256, one.size) for one in packages)
    tree = work.result / "tree"
    tree.mkdir(mode=0o755)
    debs = unpacking.named(work, packages)
    unpacking.lay_out(work, tree, [debs[one.name] for one in _early(packages)], 10)
    _prepare(tree, options.architecture)
    _unpack(work, tree, debs)
    _configure(work, tree, len(packages))
    _clean(tree)


def _early(packages: Sequence[Package]) -> list[Package]:
    return unpacking.links_first(one for one in packages if one.size <= EARLY_SIZE_MAX)


def _prepare(tree: Path, architecture: str) -> None:
    database = tree / "var/lib/dpkg"
    for folder in ("info", "updates", "triggers", "alternatives"):
        (database / folder).mkdir(parents=True, exist_ok=True)
    for file in ("status", "available"):
        (database / file).write_text("")
    # The host's dpkg takes the terminal's packages as a foreign architecture's.
    (database / "arch").write_text(f"amd64\n{architecture}\n")
    guard = tree / "usr/sbin/policy-rc.d"
    guard.write_text("#!/bin/sh\nexit 101\n")
    guard.chmod(0o755)


def _unpack(work: Work, tree: Path, debs: dict[str, Path]) -> None:
    first = ("base-passwd", "base-files")
    bare, borrowing = Chroot(tree, inside=False), Chroot(tree, inside=False, borrow=True)
    dpkg: list[str | Path] = ["dpkg", "--root", tree, *UNPACK_FLAGS, *EXCLUDED]
    bare.run(work, [*dpkg, "--unpack", *(debs[name] for name in first)])
    bare.run(work, [*dpkg, "--configure", "base-passwd"])  # users must exist before the others
    early = [debs[name] for name in TOOL_OWNERS if name in debs]
    bare.run(work, [*dpkg, "--unpack", *early])
    rest = [deb for name, deb in debs.items() if name not in {*first, *TOOL_OWNERS}]
    tell = _Counter(work, "Unpacking ", len(rest), 10, 25)
    borrowing.run(work, [*dpkg, "--unpack", *rest], on_line=tell)
    (tree / "var/lib/dpkg/arch").unlink()


def _configure(work: Work, tree: Path, count: int) -> None:
    tell = _Counter(work, "Setting up ", count, 25, 98)
    dpkg = ["dpkg", "--force-unsafe-io", "--force-confnew", "--configure", "--pending"]
    Chroot(tree, borrow=True).run(work, dpkg, on_line=tell)


class _Counter:
    """Turns dpkg's lines into percent between two marks."""

    def __init__(self, work: Work, sign: str, count: int, start: float, end: float) -> None:
        self._work, self._sign, self._count = work, sign, count
        self._start, self._width, self._seen = start, end - start, 0

    def __call__(self, line: str) -> None:
        if line.startswith(self._sign):
            self._seen += 1
            share = min(self._seen / max(self._count, 1), 1)
            self._work.progress(self._start + self._width * share, line)


def _clean(tree: Path) -> None:
    for trace in TRACES:
        (tree / trace).unlink(missing_ok=True)
    shadow = tree / "etc/shadow"
    shadow.write_text(_DAY_OF_BUILD.sub(r"\1", shadow.read_text()))
    (tree / "etc/machine-id").write_text("")  # read-only root: the first boot mounts one over it
    for folder in ("boot/firmware", "var/log", "var/cache/apt", "run", "tmp"):
        for child in (tree / folder).iterdir() if (tree / folder).is_dir() else ():
            shutil.rmtree(child) if child.is_dir() and not child.is_symlink() else child.unlink()
