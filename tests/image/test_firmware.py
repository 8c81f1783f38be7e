"""The table of cases is the documentation's, see the sources named in `imagebuilder.firmware`."""

from collections.abc import Iterable

import pytest

from imagebuilder.firmware import MODELS, BootChoice, FirmwareError, check_disk, choose

FIRMWARE = ("bootcode.bin", "start.elf", "fixup.dat", "start4.elf", "fixup4.dat")
CM3, CM4 = MODELS["cm3"], MODELS["cm4"]
SLOT_A = (
    "slot-a/vmlinuz",
    "slot-a/initrd.img",
    "slot-a/cmdline.txt",
    "slot-a/cm3.dtb",
    "slot-a/cm4.dtb",
)
SLOT_B = tuple(name.replace("slot-a", "slot-b") for name in SLOT_A)
OURS = """\
arm_64bit=1
upstream_kernel=1
os_prefix={slot}/
kernel=vmlinuz
initramfs initrd.img followkernel
[pi3]
device_tree=cm3.dtb
[cm4]
device_tree=cm4.dtb
[all]
"""


class Card:
    """A boot partition in memory."""

    def __init__(self, names: Iterable[str] = (), **texts: str) -> None:
        self._files = dict.fromkeys((*FIRMWARE, *names), b"")
        for name, text in texts.items():
            self._files[f"{name}.txt"] = text.encode()

    def has(self, path: str) -> bool:
        return path in self._files

    def read(self, path: str) -> bytes:
        return self._files[path]

    def without(self, name: str) -> "Card":
        del self._files[name]
        return self


def ours(**texts: str) -> Card:
    texts = {"config": OURS.format(slot="slot-a"), "tryboot": OURS.format(slot="slot-b"), **texts}
    return Card((*SLOT_A, *SLOT_B), **texts)


@pytest.mark.parametrize(
    ("board", "tryboot", "slot"),
    [
        ("cm3", False, "slot-a"),
        ("cm3", True, "slot-b"),
        ("cm4", False, "slot-a"),
        ("cm4", True, "slot-b"),
    ],
)
def test_our_two_files_choose_the_slot_and_the_boards_device_tree(
    board: str, tryboot: bool, slot: str
) -> None:
    choice = choose(ours(), MODELS[board], tryboot=tryboot)
    assert choice.prefix == f"{slot}/"
    assert choice.kernel == f"{slot}/vmlinuz"
    assert choice.initramfs == (f"{slot}/initrd.img",)
    assert choice.device_tree == f"{slot}/{board}.dtb"
    assert choice.cmdline == f"{slot}/cmdline.txt"


def test_without_autoboot_the_flag_reads_tryboot_instead_of_config() -> None:
    card = ours(config="kernel=nowhere")
    assert choose(card, CM4, tryboot=True).config == "tryboot.txt"
    with pytest.raises(FirmwareError, match="nowhere"):
        choose(card, CM4)


def test_autoboot_is_refused_because_a_cm3_fails_with_it() -> None:
    with pytest.raises(FirmwareError, match=r"autoboot\.txt"):
        choose(ours(autoboot="[all]\nboot_partition=1"), CM3)


def choice_of(config: str, names: tuple[str, ...], model: str = "cm3") -> BootChoice:
    return choose(Card(names, config=config), MODELS[model])


@pytest.mark.parametrize(
    ("config", "model", "kernel"),
    [
        ("", "cm3", "kernel7.img"),
        ("arm_64bit=1", "cm3", "kernel8.img"),
        ("arm_64bit=0", "cm4", "kernel7l.img"),
        ("", "cm4", "kernel8.img"),
        ("kernel=k", "cm3", "k"),
        ("kernel=a\nkernel=b", "cm3", "b"),
        ("[cm4]\nkernel=a\n[all]\nkernel=k", "cm3", "k"),
        ("kernel=k\n[cm4]\nkernel=a", "cm3", "k"),
        ("kernel=k\n[cm4]\nkernel=a", "cm4", "a"),
        ("[pi4]\nkernel=a", "cm4", "a"),
        ("[pi3+]\nkernel=a\n[pi3]\nkernel=k", "cm3", "k"),
        ("[board-type=0x14]\nkernel=a", "cm4", "a"),
        ("kernel=k\n[board-type=0x14]\nkernel=a", "cm3", "k"),
        ("kernel=k\n[none]\nkernel=a\n[all]", "cm3", "k"),
        ("kernel=k\n[tryboot]\nkernel=a", "cm3", "k"),
        ("# kernel=a\n\n  kernel=k", "cm3", "k"),
        ("kernel=/k", "cm3", "k"),
    ],
)
def test_the_last_setting_that_applies_names_the_kernel(
    config: str, model: str, kernel: str
) -> None:
    trees = ("bcm2710-rpi-cm3.dtb", "bcm2711-rpi-cm4.dtb")
    names = ("kernel7.img", "kernel7l.img", "kernel8.img", "a", "b", "k", *trees)
    assert choice_of(config, names, model).kernel == kernel


def test_filters_of_different_kinds_are_combined() -> None:
    config = "kernel=k\n[tryboot]\n[pi3]\nkernel=a\n[all]"
    card = Card(("k", "a", "bcm2710-rpi-cm3.dtb"), config=config, tryboot=config)
    assert choose(card, CM3).kernel == "k"
    assert choose(card, CM3, tryboot=True).kernel == "a"


def test_a_line_ends_after_98_characters() -> None:
    name = "k" * 120
    names = ("k" * 91, "bcm2710-rpi-cm3.dtb")  # "kernel=" takes 7
    assert choice_of(f"kernel={name}", names).kernel == "k" * 91


@pytest.mark.parametrize("missing", ["slot-a/vmlinuz", "slot-a/cm3.dtb"])
def test_a_prefix_without_kernel_or_device_tree_is_ignored(missing: str) -> None:
    card = Card((*SLOT_A, "vmlinuz", "cm3.dtb", "initrd.img"), config=OURS.format(slot="slot-a"))
    choice = choose(card.without(missing), CM3)
    assert (choice.prefix, choice.kernel, choice.cmdline) == ("", "vmlinuz", "cmdline.txt")


def test_an_absolute_path_escapes_the_prefix() -> None:
    config = OURS.format(slot="slot-a") + "cmdline=/shared.txt\n"
    assert choose(Card(SLOT_A, config=config), CM3).cmdline == "shared.txt"


@pytest.mark.parametrize(
    ("config", "names", "tree"),
    [
        ("", ("bcm2710-rpi-cm3.dtb", "bcm2837-rpi-cm3-io3.dtb"), "bcm2710-rpi-cm3.dtb"),
        (
            "upstream_kernel=1",
            ("bcm2710-rpi-cm3.dtb", "bcm2837-rpi-cm3-io3.dtb"),
            "bcm2837-rpi-cm3-io3.dtb",
        ),
        ("upstream_kernel=1", ("bcm2710-rpi-cm3.dtb",), "bcm2710-rpi-cm3.dtb"),
        ("device_tree=x.dtb", ("x.dtb", "bcm2710-rpi-cm3.dtb"), "x.dtb"),
    ],
)
def test_the_device_tree_is_the_named_one_or_the_boards(
    config: str, names: tuple[str, ...], tree: str
) -> None:
    assert choice_of(config, ("kernel7.img", *names)).device_tree == tree


def test_upstream_kernel_brings_a_prefix_of_its_own() -> None:
    names = ("upstream/kernel7.img", "upstream/bcm2837-rpi-cm3-io3.dtb", "kernel7.img")
    assert choice_of("upstream_kernel=1", names).prefix == "upstream/"


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("", ()),
        ("initramfs one followkernel", ("one",)),
        ("initramfs one,two 0x00800000", ("one", "two")),
        ("ramfsfile=one", ("one",)),
        ("kernel=kernel8.img\nauto_initramfs=1", ("initramfs8",)),
        ("kernel=k\nauto_initramfs=1", ()),
    ],
)
def test_the_initramfs_is_named_or_found_beside_the_kernel(
    config: str, expected: tuple[str, ...]
) -> None:
    trees = ("bcm2710-rpi-cm3.dtb",)
    names = ("kernel7.img", "kernel8.img", "k", "one", "two", "initramfs8", *trees)
    assert choice_of(config, names).initramfs == expected


def test_a_named_initramfs_that_is_missing_is_told() -> None:
    with pytest.raises(FirmwareError, match=r"slot-a/initrd\.img"):
        choose(ours().without("slot-a/initrd.img"), CM3)


@pytest.mark.parametrize("name", ["bootcode.bin", "start.elf", "fixup.dat"])
def test_a_cm3_needs_its_second_stage_on_the_card_and_a_cm4_does_not(name: str) -> None:
    card = ours().without(name)
    with pytest.raises(FirmwareError, match=name):
        choose(card, CM3)
    assert choose(card, CM4).kernel


@pytest.mark.parametrize(
    ("config", "file"), [("start_x=1", "start_x.elf"), ("gpu_mem=16", "start_cd.elf")]
)
def test_camera_and_cut_down_firmware_have_files_of_their_own(config: str, file: str) -> None:
    with pytest.raises(FirmwareError, match=file):
        choose(ours(config=config), CM3)


def test_bootcode_of_a_cm3_knows_no_filters() -> None:
    config = "[cm4]\ngpu_mem=16\n[all]\n" + OURS.format(slot="slot-a")
    with pytest.raises(FirmwareError, match=r"start_cd\.elf"):
        choose(ours(config=config), CM3)


def test_what_is_not_modelled_is_refused_by_name() -> None:
    with pytest.raises(FirmwareError, match="gpio4=1"):
        choose(ours(config="[gpio4=1]\nkernel=a"), CM3)


def test_a_config_beyond_four_kilobytes_is_refused() -> None:
    with pytest.raises(FirmwareError, match="longer than 4096"):
        choose(ours(config="#" * 5000), CM3)


OVERLAY = OURS.format(slot="slot-a") + "dtoverlay=disable-bt,x=1\n"


def test_overlays_are_taken_from_behind_the_prefix_where_their_readme_is() -> None:
    own = ("slot-a/overlays/README", "slot-a/overlays/disable-bt.dtbo")
    shared = ("overlays/disable-bt.dtbo",)
    assert choose(Card((*SLOT_A, *own, *shared), config=OVERLAY), CM3).overlays == own[1:]
    assert choose(Card((*SLOT_A, own[1], *shared), config=OVERLAY), CM3).overlays == shared


def test_an_overlay_that_is_not_there_is_refused() -> None:
    with pytest.raises(FirmwareError, match=r"no overlay overlays/disable-bt\.dtbo"):
        choose(Card(SLOT_A, config=OVERLAY), CM3)


@pytest.mark.parametrize("kind", [0x0B, 0x0C])
def test_a_disk_that_begins_with_fat32_boots(kind: int) -> None:
    check_disk(kind, CM3)


@pytest.mark.parametrize("kind", [0xEE, 0x83, 0x0E])
def test_a_disk_that_begins_with_anything_else_is_refused(kind: int) -> None:
    with pytest.raises(FirmwareError, match=f"0x{kind:02x}"):
        check_disk(kind, CM3)
