"""The initramfs, put together on the building computer from files of the tree.

Debian's generator would run emulated for two minutes to make 36 MB. A terminal's initramfs has one
task, to mount the read-only root named by the command line, and needs busybox and ten modules.
"""

import lzma
import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import zstandard

from imagebuilder.errors import BuildError

INIT = Path(__file__).with_name("initramfs-init.sh")
# Where drivers live that can stand between a board and its disk.
ROOT_SUBSYSTEMS = frozenset({
    "block", "bus", "clk", "dma", "firmware", "gpio", "mailbox", "mfd", "mmc", "pinctrl",
    "pmdomain", "regulator", "reset", "soc", "virtio",
})  # fmt: skip
ZSTD_LEVEL = 19
PT_INTERP = 3


@dataclass(frozen=True)
class KernelModules:
    """The modules of one kernel: a folder /usr/lib/modules/VERSION of a tree."""

    folder: Path

    def for_device_trees(self, trees: Iterable[bytes]) -> set[str]:
        """Name the modules that drive what the device trees hold between board and disk."""
        blob = b"\0".join(trees)
        paths = self._paths()
        return {
            module
            for compatible, module in self._device_tree_aliases()
            if compatible.encode() + b"\0" in blob and _subsystem(paths[module]) in ROOT_SUBSYSTEMS
        }

    def has(self, name: str) -> bool:
        """Tell whether the kernel has this module, be it built in."""
        return name in self._paths() or name in self._builtin()

    def in_load_order(self, names: Iterable[str]) -> list[Path]:
        """Return the files of the modules and of what they need, dependencies first.

        Built-in modules need no file; a name that is neither raises BuildError.
        """
        needs, paths, builtin = self._needs(), self._paths(), self._builtin()
        ordered: dict[str, None] = {}
        for name in sorted(names):
            if name in builtin:
                continue
            if name not in paths:
                raise BuildError(
                    f"the kernel has no module {name}",
                    where=str(self.folder),
                    hint="mend `modules` in image/boards/*.yaml",
                )
            # modules.dep lists the nearest need first
            ordered.update(dict.fromkeys([*reversed(needs[paths[name]]), paths[name]]))
        return [self.folder / path for path in ordered]

    def _needs(self) -> dict[str, list[str]]:
        lines = (self.folder / "modules.dep").read_text().splitlines()
        pairs = (line.partition(":") for line in lines)
        return {path: rest.split() for path, _, rest in pairs}

    def _paths(self) -> dict[str, str]:
        return {_name(path): path for path in self._needs()}

    def _builtin(self) -> set[str]:
        return {_name(line) for line in (self.folder / "modules.builtin").read_text().split()}

    def _device_tree_aliases(self) -> Iterator[tuple[str, str]]:
        for line in (self.folder / "modules.alias").read_text().splitlines():
            _, alias, module = line.split()[:3]
            if alias.startswith("of:N*T*C") and not alias.endswith("C*"):
                yield alias.removeprefix("of:N*T*C"), _name(module)


def build(tree: Path, modules: Sequence[Path], *, scratch: Path, source_date: int) -> bytes:
    """Return the compressed archive: busybox and /init of ours, then `modules` in that order."""
    root = scratch / "initramfs"
    _lay_out(root, tree, modules)
    for path in (root, *root.rglob("*")):
        os.utime(path, (source_date, source_date), follow_symlinks=False)
    names = sorted(str(path.relative_to(root)) for path in root.rglob("*"))
    archive = subprocess.run(
        ["cpio", "--quiet", "--create", "--format=newc", "--reproducible", "--owner=0:0"],
        cwd=root,
        input="\n".join(names).encode(),
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    return zstandard.ZstdCompressor(level=ZSTD_LEVEL).compress(archive)


def _lay_out(root: Path, tree: Path, modules: Sequence[Path]) -> None:
    for folder in ("bin", "dev", "proc", "sys", "modules", "root"):
        (root / folder).mkdir(parents=True)
    _copy(INIT, root / "init")
    _copy(_busybox(tree), root / "bin" / "busybox")
    (root / "bin" / "sh").symlink_to("busybox")
    for number, module in enumerate(modules):  # the shell's glob loads them in this order
        plain = root / "modules" / f"{number:02}-{_name(module.name)}.ko"
        plain.write_bytes(_plain(module))
        plain.chmod(0o644)


def _copy(source: Path, target: Path) -> None:
    target.write_bytes(source.read_bytes())
    target.chmod(0o755)


def _busybox(tree: Path) -> Path:
    path = tree / "usr" / "bin" / "busybox"
    if not path.exists() or _is_dynamic(path.read_bytes()):
        raise BuildError(
            "the tree has no static busybox",
            where=str(path),
            hint="add busybox-static to `packages` in image/boards/*.yaml",
        )
    return path


def _is_dynamic(elf: bytes) -> bool:
    """Tell whether a 64-bit little-endian ELF file asks for a loader (a PT_INTERP header)."""
    start = int.from_bytes(elf[32:40], "little")
    size, count = int.from_bytes(elf[54:56], "little"), int.from_bytes(elf[56:58], "little")
    headers = (start + size * index for index in range(count))
    return any(int.from_bytes(elf[at : at + 4], "little") == PT_INTERP for at in headers)


def _plain(module: Path) -> bytes:
    data = module.read_bytes()
    if module.suffix == ".xz":
        return lzma.decompress(data)
    if module.suffix == ".zst":
        return zstandard.ZstdDecompressor().decompressobj().decompress(data)
    return data


def _name(path: str) -> str:
    return Path(path).name.partition(".ko")[0].replace("-", "_")


def _subsystem(path: str) -> str:
    parts = Path(path).parts  # kernel/drivers/mmc/host/bcm2835.ko.xz
    return parts[2] if parts[1] == "drivers" else parts[1]
