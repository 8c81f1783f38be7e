"""Puts boot files and roots together into one disk image, without loop device or mount.

The root is the configured tree with the app laid over it, as a compressed read-only erofs. It
carries the initramfs and (from its packages) kernel and device trees too, for updates to copy.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from imagebuilder import disk
from imagebuilder.disk import Identity, Partition
from imagebuilder.errors import BuildError
from imagebuilder.plan import Plan
from imagebuilder.work import Work

AFTER = ("configure", "bootfiles", "app", "lock/debian.json")
USES = (disk,)

# lz4 costs 2.5 s of CPU for 415 MB of tree, lz4hc 31 s for a tenth less: see image/docs/boot.md.
# With no file's tail beside its inode, a file that grows moves no other: an update stays small.
FORMAT = ("-zlz4", "-Enoinline_data")
FULL_HINT = "take packages out of the roles: `largest` in the manifest names the biggest"


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the disk is made from."""

    source_date: int
    format: tuple[str, ...] = FORMAT


def options(plan: Plan) -> Options:
    """Take the source date from the plan."""
    return Options(source_date=plan.source_date)


def inputs(plan: Plan) -> tuple[Path, ...]:
    """Need nothing but the results of other stages."""
    del plan
    return ()


def run(work: Work, options: Options) -> None:
    """Write `disk.img` (sparse) and, for the update bundle, `root.erofs`."""
    identity = Identity.of(work.before["lock"] / "debian.json", options.source_date)
    root = merge(work.scratch / "root", work)
    work.progress(20, "read-only root")
    erofs = make_root(work, root, identity, options)
    image = work.result / "disk.img"
    work.progress(70, "partitions")
    make_table(work, image, identity)
    make_boot(work, image, identity, options)
    place(erofs, image, disk.partition("root-a"))
    for name in ("keys", "data"):
        make_ext4(work, image, identity, disk.partition(name), options)


def merge(root: Path, work: Work) -> Path:
    """Lay app and initramfs over the tree; files are hard links, so nothing is copied."""
    for overlay in (work.before["configure"] / "tree", work.before["app"] / "tree"):
        work.run(["cp", "--archive", "--link", "--force", f"{overlay}/.", root])
    initrd = work.before["bootfiles"] / "boot/slot-a/initrd.img"
    kernel = next((root / "boot").glob("vmlinuz-*")).name.removeprefix("vmlinuz-")
    shutil.copyfile(initrd, root / "boot" / f"initrd.img-{kernel}")
    return root


def make_root(work: Work, root: Path, identity: Identity, options: Options) -> Path:
    """Return the erofs of `root`."""
    erofs = work.result / "root.erofs"
    uuid = identity.uuid("root")
    work.run(
        ["mkfs.erofs", "--quiet", *options.format, f"-U{uuid}", erofs, root],
        env={"SOURCE_DATE_EPOCH": str(options.source_date)},  # later times are set back to it
    )
    check_fits(erofs.stat().st_size)
    return erofs


def check_fits(size: int) -> None:
    """Refuse a root of more bytes than its slot has."""
    slot = disk.partition("root-a").size
    if size > slot:
        raise BuildError(
            f"the root has {size >> 20} MiB, its slot {slot >> 20} MiB",
            where="stage assemble",
            hint=FULL_HINT,
        )


def make_table(work: Work, image: Path, identity: Identity) -> None:
    """Create the sparse image with its partition table."""
    script = work.scratch / "table"
    script.write_text(disk.sfdisk_script(identity), "ascii")
    with image.open("wb") as file:
        file.truncate(disk.SIZE)
    sfdisk = 'exec sfdisk --quiet --no-reread --no-tell-kernel "$1" <"$2"'
    work.run(["sh", "-c", sfdisk, "sh", image, script])


def make_boot(work: Work, image: Path, identity: Identity, options: Options) -> None:
    """Make the FAT32 of the first partition and copy the boot files in."""
    part, boot = disk.partition("boot"), work.before["bootfiles"] / "boot"
    env = {"SOURCE_DATE_EPOCH": str(options.source_date), "TZ": "UTC", "MTOOLS_SKIP_CHECK": "1"}
    offset, size = str(part.start // disk.SECTOR), str(part.size // 1024)
    # --invariant brings a volume id of its own, so ours comes after it
    fat = ["--invariant", "-F", "32", "-n", "BOOT", "-i", f"{identity.volume:08x}"]
    work.run(["mkfs.vfat", *fat, "--offset", offset, image, size], env=env)
    drive = f"{image}@@{part.start}"
    for path in sorted(boot.iterdir()):
        work.run(["mcopy", "-i", drive, "-s", "-m", "-o", path, "::/"], env=env)


def make_ext4(
    work: Work, image: Path, identity: Identity, part: Partition, options: Options
) -> None:
    """Make an empty ext4 that can grow online to the size of any eMMC or card."""
    uuid, empty = identity.uuid(part.name), work.scratch / "empty"
    empty.mkdir(exist_ok=True)
    os.utime(empty, (options.source_date, options.source_date))
    extended = f"offset={part.start},hash_seed={uuid},root_owner=0:0,nodiscard,lazy_itable_init=1"
    ext4 = ["-t", "ext4", "-b", "4096", "-I", "256", "-m", "0", "-J", "size=16", "-E", extended]
    names, size = ["-L", part.name, "-U", uuid], f"{part.size // 1024}k"
    work.run(
        ["mke2fs", "-q", *ext4, *names, "-d", empty, image, size],
        env={"E2FSPROGS_FAKE_TIME": str(options.source_date)},
    )


def place(source: Path, image: Path, part: Partition) -> None:
    """Copy a file system into its partition."""
    with source.open("rb") as reader, image.open("r+b") as writer:
        writer.seek(part.start)
        shutil.copyfileobj(reader, writer, disk.MIB)
