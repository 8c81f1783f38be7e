"""A small whole image: partition table, a boot partition that takes files, and a gap."""

import hashlib
import json
import subprocess
from pathlib import Path

import zstandard
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from imagebuilder import digest, disk, signing
from imagebuilder.flashing.blocks import BlockMap
from imagebuilder.flashing.image import Image

BLOCK = 4096
MIB = 1 << 20
BOOT_AT, BOOT_SIZE, SIZE = MIB, 2 * MIB, 6 * MIB
ROOT_AT = 4 * MIB
ROOT = b"root".ljust(MIB // 2, b".")
BMAP = """<?xml version="1.0" ?>
<bmap version="2.0">
  <ImageSize> {size} </ImageSize> <BlockSize> 4096 </BlockSize> <BlocksCount> {count} </BlocksCount>
  <BlockMap>{ranges}</BlockMap>
</bmap>
"""


def content() -> bytes:
    """Return what an image holds."""
    table = bytearray(BLOCK)
    entry = (0, b"\0\0\0", disk.FAT32_LBA, b"\0\0\0", BOOT_AT // 512, BOOT_SIZE // 512)
    disk.ENTRY.pack_into(table, disk.TABLE_AT, *entry)
    table[510:512] = b"\x55\xaa"
    return bytes(table)


def make_image(folder: Path) -> Path:
    """Make x.img.zst with x.bmap in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    raw = folder / "raw"
    with raw.open("wb") as file:
        file.write(content())
        file.truncate(SIZE)
    offset = str(BOOT_AT // 512)
    argv = ["/sbin/mkfs.vfat", "-F12", "--offset", offset, "-i", "c0ffee00", "--invariant",
            str(raw), str(BOOT_SIZE // 1024)]  # fmt: skip
    subprocess.run(argv, check=True, capture_output=True)
    with raw.open("r+b") as file:
        file.seek(ROOT_AT)
        file.write(ROOT)
    data = raw.read_bytes()
    raw.unlink()
    ranges = [(0, BLOCK), (BOOT_AT, BOOT_AT + BOOT_SIZE), (ROOT_AT, ROOT_AT + len(ROOT))]
    (folder / "x.bmap").write_text(bmap(data, ranges))
    image = folder / "x.img.zst"
    image.write_bytes(zstandard.ZstdCompressor().compress(data))
    return image


def bmap(data: bytes, ranges: list[tuple[int, int]]) -> str:
    rows = [
        f'<Range chksum="{hashlib.sha256(data[start:end]).hexdigest()}">'
        f" {start // BLOCK}-{end // BLOCK - 1} </Range>"
        for start, end in ranges
    ]
    return BMAP.format(size=len(data), count=len(data) // BLOCK, ranges="".join(rows))


def read_image(folder: Path) -> Image:
    path = make_image(folder)
    return Image(path, BlockMap.read(folder / "x.bmap"))


def make_key(folder: Path) -> Path:
    path = folder / "key.pem"
    private = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private)
    return path


def sign(image: Path, key: Path, *endings: str) -> None:
    """Write a manifest of the image and its block map, and sign it."""
    named = [image, image.with_name("x.bmap")]
    entries = [{"name": p.name, "sha256": digest.of_file(p), "size": p.stat().st_size}
               for p in named if not endings or p.name.endswith(endings)]  # fmt: skip
    manifest = image.with_name("x.manifest.json")
    manifest.write_text(json.dumps({"artefacts": entries}))
    manifest.with_name(manifest.name + ".sig").write_bytes(signing.sign(manifest, key))


def has_root(disk_content: bytes) -> bool:
    """Tell whether all that an image has is there."""
    return disk_content[510:512] == b"\x55\xaa" and disk_content[ROOT_AT:].startswith(ROOT)


def enrolled(target: Path) -> bytes:
    """Read the enrolment off a card."""
    drive = f"{target}@@{BOOT_AT}"
    argv = ["mtype", "-i", drive, "::/comptoir-enrol.json"]
    return subprocess.run(argv, check=True, capture_output=True).stdout
