from pathlib import Path

import pytest

from imagebuilder.errors import BuildError
from imagebuilder.flashing.image import Image, beside, check_signature
from tests.image.flashing import tiny


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return tiny.make_key(tmp_path)


@pytest.fixture
def image(tmp_path: Path, key: Path) -> Path:
    path = tiny.make_image(tmp_path)
    tiny.sign(path, key)
    return path


def test_a_signed_image_passes(image: Path, key: Path) -> None:
    said: list[str] = []
    assert Image.read(image, key, said.append).size == tiny.SIZE
    assert "signature holds" in said[0]


@pytest.mark.parametrize("name", ["x.img.zst", "x.bmap"])
def test_what_was_changed_after_signing_is_refused(image: Path, key: Path, name: str) -> None:
    path = image.with_name(name)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(BuildError, match="not the one that was signed"):
        Image.read(image, key, print)


@pytest.mark.parametrize("ending", [".bmap", ".zst"])
def test_a_manifest_that_leaves_out_the_image_or_its_map_is_refused(
    image: Path, key: Path, ending: str
) -> None:
    tiny.sign(image, key, ending)
    with pytest.raises(BuildError, match="does not speak of this image"):
        check_signature(image, key, print)


def test_without_a_manifest_it_is_said_that_nobody_vouches(tmp_path: Path) -> None:
    said: list[str] = []
    check_signature(tmp_path / "y.img.zst", None, said.append)
    assert "nobody vouches" in said[0]


def test_an_image_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="no such image"):
        Image.read(tmp_path / "y.img.zst", None, print)


def test_the_block_map_lies_beside_the_image() -> None:
    assert beside(Path("dist/x.img.zst"), ".bmap") == Path("dist/x.bmap")
    assert beside(Path("dist/x.img"), ".bmap") == Path("dist/x.bmap")
