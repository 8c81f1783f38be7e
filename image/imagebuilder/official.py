"""An official image by its path, as a base: read and checked before anything is built.

It must be laid out as Raspberry Pi OS is: a FAT with config.txt, then an ext4 with the root. Both
are read where they lie, by mtools and debugfs, without loop device or mount. Which of image/bases
it is like, its own kernel says.
"""

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from imagebuilder import digest, disk, expanding
from imagebuilder.base import Base, Official
from imagebuilder.bootpartition import BootImage
from imagebuilder.disk import Partition
from imagebuilder.errors import BuildError

ENDINGS = (".img", ".img.xz")
FAT = (0x0B, disk.FAT32_LBA, 0x0E)
STATUS, RELEASE = "/var/lib/dpkg/status", "/usr/lib/os-release"
WANTED = "give Raspberry Pi OS Lite (64-bit), of the release that image/bases names"
INSTALLED = " ok installed"
_FIELD = re.compile(r"^([A-Za-z-]+): (.*)$", re.MULTILINE)
_CODENAME = re.compile(r"^VERSION_CODENAME=\"?([a-z]+)", re.MULTILINE)


class Ext4:
    """The file system of an official image's root."""

    def __init__(self, image: str | Path, start: int) -> None:
        self.device = f"{image}?offset={start}"

    def read(self, path: str) -> str:
        """Return a file's text; nothing if there is no such file, or no file system."""
        argv = ["debugfs", "-R", f"cat {path}", self.device]
        try:
            said = subprocess.run(argv, check=False, capture_output=True).stdout
        except FileNotFoundError as error:
            raise BuildError(
                "debugfs is not installed", where="tools", hint="apt install e2fsprogs"
            ) from error
        return said.decode("utf-8", "replace")


def is_meant(name: str) -> bool:
    """Tell whether `--base` names an image rather than a file of image/bases."""
    return os.sep in name or name.endswith(ENDINGS)


def as_base(path: Path, bases: Sequence[Base]) -> Base:
    """Return the base that this image is; BuildError if no terminal can be made of it."""
    if not (path.is_file() and path.name.endswith(ENDINGS)):
        raise _refusal(
            path, "it is no image file", f"give a file that ends in {' or '.join(ENDINGS)}"
        )
    image = expanding.expanded(path).resolve()
    boot, root = _partitions(path, image)
    if not BootImage(image, boot.start).has("config.txt"):
        raise _refusal(path, "its first partition has no config.txt")
    files = Ext4(image, root.start)
    status = files.read(STATUS)
    if not status:
        raise _refusal(path, f"its second partition is no ext4 with {STATUS}")
    release = _CODENAME.search(files.read(RELEASE))
    like = _like(path, installed(status), release[1] if release else "unknown", bases)
    begun = Official(name=path.name, sha256=digest.of_file(path), path=str(image), root=root.start)
    return replace(like, name=f"{like.name}-image", rank=0, official=begun)


def read_status(official: Official) -> str:
    """Return what its dpkg knows of its packages."""
    return Ext4(official.path, official.root).read(STATUS)


def installed(status: str) -> dict[str, str]:
    """Return {package: architecture} of what is installed."""
    stanzas = (dict(_FIELD.findall(text)) for text in status.split("\n\n"))
    return {
        stanza["Package"]: stanza["Architecture"]
        for stanza in stanzas
        if stanza.get("Status", "").endswith(INSTALLED)
    }


def _partitions(path: Path, image: Path) -> tuple[Partition, Partition]:
    try:
        found = disk.primary_partitions(image)
    except (ValueError, IndexError) as error:
        raise _refusal(path, "it has no partitions") from error
    kinds = [part.kind for part in found]
    if len(found) != 2 or kinds[0] not in FAT or kinds[1] != disk.LINUX:
        told = ", ".join(f"{kind:02x}" for kind in kinds)
        raise _refusal(path, f"its partitions are of the kinds {told}, not a FAT and one of Linux")
    missing = found[1].start + found[1].size - image.stat().st_size
    if missing > 0:
        raise _refusal(path, f"its end is missing, {missing} bytes", "fetch it again")
    return found[0], found[1]


def _like(path: Path, packages: Mapping[str, str], release: str, bases: Sequence[Base]) -> Base:
    # a kernel module of ours is for the kernel of a lock, and the image brings its own
    candidates = [base for base in bases if base.module is None]
    for base in candidates:
        if base.boot.kernel not in packages:
            continue
        if packages.get("dpkg") != base.architecture:
            found = packages.get("dpkg", "nobody's")
            raise _refusal(path, f"its programs are {found}, not {base.architecture}")
        if release != base.suite:
            raise _refusal(path, f"its release is {release}, not {base.suite}")
        return base
    kernels = " or ".join(base.boot.kernel for base in candidates)
    raise _refusal(path, f"it has no kernel {kernels}")


def _refusal(path: Path, what: str, hint: str = WANTED) -> BuildError:
    return BuildError(what, where=str(path), hint=hint)
