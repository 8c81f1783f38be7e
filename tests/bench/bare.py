"""The control of the boot time: Debian's packages alone, as they are installed, unconfigured.

It starts on the same emulated board with the same kernel and the same small initramfs; its root is
a writable ext4, because only the roles make Debian live on a read-only one.
"""

import subprocess
from pathlib import Path

from imagebuilder import disk, emulator_disk, initramfs
from imagebuilder.emulator import Machine

# A console that udev finds late on a busy host is waited for, as long as the bench itself waits.
PATIENCE = "systemd.default_device_timeout_sec=600"
MODULES = ("crc32c_generic", "ext4", "virtio_blk", "virtio_mmio")
INITRD, ROOT = "bare-initrd", "bare-root"


class BareMachine(Machine):
    """A machine whose root is what the packages alone make."""

    def command(self, *, tryboot: bool = False) -> list[str]:
        argv = super().command(tryboot=tryboot)
        argv[argv.index("-initrd") + 1] = str(self.folder / INITRD)
        line = argv.index("-append") + 1
        writable = f"rootfstype=ext4 rootflags=rw {PATIENCE}"
        argv[line] = argv[line].replace("rootfstype=erofs", writable)
        return argv


def prepare(image: Path, tree: Path, folder: Path) -> Path:
    """Return a folder with the image's disk, its root replaced, and the initramfs for it."""
    folder.mkdir()
    emulator_disk.card(image, folder / "disk.img")
    _place_root(tree, folder)
    modules = initramfs.KernelModules(next((tree / "usr/lib/modules").iterdir()))
    ordered = modules.in_load_order(MODULES)
    scratch = folder / "scratch"
    (folder / INITRD).write_bytes(initramfs.build(tree, ordered, scratch=scratch, source_date=0))
    return folder


def _place_root(tree: Path, folder: Path) -> None:
    """Put the tree where both slots were: uncompressed it is larger than one."""
    part, root, image = disk.partition("root-a"), folder / ROOT, folder / "disk.img"
    size = part.size + disk.partition("root-b").size
    make = ["mke2fs", "-q", "-t", "ext4", "-d", str(tree), str(root), f"{size // 1024}k"]
    subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["sfdisk", "-q", "--delete", image, "3"], check=True)
    larger = f",{size // disk.SECTOR}\n"
    subprocess.run(["sfdisk", "-q", "-N", "2", image], input=larger, text=True, check=True)
    place = ["dd", f"if={root}", f"of={image}", "bs=1M", "conv=notrunc,sparse"]
    seek = f"seek={part.start // disk.MIB}"
    subprocess.run([*place, seek, "status=none"], check=True)
    root.unlink()
