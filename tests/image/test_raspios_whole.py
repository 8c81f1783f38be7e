"""An image of base raspios from a local archive, all the way to a till that sells in the emulator.

The archive has Raspberry Pi's package names and layout; what is in them is Debian's kernel and
firmware, so folders inside bear Debian's kernel release, which the running kernel asks for.
"""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from imagebuilder import disk, firmware, lockfile
from imagebuilder.bootpartition import BootImage
from imagebuilder.cache import Cache
from imagebuilder.emulator_disk import card
from imagebuilder.plan import load_plan
from imagebuilder.pool import Pool
from tests.image.archive import Archive, Signer
from tests.image.mirror import serve
from tests.image.raspberry import KEYRING, REPO, add_keyring
from tests.lint.tracked import tracked
from tests.system.box import Box

pytestmark = [pytest.mark.image, pytest.mark.long]

URI = "http://archive.raspberrypi.com/debian"
FINGERPRINT = "CF8A 1AF5 02A2 AA2D 763B AE7E 82B1 2992 7FA3 303E"
NAME = "comptoir-raspios-bench"
KERNEL = "linux-image-6.12.0+rpt-rpi-v8"
VERSION = "1:6.12.0-1+rpt1"
TREES = {  # Raspberry Pi's name: Debian's
    "bcm2710-rpi-cm3.dtb": "bcm2837-rpi-cm3-io3.dtb",
    "bcm2711-rpi-cm4.dtb": "bcm2711-rpi-cm4-io.dtb",
}
OVERLAYS = ("README", "overlay_map.dtb", "vc4-kms-v3d.dtbo", "vc4-kms-v3d-pi4.dtbo")


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
def folder() -> Iterator[Path]:
    """A folder with a cache of its own, whose pool has links to what this machine downloaded."""
    usual = Cache.default()
    usual.root.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="raspios-", dir=usual.root.parent))
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_CACHE_HOME", str(made))
            Cache.default().root.mkdir()
            if usual.pool.is_dir():
                subprocess.run(["cp", "-al", usual.pool, Cache.default().pool], check=True)
            yield made
    finally:
        shutil.rmtree(made)


@pytest.fixture(scope="module")
def made(folder: Path, signer: Signer) -> Iterator[Made]:
    """Build without a word about the base, in a checkout that knows the archive's address."""
    fill(folder / "served/debian", signer)
    with serve(folder / "served") as uri:
        checkout = copy(folder / "checkout", f"{uri}/debian", signer.fingerprint)
        dist = folder / "dist"
        argv: list[str | Path] = [checkout / "image/build", "--profile", "bench", "--out", dist]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        said = done.stderr.splitlines()
        yield Made(dist, uri.removeprefix("http://"), said)


def fill(root: Path, signer: Signer) -> None:
    """Make the packages, of those of Debian's that the project's own lock has."""
    archive, pool = Archive(root), Pool(Cache.default().pool)
    debian = load_plan(REPO, base="debian", profile="bench")
    locked = {one.name: one for one in lockfile.read(debian.lock_file).packages}
    kernel = next(name for name in locked if name.startswith("linux-image-6"))
    names = (kernel, "raspi-firmware", "firmware-brcm80211")
    pool.fetch((locked[name].blob(debian.base) for name in names), lambda *_: None)
    debs = {name: pool.path(locked[name].sha256) for name in names}
    archive.repack(debs[kernel], name=KERNEL, version=VERSION, change=as_raspberrys)
    archive.add("linux-image-rpi-v8", version=VERSION, depends=KERNEL)
    for name in names[1:]:
        archive.repack(debs[name], name=name, version=f"1:{locked[name].version}+rpt1")
    add_keyring(archive, signer)
    archive.publish(signer)


def as_raspberrys(tree: Path) -> None:
    """Name the device trees as Raspberry Pi does, and lay overlays beside them."""
    (folder,) = tree.glob("usr/lib/linux-image-*")
    for theirs, of_debian in TREES.items():
        shutil.copyfile(folder / "broadcom" / of_debian, folder / "broadcom" / theirs)
        (folder / "broadcom" / of_debian).unlink()
    (folder / "overlays").mkdir()
    for name in OVERLAYS:
        (folder / "overlays" / name).write_text(f"{name}: nothing applies it in an emulator\n")


def copy(to: Path, uri: str, fingerprint: str) -> Path:
    """Copy the checkout and tell the base where the archive is and who signs it."""
    for file in tracked():
        (to / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, to / file, follow_symlinks=False)
    (to / ".venv").symlink_to(REPO / ".venv")
    path = to / "image/bases/raspios.yaml"
    text = path.read_text()
    assert text.count(URI) == text.count(FINGERPRINT) == 1
    path.write_text(text.replace(URI, uri).replace(FINGERPRINT, fingerprint))
    return to


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
        installed = box.console.run("dpkg-query -W -f '${Package} ' 'linux-image-*'")
        assert installed.split() == [KERNEL, "linux-image-rpi-v8"]
        assert box.console.run("findmnt -n -o FSTYPE /") == "erofs"
    finally:
        box.kill()
