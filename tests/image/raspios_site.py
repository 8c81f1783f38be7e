"""A Raspberry Pi archive of Debian's packages, and a checkout that knows it, for whole builds.

The archive has Raspberry Pi's package names and layout; what is in them is Debian's kernel and
firmware, so folders inside bear Debian's kernel release, which the running kernel asks for.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from imagebuilder import lockfile
from imagebuilder.cache import Cache
from imagebuilder.plan import load_plan
from imagebuilder.pool import Pool
from tests.image.archive import Archive, Signer
from tests.image.mirror import serve
from tests.image.raspberry import REPO, add_keyring
from tests.lint.tracked import tracked

URI = "http://archive.raspberrypi.com/debian"
FINGERPRINT = "CF8A 1AF5 02A2 AA2D 763B AE7E 82B1 2992 7FA3 303E"
KERNEL = "linux-image-6.12.0+rpt-rpi-v8"
VERSION = "1:6.12.0-1+rpt1"
TREES = {  # Raspberry Pi's name: Debian's
    "bcm2710-rpi-cm3.dtb": "bcm2837-rpi-cm3-io3.dtb",
    "bcm2711-rpi-cm4.dtb": "bcm2711-rpi-cm4-io.dtb",
}
OVERLAYS = ("README", "overlay_map.dtb", "vc4-kms-v3d.dtbo", "vc4-kms-v3d-pi4.dtbo")
Files = Mapping[str, Mapping[str, bytes]]  # of packages, by their names


@dataclass(frozen=True)
class Site:
    """A folder with a cache of its own, the archive's host, and the checkout that names it."""

    folder: Path
    host: str
    checkout: Path

    def build(self, *arguments: str | Path) -> list[str]:
        """Run `image/build` into dist/ of the folder; return what it said."""
        argv = [self.checkout / "image/build", "--profile", "bench", "--out", self.dist, *arguments]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stderr.splitlines()

    @property
    def dist(self) -> Path:
        return self.folder / "dist"


@contextmanager
def site(signer: Signer, more: Files | None = None) -> Iterator[Site]:
    """Serve the archive with `more` packages; the pool has links to what was downloaded before."""
    usual = Cache.default()
    usual.root.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="raspios-", dir=usual.root.parent))
    try:
        with pytest.MonkeyPatch.context() as patch, serve(folder / "served") as uri:
            patch.setenv("XDG_CACHE_HOME", str(folder))
            Cache.default().root.mkdir()
            if usual.pool.is_dir():
                subprocess.run(["cp", "-al", usual.pool, Cache.default().pool], check=True)
            fill(folder / "served/debian", signer, more or {})
            checkout = copy(folder / "checkout", f"{uri}/debian", signer.fingerprint)
            yield Site(folder, uri.removeprefix("http://"), checkout)
    finally:
        shutil.rmtree(folder)


def fill(root: Path, signer: Signer, more: Files) -> None:
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
    for name, files in more.items():
        archive.add(name, files)
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
