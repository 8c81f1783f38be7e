"""Makes the boot partition's files, and the one initramfs, from the configured tree.

Two slots share the first partition: `config.txt` names the slot that boots, `tryboot.txt` the
other, read once after `reboot "0 tryboot"`. They differ in `os_prefix` only and are one disk sector
each, so that switching slots overwrites one sector in place. The first update fills `slot-b`.
"""

import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imagebuilder import bootpartition, disk, firmware, initramfs
from imagebuilder.base import Boot
from imagebuilder.errors import BuildError
from imagebuilder.plan import Plan
from imagebuilder.work import Work

AFTER = ("configure", "lock/debian.json")
USES = (bootpartition, disk, firmware, initramfs)

KERNEL, INITRD = "vmlinuz", "initrd.img"
SLOTS = {"slot-a": disk.ROOT_A, "slot-b": disk.ROOT_B}
# `gpu_mem` stands before any filter: a CM3's bootcode.bin reads it and knows no filters.
CONFIG = """\
arm_64bit=1
enable_uart=1
disable_splash=1
{base}gpu_mem=64
os_prefix={slot}/
kernel={kernel}
initramfs {initrd} followkernel
{boards}[all]
"""
# `panic` and the initramfs's own reboot leave a slot that does not start: the flag is spent.
CMDLINE = "console=tty1 root=PARTUUID={root} rootfstype=erofs ro rootwait panic=10 {more}"


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the boot files are made from."""

    source_date: int
    base: Boot
    boards: Mapping[str, Mapping[str, Any]]
    cmdline: str = "quiet loglevel=4"


def options(plan: Plan) -> Options:
    """Take base and boards from the plan."""
    return Options(source_date=plan.source_date, base=plan.base.boot, boards=plan.boards)


def inputs(plan: Plan) -> tuple[Path, ...]:
    """Name the initramfs's own /init, of the checkout that is built."""
    return (plan.repo / "image/imagebuilder" / initramfs.INIT.name,)


def run(work: Work, options: Options) -> None:
    """Fill `boot/`, to become the first partition."""
    tree, boot = work.before["configure"] / "tree", work.result / "boot"
    boot.mkdir()
    _copy_firmware(tree, boot)
    _fill_slot(work, options, tree, boot / "slot-a")
    identity = disk.Identity.of(work.before["lock"] / "debian.json", options.source_date)
    for slot, number in SLOTS.items():
        (boot / slot).mkdir(exist_ok=True)
        root = identity.partuuid(number)
        line = CMDLINE.format(root=root, more=options.cmdline)
        (boot / slot / "cmdline.txt").write_text(line + "\n", "ascii")
    (boot / "config.txt").write_bytes(config_text(options, "slot-a"))
    (boot / "tryboot.txt").write_bytes(config_text(options, "slot-b"))
    for path in boot.rglob("*"):
        os.utime(path, (options.source_date, options.source_date))
    check(boot, options.boards)


def config_text(options: Options, slot: str) -> bytes:
    """Return config.txt (or tryboot.txt) that boots `slot`, padded to exactly one sector."""
    text = CONFIG.format(
        base=options.base.config,
        slot=slot,
        kernel=KERNEL,
        initrd=INITRD,
        boards="".join(_section(options, name) for name in sorted(options.boards)),
    ).encode("ascii")
    if len(text) > disk.SECTOR:
        raise BuildError(
            f"config.txt has {len(text)} bytes, more than one sector of {disk.SECTOR}",
            where="image/bases, image/boards",
            hint="shorten `config` in the base: the sector is overwritten in place, in one piece",
        )
    return text.ljust(disk.SECTOR, b"\n")


def _section(options: Options, name: str) -> str:
    board, more = options.boards[name], options.base.boards.get(name, "")
    lines = [f"[{board['filter']}]", f"device_tree={_device_tree(options, name)}"]
    return "\n".join([*lines, *more.split("\n")]).strip("\n") + "\n"


def _device_tree(options: Options, name: str) -> str:
    names: Mapping[str, str] = options.boards[name]["device_trees"]
    if options.base.device_trees not in names:
        raise BuildError(
            f"{name} has no device tree by the names of {options.base.device_trees}",
            where=f"image/boards/{name}.yaml",
            hint="add it to `device_trees` there",
        )
    return names[options.base.device_trees]


def check(boot: Path, boards: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse boot files from which one of the boards would not start."""
    for name in boards:
        try:
            choice = firmware.choose(bootpartition.BootFolder(boot), firmware.MODELS[name])
        except firmware.FirmwareError as error:
            raise BuildError(
                f"{name} would not start: {error}",
                where="stage bootfiles",
                hint="mend image/boards or `boot` and the packages of the base",
            ) from error
        if choice.prefix != "slot-a/" or not choice.initramfs:
            raise BuildError(
                f"{name} would not take slot A but {choice}",
                where="stage bootfiles",
                hint="mend image/boards",
            )


def _copy_firmware(tree: Path, boot: Path) -> None:
    """Copy what the board starts with, but for debug and camera variants."""
    source = tree / "usr/lib/raspi-firmware"
    names = ("bootcode.bin", "start.elf", "start4.elf", "fixup.dat", "fixup4.dat")
    for name in names:
        shutil.copyfile(_existing(source / name, "raspi-firmware"), boot / name)


def _fill_slot(work: Work, options: Options, tree: Path, slot: Path) -> None:
    slot.mkdir()
    modules = initramfs.KernelModules(_modules(tree))
    version = modules.folder.name
    package, folder = options.base.kernel, tree / "usr/lib" / f"linux-image-{version}"
    shutil.copyfile(_existing(tree / "boot" / f"vmlinuz-{version}", package), slot / KERNEL)
    names = (_device_tree(options, board) for board in options.boards)
    trees = {_existing(folder / "broadcom" / name, package) for name in names}
    for path in trees:
        shutil.copyfile(path, slot / path.name)
    if options.base.overlays:
        # without its README the firmware takes no overlay from behind os_prefix
        _existing(folder / "overlays/README", package)
        shutil.copytree(folder / "overlays", slot / "overlays")
    work.progress(50, "initramfs")
    archive = initramfs.build(
        tree,
        modules.in_load_order(_wanted(options, modules, trees)),
        scratch=work.scratch,
        source_date=options.source_date,
    )
    (slot / INITRD).write_bytes(archive)


def _wanted(options: Options, modules: initramfs.KernelModules, trees: Iterable[Path]) -> set[str]:
    """Name the modules that stand between the boards and their root."""
    boards = options.boards.values()
    names = modules.for_device_trees(path.read_bytes() for path in trees)
    names.update(options.base.modules, *(board.get("modules", ()) for board in boards))
    some = {*options.base.modules_if_any}.union(
        *(board.get("modules_if_any", ()) for board in boards)
    )
    return names | {name for name in some if modules.has(name)}


def _modules(tree: Path) -> Path:
    found = sorted(path.parent for path in (tree / "usr/lib/modules").glob("*/modules.dep"))
    if len(found) != 1:
        raise BuildError(
            f"the tree has {len(found)} kernels with modules, not one",
            where=str(tree / "usr/lib/modules"),
            hint="name exactly one kernel package in image/bases",
        )
    return found[0]


def _existing(path: Path, package: str) -> Path:
    if not path.exists():
        raise BuildError(
            f"{path.name} is not in the tree",
            where=str(path.parent),
            hint=f"does {package} still ship it? See `packages` in image/bases",
        )
    return path
