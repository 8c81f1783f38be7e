import json
from pathlib import Path

import pytest

from imagebuilder import digest
from imagebuilder.sbom import Component
from imagebuilder.stages import emit
from imagebuilder.work import Work
from tests.image.workshop import work

OPTIONS = emit.Options(base="debian", profile="terminal", version="1.0", source_date=5)


@pytest.fixture
def surroundings(tmp_path: Path) -> Work:
    for name in ("lock", "assemble"):
        (tmp_path / name).mkdir()
    for name, value in (("debian", []), ("python", []), ("renewed", ["~ dash 1 → 2"])):
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
    assert set(said["lock"]) == {"debian", "python"}
    assert said["root_bytes"] == 7


def test_the_ten_largest_packages_are_named_largest_first(surroundings: Work) -> None:
    some = [Component("deb", f"p{size}", "1", "arm64", size) for size in range(20)]
    largest = emit.manifest(surroundings, OPTIONS, some)["largest"]
    assert [one["bytes"] for one in largest] == list(range(19, 9, -1))
