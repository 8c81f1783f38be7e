"""The Raspberry Pi archive in small: its package names and layout, signed by a test's own key."""

from dataclasses import dataclass, replace
from pathlib import Path

from imagebuilder import base
from imagebuilder.base import Base, Key, Source
from tests.image.archive import Archive, Signer

REPO = Path(__file__).parents[2]
KEYRING = "raspberrypi-archive-keyring"
KERNEL = "6.18.39+rpt-rpi-v8"


@dataclass(frozen=True)
class Raspberry:
    """The archive on a loopback server, and the base that names it."""

    archive: Archive
    signer: Signer
    uri: str

    @property
    def source(self) -> Source:
        """The archive as a base names it."""
        key = Key(KEYRING, self.signer.fingerprint)
        return Source(self.uri, ("trixie",), ("main",), "raspberrypi", key)

    @property
    def base(self) -> Base:
        """The project's own base, of this archive alone."""
        found = base.load(REPO / "image/bases/raspios.yaml")
        return replace(found, sources=(self.source,))

    def with_key(self, fingerprint: str) -> Base:
        """Return the base with another fingerprint."""
        key = Key(KEYRING, fingerprint)
        return replace(self.base, sources=(replace(self.source, key=key),))


def make(folder: Path, uri: str, signer: Signer) -> Raspberry:
    """Fill `folder`/debian with small packages, and sign them."""
    archive = Archive(folder / "debian")
    image = f"linux-image-{KERNEL}"
    archive.add("linux-image-rpi-v8", depends=image)
    archive.add(image, {f"boot/vmlinuz-{KERNEL}": b"kernel"})
    archive.add("raspi-firmware", {"usr/lib/raspi-firmware/start4.elf": b"blob"}, version="1:1+x")
    archive.add("firmware-brcm80211", {"usr/lib/firmware/brcm/a.bin": b"blob"})
    add_keyring(archive, signer)
    archive.publish(signer)
    return Raspberry(archive, signer, f"{uri}/debian")


def add_keyring(archive: Archive, *signers: Signer) -> None:
    """Put in the keyring package with the keys of these."""
    name = "usr/share/keyrings/raspberrypi-archive-keyring.pgp"
    archive.add(KEYRING, {name: b"".join(one.public() for one in signers)})
