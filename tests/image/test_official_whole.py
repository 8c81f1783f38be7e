"""A terminal's image begun with an official one, all the way to a till that sells.

The official image is made here, laid out as Raspberry Pi OS is: a bootable root of Debian's
packages with Raspberry Pi's kernel and what a person at a desk would have, none of a terminal's.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from imagebuilder import digest, disk, firmware
from imagebuilder.bootpartition import BootImage
from imagebuilder.cache import Cache
from imagebuilder.emulator_disk import card
from imagebuilder.pipeline import Pipeline, load_stages
from imagebuilder.plan import Profile, load_plan
from tests.image import layout, raspios_site
from tests.image.archive import Signer
from tests.image.raspios_site import KERNEL, Site
from tests.image.workshop import MemoryReporter
from tests.system.box import Box

pytestmark = [pytest.mark.image, pytest.mark.long]

NAME = "comptoir-raspios-image-bench"
OTHER_KERNEL = "linux-image-6.12.0+rpt-rpi-2712"
OTHER = {"boot/vmlinuz-6.12.0-rpi-2712": b"kernel", "usr/lib/modules/6.12.0-rpi-2712/a": b"x"}
FOR_A_PERSON = ("apt", "nano", "sudo", OTHER_KERNEL)
LITE = Profile(name="lite", packages=FOR_A_PERSON, variables={})
ROOT_MIB = 1536


@dataclass(frozen=True)
class Made:
    """The official image, what `image/build` left of it, and what it said."""

    official: Path
    dist: Path
    said: list[str]

    @property
    def image(self) -> Path:
        return self.dist / f"{NAME}.img.zst"

    def told(self, ending: str) -> Any:
        return json.loads((self.dist / f"{NAME}.{ending}").read_text())


@pytest.fixture(scope="module")
def made(signer: Signer) -> Iterator[Made]:
    """Make the official image, then the terminal's of it."""
    with raspios_site.site(signer, {OTHER_KERNEL: OTHER}) as site:
        image = make_official(site)
        said = site.build("--base", image)
        yield Made(image, site.dist, said)


def make_official(site: Site) -> Path:
    """Let the builder's own first stages make the root, without roles and boards."""
    plan = load_plan(site.checkout, base="raspios", profile="bench")
    only = replace(plan, profile=LITE, profiles=(LITE,), boards={}, roles=(), role_packages={})
    pipeline = Pipeline(only, Cache.default(), MemoryReporter(), load_stages(("lock", "rootfs")))
    tree = pipeline.run()["rootfs"] / "tree"
    own(tree)
    return layout.make(site.folder / "2026-01-01-raspios-lite.img", tree, root_mib=ROOT_MIB)


def own(tree: Path) -> None:
    """Set what the maker of an official image sets, for a computer of somebody's own."""
    for name, line in (
        ("etc/passwd", "pi:x:1000:1000::/home/pi:/bin/bash\n"),
        ("etc/group", "pi:x:1000:\n"),
        ("etc/shadow", "pi:$y$j9T$x$y:20000:0:99999:7:::\n"),
        ("etc/fstab", "PARTUUID=0badcafe-01 /boot/firmware vfat defaults 0 2\n"),
        ("etc/hostname", "raspberrypi\n"),
        ("boot/initrd.img-6", "of another kernel"),
        ("usr/share/doc/nano/README", "to read"),
    ):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        with (tree / name).open("a") as file:
            file.write(line)
    home = tree / "home/pi"
    home.mkdir(parents=True)
    (home / ".bashrc").write_text("alias ll='ls -l'\n")


def test_lines_names_and_manifest_say_what_it_was_begun_with(made: Made) -> None:
    said = [line for line in made.said if line.startswith("base ") or "the image is in" in line]
    assert said[0].startswith(f"base raspios-image: {made.official.name}; ")
    assert "base raspios-image; check it with" in said[-1] == made.said[-1]
    manifest = made.told("manifest.json")
    assert manifest["official"] == f"{made.official.name} {digest.of_file(made.official)}"
    assert set(FOR_A_PERSON) <= set(manifest["taken_out"])


def test_the_bill_of_materials_has_what_was_there_and_what_was_added(made: Made) -> None:
    packages = {one["name"]: one for one in made.told("spdx.json")["packages"]}
    assert {"mosquitto", "flask", KERNEL, "systemd"} <= set(packages)
    assert not set(FOR_A_PERSON) & set(packages)
    assert "checksums" in packages["mosquitto"]
    assert "checksums" not in packages["systemd"]  # no lock has it: it came with the image


def test_nothing_of_its_maker_is_in_the_tree(made: Made) -> None:
    assert made.image.exists()
    (tree,) = (Cache.default().root / "stages/configure").glob("*/tree")
    for name in ("passwd", "group", "shadow"):
        assert "pi:" not in (tree / "etc" / name).read_text()
    assert list((tree / "home").iterdir()) == []
    assert "0badcafe" not in (tree / "etc/fstab").read_text()
    assert not (tree / "usr/share/doc/nano").exists()
    assert (tree / "usr/bin/su").stat().st_mode & 0o4000
    assert [path.name for path in (tree / "usr/lib/modules").glob("*rpi-2712*")] == []


@pytest.mark.parametrize("board", ["cm3", "cm4"])
def test_both_boards_take_their_files_from_slot_a(made: Made, tmp_path: Path, board: str) -> None:
    image = card(made.image, tmp_path / "disk.img")
    boot = BootImage(image, disk.primary_partitions(image)[0].start)
    choice = firmware.choose(boot, firmware.MODELS[board])
    assert choice.kernel == "slot-a/vmlinuz"
    assert choice.device_tree.startswith("slot-a/bcm27")


def test_it_boots_and_sells(made: Made, tmp_path: Path) -> None:
    box = Box("cm4", made.image, tmp_path / "box")
    try:
        box.start()
        box.sign_in()
        assert box.console.run("systemctl --failed --no-legend --plain") == ""
        assert box.console.run("findmnt -n -o FSTYPE /") == "erofs"
    finally:
        box.kill()
