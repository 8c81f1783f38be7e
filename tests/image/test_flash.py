import json
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from imagebuilder import digest, disk, flash, signing
from imagebuilder.errors import BuildError
from tests.image.workshop import MemoryReporter

ENROLMENT = {"terminal": {"id": "t2", "letter": "B", "name": "Bar"}}


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """A disk with an empty FAT where the boot partition is."""
    path, part = tmp_path / "card.img", disk.partition("boot")
    with path.open("wb") as file:
        file.truncate(part.start + part.size)
    offset = str(part.start // 512)
    argv = ["/sbin/mkfs.vfat", "-F32", "--offset", offset, str(path), str(part.size // 1024)]
    subprocess.run(argv, check=True, capture_output=True)
    return path


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key.pem"
    private = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private)
    return path


@pytest.fixture
def image(tmp_path: Path, key: Path) -> Path:
    path = tmp_path / "x.img.zst"
    path.write_bytes(b"image")
    entry = {"name": path.name, "sha256": digest.of_file(path), "size": 5}
    manifest = tmp_path / "x.manifest.json"
    manifest.write_text(json.dumps({"artefacts": [entry]}))
    manifest.with_name(manifest.name + ".sig").write_bytes(signing.sign(manifest, key))
    return path


def enrolment(folder: Path, value: object) -> Path:
    path = folder / "enrol.json"
    path.write_text(json.dumps(value))
    return path


def test_the_enrolment_is_on_the_boot_partition(card: Path, tmp_path: Path) -> None:
    data = flash.read_enrolment(enrolment(tmp_path, ENROLMENT))
    flash.place_enrolment(data, card)
    drive = f"{card}@@{disk.partition('boot').start}"
    argv = ["mtype", "-i", drive, f"::/{flash.ENROL_NAME}"]
    read = subprocess.run(argv, check=True, capture_output=True).stdout
    assert json.loads(read) == ENROLMENT


@pytest.mark.parametrize("value", [{"terminl": {}}, [], "text"])
def test_an_enrolment_with_an_unknown_key_is_refused(tmp_path: Path, value: object) -> None:
    with pytest.raises(BuildError, match="not an enrolment"):
        flash.read_enrolment(enrolment(tmp_path, value))


def test_an_enrolment_that_is_no_json_is_told(tmp_path: Path) -> None:
    path = tmp_path / "enrol.json"
    path.write_text("{")
    with pytest.raises(BuildError, match="cannot be read"):
        flash.read_enrolment(path)


def test_a_card_without_a_boot_partition_is_told(tmp_path: Path) -> None:
    empty = tmp_path / "card.img"
    empty.write_bytes(bytes(8 << 20))
    with pytest.raises(BuildError, match="not written"):
        flash.place_enrolment(b"{}", empty)


def test_a_signed_image_passes(image: Path, key: Path) -> None:
    reporter = MemoryReporter()
    flash.check_signature(image, key, reporter)
    assert "signature holds" in reporter.lines[0]


def test_an_image_changed_after_signing_is_refused(image: Path, key: Path) -> None:
    image.write_bytes(b"other")
    with pytest.raises(BuildError, match="not the one that was signed"):
        flash.check_signature(image, key, MemoryReporter())


def test_an_image_that_the_manifest_does_not_name_is_refused(image: Path, key: Path) -> None:
    other = image.with_name("x.img")
    other.write_bytes(b"other")
    with pytest.raises(BuildError, match="does not speak of this image"):
        flash.check_signature(other, key, MemoryReporter())


def test_without_a_manifest_it_is_said_that_nobody_vouches(tmp_path: Path) -> None:
    reporter = MemoryReporter()
    flash.check_signature(tmp_path / "y.img.zst", None, reporter)
    assert "nobody vouches" in reporter.lines[0]


def test_the_block_map_lies_beside_the_image() -> None:
    assert flash.beside(Path("dist/x.img.zst"), ".bmap") == Path("dist/x.bmap")
    assert flash.beside(Path("dist/x.img"), ".bmap") == Path("dist/x.bmap")
