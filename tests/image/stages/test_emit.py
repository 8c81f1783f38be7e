import json
from pathlib import Path

import pytest

from imagebuilder import digest
from imagebuilder.flashing.blocks import BlockMap, read_back, write
from imagebuilder.flashing.medium import FileMedium
from imagebuilder.sbom import Component
from imagebuilder.stages import emit
from imagebuilder.work import Work
from tests.image.workshop import work

OPTIONS = emit.Options(base="debian", profile="terminal", version="1.0", source_date=5)


@pytest.fixture
def surroundings(tmp_path: Path) -> Work:
    for name in ("lock", "assemble"):
        (tmp_path / name).mkdir()
    listed = {"debian": [], "python": [], "renewed": ["~ dash 1 → 2"], "unneeded": ["nano"]}
    for name, value in listed.items():
        (tmp_path / "lock" / f"{name}.json").write_text(json.dumps(value))
    (tmp_path / "assemble" / "root.erofs").write_bytes(b"x" * 7)
    made = work(tmp_path, lock=tmp_path / "lock", assemble=tmp_path / "assemble")
    (made.result / "comptoir-debian-terminal.img.zst").write_bytes(b"image")
    return made


def test_the_manifest_has_checksum_base_lock_and_what_was_not_as_locked(
    surroundings: Work,
) -> None:
    image = surroundings.result / "comptoir-debian-terminal.img.zst"
    said = emit.manifest(surroundings, OPTIONS, [])
    assert said["artefacts"] == [
        {"name": image.name, "sha256": digest.of_file(image), "size": 5},
    ]
    assert (said["base"], said["profile"], said["source_date"]) == ("debian", "terminal", 5)
    assert said["renewed"] == ["~ dash 1 → 2"]
    assert said["taken_out"] == ["nano"]
    assert set(said["lock"]) == {"debian", "python"}
    assert said["root_bytes"] == 7


def test_the_ten_largest_packages_are_named_largest_first(surroundings: Work) -> None:
    some = [Component("deb", f"p{size}", "1", "arm64", size) for size in range(20)]
    largest = emit.manifest(surroundings, OPTIONS, some)["largest"]
    assert [one["bytes"] for one in largest] == list(range(19, 9, -1))


MIB = 1 << 20
DATA = {0: b"table", 3 * MIB: b"root", 6 * MIB: b"data"}  # where on the disk, the rest is holes
SIZE = 8 * MIB
STATUS = "Package: dash\nArchitecture: arm64\nVersion: 0.5\nStatus: install ok installed\n"
DASH = {"name": "dash", "sha256": "a" * 64, "archive": "debian"}
FLASK = {"name": "flask", "version": "3.1", "sha256": "b" * 64, "size": 1}


@pytest.fixture
def emitted(tmp_path: Path) -> Work:
    """Run the stage on what the others would leave, with its real tools."""
    names = ("lock", "assemble", "bundle", "configure/tree/var/lib/dpkg", "app/wheels")
    for name in names:
        (tmp_path / name).mkdir(parents=True)
    for name, value in (("debian", [DASH]), ("python", [FLASK]), ("renewed", []), ("unneeded", [])):
        (tmp_path / "lock" / f"{name}.json").write_text(json.dumps(value))
    with (tmp_path / "assemble/disk.img").open("wb") as disk:
        disk.truncate(SIZE)
        for position, content in DATA.items():
            disk.seek(position)
            disk.write(content.ljust(4096, b"."))
    (tmp_path / "assemble/root.erofs").write_bytes(b"root")
    (tmp_path / "bundle/comptoir-debian-terminal.raucb").write_bytes(b"bundle")
    (tmp_path / "configure/tree/var/lib/dpkg/status").write_text(STATUS)
    (tmp_path / "app/wheels/comptoir-1.0-py3-none-any.whl").write_bytes(b"wheel")
    stages = {name: tmp_path / name for name in ("lock", "assemble", "bundle", "configure", "app")}
    made = work(tmp_path, **stages)
    emit.run(made, OPTIONS)
    return made


def artefact(emitted: Work, ending: str) -> Path:
    return emitted.result / f"comptoir-debian-terminal{ending}"


def test_the_image_flashed_by_its_own_map_is_the_disk(emitted: Work, tmp_path: Path) -> None:
    blocks = BlockMap.read(artefact(emitted, ".bmap"))
    assert blocks.mapped < SIZE / 2, "the holes are not written"
    card = FileMedium(tmp_path / "card", disk=False, size=SIZE)
    write(artefact(emitted, ".img.zst"), blocks, card, lambda _: None)
    read_back(card, blocks, lambda _: None)
    assert digest.of_file(tmp_path / "card") == digest.of_file(tmp_path / "assemble/disk.img")


def test_the_manifest_has_the_checksum_of_every_artefact(emitted: Work) -> None:
    said = json.loads(artefact(emitted, ".manifest.json").read_text())
    others = {
        path for path in emitted.result.iterdir() if path.suffixes[-2:] != [".manifest", ".json"]
    }
    assert {one["name"]: one["sha256"] for one in said["artefacts"]} == {
        path.name: digest.of_file(path) for path in others
    }
    assert {path.suffixes[-1] for path in others} == {".zst", ".bmap", ".raucb", ".json"}


def test_the_bill_of_materials_has_debians_pythons_and_the_app_itself(emitted: Work) -> None:
    packages = json.loads(artefact(emitted, ".spdx.json").read_text())["packages"]
    assert [package["name"] for package in packages] == ["dash", "comptoir", "flask"]
    assert all(package["checksums"] for package in packages)
