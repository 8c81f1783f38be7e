"""Images without their compression."""

import lzma
import os
from pathlib import Path

import pytest
import zstandard

from imagebuilder import expanding
from imagebuilder.errors import BuildError

CONTENT = b"data" + bytes(3 << 20) + b"end"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(params=["zst", "xz"])
def image(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"x.img.{request.param}"
    pack = lzma.compress if request.param == "xz" else zstandard.compress
    path.write_bytes(pack(CONTENT[:100]) + pack(CONTENT[100:]))
    return path


def test_all_of_it_is_there_and_zeros_are_holes(image: Path) -> None:
    found = expanding.expanded(image)
    assert found.read_bytes() == CONTENT
    assert found.stat().st_blocks * 512 < len(CONTENT)


def test_what_is_not_packed_is_taken_as_it_is(tmp_path: Path) -> None:
    assert expanding.expanded(tmp_path / "x.img") == tmp_path / "x.img"


def test_an_image_is_expanded_once_and_anew_when_it_changed(image: Path) -> None:
    first = expanding.expanded(image)
    inode = first.stat().st_ino
    assert expanding.expanded(image).stat().st_ino == inode
    os.utime(image, (1, 1))
    second = expanding.expanded(image)
    assert second != first
    assert not first.exists()


def test_an_image_of_that_name_elsewhere_keeps_its_own(image: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / image.name
    other.write_bytes(image.read_bytes())
    first, second = expanding.expanded(image), expanding.expanded(other)
    assert first != second
    assert first.exists()


def test_a_damaged_image_is_told_and_leaves_nothing(image: Path, cache: Path) -> None:
    image.write_bytes(b"damaged" + image.read_bytes())
    with pytest.raises(BuildError, match="does not expand"):
        expanding.expanded(image)
    assert [path for path in cache.rglob("*") if path.is_file()] == []
