import lzma
import subprocess
from pathlib import Path

import pytest
import zstandard

from imagebuilder import initramfs
from imagebuilder.errors import BuildError
from imagebuilder.initramfs import KernelModules

DEP = """\
kernel/fs/erofs/erofs.ko.xz: kernel/lib/libcrc32c.ko.xz kernel/crypto/base.ko.xz
kernel/lib/libcrc32c.ko.xz: kernel/crypto/base.ko.xz
kernel/crypto/base.ko.xz:
kernel/drivers/mmc/host/bcm2835.ko.xz:
kernel/drivers/gpu/drm/vc4/vc4.ko.xz:
kernel/drivers/mmc/host/other.ko.xz:
"""
ALIAS = """\
# Aliases extracted from modules themselves.
alias of:N*T*Cbrcm,bcm2835-sdhost bcm2835
alias of:N*T*Cbrcm,bcm2835-sdhostC* bcm2835
alias of:N*T*Cbrcm,bcm2835-vc4 vc4
alias of:N*T*Cother,mmc other
alias pci:v00001 other
"""


@pytest.fixture
def modules(tmp_path: Path) -> KernelModules:
    folder = tmp_path / "6.12"
    for line in DEP.splitlines():
        path = folder / line.partition(":")[0]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(lzma.compress(path.name.encode()))
    (folder / "modules.dep").write_text(DEP)
    (folder / "modules.alias").write_text(ALIAS)
    (folder / "modules.builtin").write_text("kernel/drivers/virtio/virtio_pci.ko\n")
    return KernelModules(folder)


def elf(*header_types: int) -> bytes:
    """A 64-bit little-endian ELF header with these program headers."""
    head = bytearray(64)
    head[:4] = b"\x7fELF"
    head[32:40] = (64).to_bytes(8, "little")
    head[54:56] = (56).to_bytes(2, "little")
    head[56:58] = len(header_types).to_bytes(2, "little")
    return bytes(head) + b"".join(kind.to_bytes(56, "little") for kind in header_types)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    busybox = tmp_path / "tree/usr/bin/busybox"
    busybox.parent.mkdir(parents=True)
    busybox.write_bytes(elf(1))
    return tmp_path / "tree"


def names(paths: list[Path]) -> list[str]:
    return [path.name.partition(".")[0] for path in paths]


def test_modules_come_after_what_they_need(modules: KernelModules) -> None:
    assert names(modules.in_load_order({"erofs"})) == ["base", "libcrc32c", "erofs"]


def test_a_built_in_module_needs_no_file(modules: KernelModules) -> None:
    assert modules.in_load_order({"virtio_pci"}) == []


def test_an_unknown_module_is_told(modules: KernelModules) -> None:
    with pytest.raises(BuildError, match="no module nosuch"):
        modules.in_load_order({"nosuch"})


def test_the_device_tree_says_which_disk_drivers_a_board_needs(modules: KernelModules) -> None:
    blob = b"\0brcm,bcm2835-sdhost\0brcm,bcm2835-vc4\0other,mmc-like\0"
    assert modules.for_device_trees([blob]) == {"bcm2835"}


def test_a_busybox_that_needs_a_loader_is_refused(tree: Path, tmp_path: Path) -> None:
    (tree / "usr/bin/busybox").write_bytes(elf(1, 3))
    with pytest.raises(BuildError, match="static busybox"):
        initramfs.build(tree, [], scratch=tmp_path, source_date=0)


def listing(archive: bytes, folder: Path) -> list[str]:
    plain = zstandard.ZstdDecompressor().decompress(archive)
    folder.mkdir()
    subprocess.run(["cpio", "-idm", "--quiet"], cwd=folder, input=plain, check=True)
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_the_archive_holds_init_busybox_and_plain_modules_in_order(
    modules: KernelModules, tree: Path, tmp_path: Path
) -> None:
    ordered = modules.in_load_order({"erofs"})
    archive = initramfs.build(tree, ordered, scratch=tmp_path / "work", source_date=0)
    found = listing(archive, tmp_path / "out")
    assert {"init", "bin/busybox", "bin/sh", "dev", "proc", "sys", "root"} <= set(found)
    assert [name for name in found if name.startswith("modules/")] == [
        "modules/00-base.ko",
        "modules/01-libcrc32c.ko",
        "modules/02-erofs.ko",
    ]
    assert (tmp_path / "out/modules/02-erofs.ko").read_bytes() == b"erofs.ko.xz"


def test_the_same_input_gives_the_same_bytes(
    modules: KernelModules, tree: Path, tmp_path: Path
) -> None:
    ordered = modules.in_load_order({"erofs"})
    builds = {
        initramfs.build(tree, ordered, scratch=tmp_path / name, source_date=7) for name in "ab"
    }
    assert len(builds) == 1


def test_init_is_a_shell_script_without_a_mistake() -> None:
    subprocess.run(["sh", "-n", initramfs.INIT], check=True)
