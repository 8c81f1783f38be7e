"""Makes the bare tree of an official image: its root, and the packages that it lacks.

It stands in the place of `rootfs`. What no terminal needs is taken out by the image's own dpkg, and
with it what its maker had set for a computer with a person before it: accounts, passwords, mounts.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from imagebuilder import chroot, official, prune, unpacking
from imagebuilder.apt import Package
from imagebuilder.base import Official
from imagebuilder.chroot import Chroot
from imagebuilder.errors import BuildError
from imagebuilder.official import Ext4
from imagebuilder.plan import Plan
from imagebuilder.pool import Blob
from imagebuilder.prune import LeftOut
from imagebuilder.stages import rootfs
from imagebuilder.work import Work

AFTER: tuple[str, ...] = ("lock/debian.json", "lock/unneeded.json")
USES: tuple[ModuleType, ...] = (chroot, official, prune, rootfs, unpacking)

# The roles, or a terminal's first boot, write their own.
OF_ITS_MAKER = (
    *("boot/initrd.img*", "boot/firmware/*", "var/lib/initramfs-tools/*"),
    *("etc/fstab", "etc/hostname", "etc/ssh/ssh_host_*", "etc/sudoers.d/*"),
    *("home/*", "root/.[a-z]*", "swapfile", "var/swap"),
    *("var/lib/apt/lists/*", "var/lib/systemd/random-seed", "var/mail/*"),
)
SPECIAL = 0o7000  # bits of a program that runs as its owner or group, or of a folder like /tmp
PEOPLE = range(1000, 60_000)  # user numbers
READING = LeftOut(
    patterns=tuple(pattern.lstrip("/") for pattern in unpacking.READING),
    kept=("usr/share/doc/*/copyright",),
)
# sudo does not go by itself where root has no password.
PURGE = (
    *("env", "SUDO_FORCE_REMOVE=yes"),
    *("dpkg", "--force-unsafe-io", "--force-depends", "--force-remove-protected", "--purge"),
)
CONFIGURE = ("dpkg", "--force-unsafe-io", "--force-confnew", "--configure", "--pending")
OF_THE_BUILD = (*rootfs.TRACES, "boot/firmware/*", "run/*", "tmp/*", "var/cache/apt/*", "var/log/*")


@dataclass(frozen=True, kw_only=True)
class Options:
    """The image, and the architecture of the terminal."""

    image: Official
    architecture: str


def options(plan: Plan) -> Options:
    """Take both from the base."""
    if plan.base.official is None:
        raise AssertionError(plan.base.name)  # the row has this stage for an official image only
    return Options(image=plan.base.official, architecture=plan.base.architecture)


def inputs(plan: Plan) -> tuple[Path, ...]:  # noqa: ARG001  every stage has the same signature
    """Read nothing of the checkout; the image is known by its checksum."""
    return ()


def run(work: Work, options: Options) -> None:
    """Fill `tree`."""
    lock = work.before["lock"]
    listed = json.loads((lock / "debian.json").read_text(encoding="utf-8"))
    packages = [Package(**entry) for entry in listed]
    work.pool.verify(Blob(one.name, one.path, one.sha256, one.size) for one in packages)
    tree = work.result / "tree"
    tree.mkdir(mode=0o755)
    work.progress(0, f"reading {options.image.name}")
    take_root(work, options.image, tree)
    forget_maker(tree)
    _prepare(tree, options.architecture)
    work.progress(20, "taking out what no terminal needs")
    _purge(work, tree, json.loads((lock / "unneeded.json").read_text(encoding="utf-8")))
    for name in people(tree):
        Chroot(tree).run(work, ["userdel", name])
    _unpack(work, tree, unpacking.named(work, packages))
    work.progress(60, f"setting up {len(packages)} packages")
    Chroot(tree, borrow=True).run(work, CONFIGURE)
    prune.prune(tree, READING)
    prune.prune(tree, LeftOut(patterns=OF_THE_BUILD))
    (tree / "etc/machine-id").write_text("")  # read-only root: the first boot mounts one over it
    shut_accounts(tree)


def take_root(work: Work, image: Official, tree: Path) -> None:
    """Copy the image's root; hard links become files, and what is no file, folder or link stays."""
    source = Ext4(image.path, image.root)
    _ask(work, image, ["-R", f'rdump / "{tree}"', source.device])
    shutil.rmtree(tree / "lost+found")
    folders = sorted(path for path, _, _ in os.walk(tree))
    script = work.scratch / "folders"
    script.write_text("".join(f'ls -p "/{os.path.relpath(path, tree)}"\n' for path in folders))
    told = _ask(work, image, ["-f", str(script), source.device])
    # it loses these bits: a file gets its owner last, and a folder never gets the last of them
    here = iter(folders)
    for line in told:
        if line.startswith("debugfs: "):
            folder = Path(next(here))
            continue
        _, _, mode, _, _, name, _ = line.split("/", 6)
        if int(mode, 8) & SPECIAL and name not in (".", ".."):
            (folder / name).chmod(int(mode, 8) & 0o7777)


def _ask(work: Work, image: Official, arguments: Sequence[str]) -> list[str]:
    """Let debugfs answer; whatever it has to complain of, its exit status does not tell."""
    said = work.run(["debugfs", *arguments]).splitlines()
    told = [line for line in said if line and not line.startswith("debugfs 1.")]
    trouble = [line for line in told if not line.startswith(("/", "debugfs: "))]
    if trouble:
        raise BuildError(
            f"the root cannot be read: {trouble[0]}",
            where=image.name,
            hint="the image is damaged, or the disk is full",
        )
    return told


def forget_maker(tree: Path) -> None:
    """Remove what was set for a computer of somebody's own."""
    prune.prune(tree, LeftOut(patterns=OF_ITS_MAKER))


def shut_accounts(tree: Path) -> None:
    """Let nobody in by a password, or by none, and forget the day when it was set."""
    shadow = tree / "etc/shadow"
    accounts = [line.split(":") for line in shadow.read_text("utf-8").splitlines()]
    for fields in accounts:
        fields[2] = ""
        if not fields[1].startswith(("!", "*")):
            fields[1] = "*"
    shadow.write_text("".join(":".join(fields) + "\n" for fields in accounts), "utf-8")


def people(tree: Path) -> list[str]:
    """Name the accounts of persons."""
    accounts = [line.split(":") for line in (tree / "etc/passwd").read_text("utf-8").splitlines()]
    return [fields[0] for fields in accounts if int(fields[2]) in PEOPLE]


def _prepare(tree: Path, architecture: str) -> None:
    """Let the host's dpkg take packages of another architecture, and start nothing."""
    (tree / "var/lib/dpkg/arch").write_text(f"amd64\n{architecture}\n")
    guard = tree / "usr/sbin/policy-rc.d"  # taken away again as a trace
    guard.write_text("#!/bin/sh\nexit 101\n")
    guard.chmod(0o755)


def _purge(work: Work, tree: Path, names: Sequence[str]) -> None:
    for some, borrow in _by_tools({name: name for name in names}):
        argv: list[str | Path] = [*PURGE, *some]
        Chroot(tree, borrow=borrow).run(work, argv)


def _unpack(work: Work, tree: Path, debs: Mapping[str, Path]) -> None:
    dpkg: list[str | Path] = ["dpkg", "--root", tree, *rootfs.UNPACK_FLAGS, *rootfs.EXCLUDED]
    for some, borrow in _by_tools(debs):
        Chroot(tree, inside=False, borrow=borrow).run(work, [*dpkg, "--unpack", *some])
    (tree / "var/lib/dpkg/arch").unlink()


def _by_tools(packages: Mapping[str, str | Path]) -> Iterator[tuple[list[str | Path], bool]]:
    """Yield the packages whose tools the tree could borrow, when it must not, and the others."""
    for borrow in (False, True):
        some = [one for name, one in packages.items() if (name not in rootfs.TOOL_OWNERS) is borrow]
        if some:
            yield some, borrow
