"""An image of base raspios from a local archive, all the way to a till that sells."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from imagebuilder import disk, firmware
from imagebuilder.bootpartition import BootImage
from imagebuilder.emulator_disk import card
from tests.image import raspios_site
from tests.image.archive import Signer
from tests.image.raspberry import KEYRING
from tests.image.raspios_site import KERNEL
from tests.system.box import Box

pytestmark = [pytest.mark.image, pytest.mark.long]

NAME = "comptoir-raspios-bench"


@dataclass(frozen=True)
class Made:
    """What `image/build` left, and what it said."""

    dist: Path
    host: str
    said: list[str]

    @property
    def image(self) -> Path:
        return self.dist / f"{NAME}.img.zst"


@pytest.fixture(scope="module")
def made(signer: Signer) -> Iterator[Made]:
    """Build without a word about the base, in a checkout that knows the archive's address."""
    with raspios_site.site(signer) as site:
        said = site.build()
        yield Made(site.dist, site.host, said)


def test_first_and_last_line_file_names_and_manifest_say_the_base(made: Made) -> None:
    said = [line for line in made.said if line.startswith("base ") or "the image is in" in line]
    assert said[0] == f"base raspios: {made.host} answers"
    assert "base raspios; check it with" in said[-1] == made.said[-1]
    endings = [".bmap", ".img.zst", ".manifest.json", ".manifest.json.sig", ".raucb", ".spdx.json"]
    assert sorted(path.name for path in made.dist.iterdir()) == [NAME + one for one in endings]
    assert json.loads((made.dist / f"{NAME}.manifest.json").read_text())["base"] == "raspios"


def test_kernel_firmware_and_keyring_are_raspberry_pis_and_the_rest_is_debians(made: Made) -> None:
    packages = json.loads((made.dist / f"{NAME}.spdx.json").read_text())["packages"]
    purls = {one["externalRefs"][0]["referenceLocator"].partition("@")[0] for one in packages}
    theirs = ("linux-image-rpi-v8", KERNEL, "raspi-firmware", "firmware-brcm80211", KEYRING)
    assert {one for one in purls if "/raspberrypi/" in one} == {
        f"pkg:deb/raspberrypi/{name}" for name in theirs
    }
    assert "pkg:deb/debian/systemd" in purls
    assert "pkg:deb/debian/linux-image-arm64" not in purls


@pytest.mark.parametrize(
    ("board", "tree"), [("cm3", "bcm2710-rpi-cm3.dtb"), ("cm4", "bcm2711-rpi-cm4.dtb")]
)
def test_both_boards_take_their_files_from_slot_a(
    made: Made, tmp_path: Path, board: str, tree: str
) -> None:
    image = card(made.image, tmp_path / "disk.img")
    boot = BootImage(image, disk.primary_partitions(image)[0].start)
    choice = firmware.choose(boot, firmware.MODELS[board])
    assert choice.device_tree == f"slot-a/{tree}"
    assert choice.overlays == ("slot-a/overlays/vc4-kms-v3d.dtbo",)
    assert choice.kernel == "slot-a/vmlinuz"


def test_it_boots_and_sells(made: Made, tmp_path: Path) -> None:
    box = Box("cm4", made.image, tmp_path / "box")
    try:
        box.start()
        box.sign_in()
        known = box.console.run(
            r"dpkg-query -W -f '${db:Status-Status} ${Package}\n' 'linux-image-*'"
        )
        installed = [line for line in known.splitlines() if line.startswith("installed ")]
        assert installed == [f"installed {name}" for name in (KERNEL, "linux-image-rpi-v8")]
        assert box.console.run("findmnt -n -o FSTYPE /") == "erofs"
    finally:
        box.kill()
