"""Which files the Raspberry Pi firmware loads from a boot partition, as rules that run here.

The firmware is closed and QEMU does not run it, so what it would choose is worked out from its
documentation: `config.txt` and its filters, `tryboot.txt`, `os_prefix`, kernel, initramfs, device
tree and command line. Used to boot an image in QEMU with the very files a board would take, and
to refuse at build time an image that a board could not start.

Sources: Raspberry Pi documentation, `config_txt/boot.adoc` (os_prefix and its viability test,
kernel, arm_64bit, initramfs, upstream_kernel), `config_txt/conditional.adoc` (filters),
`config_txt/what_is_config_txt.adoc` (98 characters a line), `config_txt/autoboot.adoc` and
`raspberry-pi/bootflow-eeprom.adoc` (tryboot); firmware issues 1076 (bootcode.bin ignores
filters), 1848 (a large config.txt), 1738 and documentation issue 1291 (CM3: MBR, FAT32 first).
What is not modelled is refused by name, never guessed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

LINE_LENGTH_MAX = 98
CONFIG_BYTES_MAX = 4096
FAT32_TYPES = frozenset({0x0B, 0x0C})
MODEL_FILTERS = frozenset({
    "pi0", "pi0w", "pi02", "pi1", "pi2", "pi3", "pi3+", "pi4", "pi400", "cm4", "cm4s",
    "pi5", "pi500", "cm5",
})  # fmt: skip
# bootcode.bin reads these before start.elf and its filters exist (CM3)
UNFILTERED = frozenset({"gpu_mem", "start_x", "start_file", "fixup_file", "uart_2ndstage"})


class FirmwareError(Exception):
    """A board would not start from this boot partition, or the model cannot tell."""


class BootPartition(Protocol):
    """The first partition as the firmware sees it: FAT names, in which case does not count."""

    def has(self, path: str) -> bool:
        """Tell whether a file is there."""

    def read(self, path: str) -> bytes:
        """Return its bytes."""


@dataclass(frozen=True)
class Model:
    """What the firmware knows of the board it is soldered to."""

    name: str
    filters: frozenset[str]
    board_type: int
    kernel_32bit: str
    device_tree: str
    upstream_device_tree: str
    stage2: tuple[str, ...]
    start: str
    fixup: str


MODELS = {
    "cm3": Model(
        name="cm3",
        filters=frozenset({"pi3"}),
        board_type=0x0A,
        kernel_32bit="kernel7.img",
        device_tree="bcm2710-rpi-cm3.dtb",
        upstream_device_tree="bcm2837-rpi-cm3-io3.dtb",
        stage2=("bootcode.bin",),
        start="start",
        fixup="fixup",
    ),
    "cm4": Model(
        name="cm4",
        filters=frozenset({"pi4", "cm4"}),
        board_type=0x14,
        kernel_32bit="kernel7l.img",
        device_tree="bcm2711-rpi-cm4.dtb",
        upstream_device_tree="bcm2711-rpi-cm4-io.dtb",
        stage2=(),  # its second stage is in the board's EEPROM
        start="start4",
        fixup="fixup4",
    ),
}


@dataclass(frozen=True)
class BootChoice:
    """The files the firmware loads, as paths on the boot partition."""

    config: str
    prefix: str
    kernel: str
    device_tree: str
    cmdline: str
    initramfs: tuple[str, ...] = ()
    overlays: tuple[str, ...] = ()
    firmware: tuple[str, ...] = field(default=())


def choose(boot: BootPartition, model: Model, *, tryboot: bool = False) -> BootChoice:
    """Return what the firmware of `model` would load, or say why it would not start."""
    if boot.has("autoboot.txt"):
        raise FirmwareError(
            "autoboot.txt is on the boot partition: a CM3 fails with it. Remove the file."
        )
    config_name = "tryboot.txt" if tryboot else "config.txt"
    settings = Settings.parse(_config_text(boot, config_name), model, tryboot=tryboot)
    firmware = _firmware_files(boot, model, settings)
    prefix = _viable_prefix(boot, model, settings)
    kernel = _joined(prefix, _kernel_name(model, settings))
    if not boot.has(kernel):
        raise FirmwareError(f"{config_name}: no kernel {kernel} for {model.name}.")
    return BootChoice(
        config=config_name,
        prefix=prefix,
        kernel=kernel,
        device_tree=_device_tree(boot, model, settings, prefix),
        cmdline=_joined(prefix, settings.last("cmdline", "cmdline.txt")),
        initramfs=_initramfs(boot, settings, prefix, kernel),
        overlays=tuple(_overlays(boot, settings, prefix)),
        firmware=firmware,
    )


def check_disk(first_partition_type: int, model: Model) -> None:
    """Refuse a disk whose first MBR entry is not FAT32: a CM3 boots nothing else."""
    if first_partition_type not in FAT32_TYPES:
        raise FirmwareError(
            f"first partition has type 0x{first_partition_type:02x}: {model.name} boots only "
            "from a FAT32 partition (0x0b or 0x0c) in the first entry of an MBR."
        )


@dataclass
class Settings:
    """The settings of one config file that apply to one board, in order."""

    values: list[tuple[str, str]]

    @classmethod
    def parse(cls, text: str, model: Model, *, tryboot: bool) -> "Settings":
        """Read a config file as `model` does."""
        applies = _Filters(model, tryboot=tryboot)
        values = []
        for line in _lines(text):
            if line.startswith("["):
                applies.enter(line)
            elif applies() or _setting(line)[0] in UNFILTERED & applies.early:
                values.append(_setting(line))
        return cls(values)

    def last(self, name: str, default: str = "") -> str:
        """Return the value that counts: the last one."""
        return next((v for n, v in reversed(self.values) if n == name), default)

    def on(self, name: str) -> bool:
        """Tell whether a switch is set."""
        return self.last(name, "0") not in {"0", ""}

    @property
    def overlays(self) -> Iterator[str]:
        """Names of the overlays asked for."""
        return (v.split(",")[0] for n, v in self.values if n == "dtoverlay" and v)


class _Filters:
    """Conditional filters: one of a kind replaces its predecessor, kinds are combined."""

    def __init__(self, model: Model, *, tryboot: bool) -> None:
        self._model = model
        self._tryboot = tryboot
        self._state: dict[str, bool] = {}
        self.early = UNFILTERED if model.stage2 else frozenset[str]()

    def __call__(self) -> bool:
        return all(self._state.values())

    def enter(self, line: str) -> None:
        name = line[1 : line.index("]")].strip().lower() if "]" in line else line
        if name == "all":
            self._state.clear()
            return
        kind, passes = self._judge(name)
        self._state[kind] = passes

    def _judge(self, name: str) -> tuple[str, bool]:
        if name == "none":
            return "none", False
        if name == "tryboot":
            return "tryboot", self._tryboot
        if name in MODEL_FILTERS:
            return "model", name in self._model.filters
        if name.startswith("board-type="):
            return "model", int(name.partition("=")[2], 0) == self._model.board_type
        raise FirmwareError(f"[{name}]: a filter this model does not know. Use a board filter.")


def _config_text(boot: BootPartition, name: str) -> str:
    if not boot.has(name):
        return ""  # the firmware then goes by its defaults
    raw = boot.read(name)
    if len(raw) > CONFIG_BYTES_MAX:
        raise FirmwareError(f"{name} is longer than {CONFIG_BYTES_MAX} bytes. Shorten it.")
    return raw.decode("utf-8", "replace")


def _lines(text: str) -> Iterator[str]:
    for raw in text.splitlines():
        line = raw[:LINE_LENGTH_MAX].strip()
        if line and not line.startswith("#"):
            yield line


def _setting(line: str) -> tuple[str, str]:
    if line.split(maxsplit=1)[0] == "initramfs":  # the one setting without "="
        return "initramfs", line.partition(" ")[2].strip()
    name, _, value = line.partition("=")
    return name.strip(), value.strip()


def _firmware_files(boot: BootPartition, model: Model, settings: Settings) -> tuple[str, ...]:
    variant = "x" if settings.on("start_x") else ""
    if settings.last("gpu_mem") == "16":
        variant = "cd"  # the cut-down firmware, without codecs
    tail = f"{'_' if variant and model.start == 'start' else ''}{variant}"
    start = settings.last("start_file", f"{model.start}{tail}.elf")
    fixup = settings.last("fixup_file", f"{model.fixup}{tail}.dat")
    needed = (*model.stage2, start, fixup)
    missing = [name for name in needed if not boot.has(name)]
    if missing:
        raise FirmwareError(f"{model.name} needs {', '.join(missing)} on the boot partition.")
    return needed


def _kernel_name(model: Model, settings: Settings) -> str:
    default = "kernel8.img" if settings.on("arm_64bit") else model.kernel_32bit
    if model.name == "cm4" and settings.last("arm_64bit") == "":
        default = "kernel8.img"  # 64 bits are its default since 2023
    return settings.last("kernel", default)


def _viable_prefix(boot: BootPartition, model: Model, settings: Settings) -> str:
    """Return `os_prefix`, or nothing where the kernel or device tree is not behind it."""
    prefix = settings.last("os_prefix", "upstream/" if settings.on("upstream_kernel") else "")
    kernel = _joined(prefix, _kernel_name(model, settings))
    trees = _device_tree_names(model, settings)
    if boot.has(kernel) and any(boot.has(_joined(prefix, tree)) for tree in trees):
        return prefix
    return ""


def _device_tree_names(model: Model, settings: Settings) -> tuple[str, ...]:
    named = settings.last("device_tree")
    if named:
        return (named,)
    if settings.on("upstream_kernel"):
        return (model.upstream_device_tree, model.device_tree)
    return (model.device_tree,)


def _device_tree(boot: BootPartition, model: Model, settings: Settings, prefix: str) -> str:
    paths = [_joined(prefix, name) for name in _device_tree_names(model, settings)]
    found = next((path for path in paths if boot.has(path)), None)
    if found is None:
        raise FirmwareError(f"no device tree {' or '.join(paths)} for {model.name}.")
    return found


def _overlays(boot: BootPartition, settings: Settings, prefix: str) -> Iterator[str]:
    """Name the overlays' files; they are behind `os_prefix` only where their README is too."""
    folder = settings.last("overlay_prefix", "overlays/")
    own = boot.has(f"{prefix}{folder}README")
    for name in settings.overlays:
        path = f"{prefix if own else ''}{folder}{name}.dtbo"
        if not boot.has(path):
            raise FirmwareError(f"no overlay {path}.")
        yield path


def _initramfs(
    boot: BootPartition, settings: Settings, prefix: str, kernel: str
) -> tuple[str, ...]:
    named = settings.last("initramfs") or settings.last("ramfsfile")
    if named:
        names = named.split(maxsplit=1)[0].split(",")
        paths = tuple(_joined(prefix, name) for name in names)
    elif settings.on("auto_initramfs"):
        folder, _, name = kernel.rpartition("/")
        beside = name.replace("kernel", "initramfs", 1).removesuffix(".img")
        guess = f"{folder}/{beside}" if folder else beside
        return (guess,) if beside != name and boot.has(guess) else ()
    else:
        return ()
    missing = [path for path in paths if not boot.has(path)]
    if missing:
        raise FirmwareError(f"no initramfs {', '.join(missing)}.")
    return paths


def _joined(prefix: str, name: str) -> str:
    """Put `os_prefix` before a name; an absolute one escapes it."""
    return name.lstrip("/") if name.startswith("/") else f"{prefix}{name}"
