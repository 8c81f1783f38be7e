import hashlib
from pathlib import Path

import pytest
import zstandard

from imagebuilder.errors import BuildError
from imagebuilder.flashing.blocks import BlockMap, read_back, write
from imagebuilder.flashing.medium import FileMedium

BLOCK = 4096
SIZE = 64 * BLOCK
DATA = {0: b"table", 3: b"files", 40: b"root"}  # block -> what it begins with
BMAP = """<?xml version="1.0" ?>
<bmap version="2.0">
  <ImageSize> {size} </ImageSize> <BlockSize> 4096 </BlockSize> <BlocksCount> 64 </BlocksCount>
  <BlockMap>{ranges}</BlockMap>
</bmap>
"""


def block(number: int) -> bytes:
    return DATA[number].ljust(BLOCK, b".")


def make_image(folder: Path, *, compressed: bool = True) -> Path:
    content = b"".join(block(number) if number in DATA else bytes(BLOCK) for number in range(64))
    image = folder / ("x.img.zst" if compressed else "x.img")
    packer = zstandard.ZstdCompressor()
    half = SIZE // 2
    frames = packer.compress(content[:half]) + packer.compress(content[half:])
    image.write_bytes(frames if compressed else content)
    return image


@pytest.fixture
def blocks(tmp_path: Path) -> BlockMap:
    ranges = "".join(
        f'<Range chksum="{hashlib.sha256(block(number)).hexdigest()}"> {number} </Range>'
        for number in DATA
    )
    path = tmp_path / "x.bmap"
    path.write_text(BMAP.format(size=SIZE, ranges=ranges))
    return BlockMap.read(path)


def card(folder: Path) -> FileMedium:
    return FileMedium(folder / "card", disk=False, size=SIZE)


def quiet(share: float) -> None:
    assert 0 <= share <= 1


@pytest.mark.parametrize("compressed", [True, False])
def test_the_mapped_blocks_are_written_and_read_back(
    tmp_path: Path, blocks: BlockMap, compressed: bool
) -> None:
    medium = card(tmp_path)
    write(make_image(tmp_path, compressed=compressed), blocks, medium, quiet)
    read_back(medium, blocks, quiet)
    content = (tmp_path / "card").read_bytes()
    assert len(content) == SIZE
    assert {n: content[n * BLOCK : (n + 1) * BLOCK] for n in DATA} == {n: block(n) for n in DATA}


def test_only_mapped_blocks_are_counted(blocks: BlockMap) -> None:
    assert blocks.mapped == len(DATA) * BLOCK


def test_a_flipped_bit_is_found_when_reading_back(tmp_path: Path, blocks: BlockMap) -> None:
    medium = card(tmp_path)
    write(make_image(tmp_path), blocks, medium, quiet)
    medium.write(40 * BLOCK, b"R")
    with pytest.raises(BuildError, match="reads back otherwise"):
        read_back(medium, blocks, quiet)


def test_an_image_that_is_not_the_maps_is_refused_and_leaves_no_table(
    tmp_path: Path, blocks: BlockMap
) -> None:
    image = make_image(tmp_path, compressed=False)
    content = bytearray(image.read_bytes())
    content[40 * BLOCK] = 0
    image.write_bytes(content)
    with pytest.raises(BuildError, match="not its block map"):
        write(image, blocks, card(tmp_path), quiet)
    assert (tmp_path / "card").read_bytes()[:BLOCK] == bytes(BLOCK)


@pytest.mark.parametrize("stop_at", [0.3, 0.6])
def test_a_target_left_half_written_has_no_table(
    tmp_path: Path, blocks: BlockMap, stop_at: float
) -> None:
    def interrupt(share: float) -> None:
        if share > stop_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(make_image(tmp_path), blocks, card(tmp_path), interrupt)
    assert (tmp_path / "card").read_bytes()[:BLOCK] == bytes(BLOCK)


@pytest.mark.parametrize("damage", ["truncated", "garbled"])
def test_a_damaged_image_is_told(tmp_path: Path, blocks: BlockMap, damage: str) -> None:
    image = make_image(tmp_path)
    data = image.read_bytes()
    image.write_bytes(data[:40] if damage == "truncated" else data[:20] + b"\xff" * len(data))
    with pytest.raises(BuildError, match=r"damaged|too early"):
        write(image, blocks, card(tmp_path), quiet)


@pytest.mark.parametrize(("text", "what"), [("<x", "no block map"), ("<bmap/>", "no block map")])
def test_a_bad_block_map_is_told(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "x.bmap"
    path.write_text(text)
    with pytest.raises(BuildError, match=what):
        BlockMap.read(path)


def test_a_missing_block_map_is_told(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="block map is missing"):
        BlockMap.read(tmp_path / "x.bmap")
