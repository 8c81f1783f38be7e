import io
import os
import random
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import zstandard

from imagebuilder import frames


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A sparse disk: 6 MiB of data, a hole of 200 MiB, 6 MiB of data, a hole."""
    path = tmp_path / "disk.img"
    noise = random.Random(1)
    with path.open("wb") as file:
        file.write(noise.randbytes(6 << 20))
        file.seek(200 << 20, os.SEEK_CUR)
        file.write(noise.randbytes(6 << 20))
        file.truncate(300 << 20)
    return path


def test_the_frames_read_back_as_the_image(image: Path, tmp_path: Path) -> None:
    shares: list[float] = []
    frames.compress(image, tmp_path / "out.zst", tmp_path / "memo", shares.append)
    plain = tmp_path / "plain"
    subprocess.run(["zstd", "-q", "-d", tmp_path / "out.zst", "-o", plain], check=True)
    assert subprocess.run(["cmp", plain, image], check=False).returncode == 0
    assert all(0 < share <= 1 for share in shares)
    assert (tmp_path / "out.zst").stat().st_size < 13 << 20


def test_the_same_image_gives_the_same_bytes_with_and_without_memory(
    image: Path, tmp_path: Path
) -> None:
    for name, memo in (("a", "one"), ("b", "one"), ("c", "two")):
        frames.compress(image, tmp_path / name, tmp_path / memo, lambda _: None)
    assert len({(tmp_path / name).read_bytes() for name in "abc"}) == 1


def test_a_file_that_grows_leaves_most_pieces_as_they_were(tmp_path: Path) -> None:
    noise = random.Random(2)
    before = noise.randbytes(64 << 20)
    after = before[: 8 << 20] + noise.randbytes(3 * 4096) + before[8 << 20 :]
    pieces: list[list[bytes]] = []
    for name, content in (("before", before), ("after", after)):
        (tmp_path / name).write_bytes(content)
        with (tmp_path / name).open("rb") as file:
            pieces.append(
                [one for one in frames.pieces(file, len(content)) if isinstance(one, bytes)]
            )
    assert b"".join(pieces[1]) == after
    assert len(set(pieces[1]) - set(pieces[0])) <= 2
    assert len(pieces[1]) > 6


def test_frames_in_a_row_are_one_stream_for_a_reader_that_crosses_them(
    image: Path, tmp_path: Path
) -> None:
    frames.compress(image, tmp_path / "out.zst", tmp_path / "memo", lambda _: None)
    reader = zstandard.ZstdDecompressor().stream_reader(
        io.BytesIO((tmp_path / "out.zst").read_bytes()), read_across_frames=True
    )
    size = 0
    while block := reader.read(1 << 20):
        size += len(block)
    assert size == 300 << 20


def test_equal_pieces_may_be_made_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both_have_written, write = threading.Barrier(2), Path.write_bytes

    def write_and_wait(path: Path, data: bytes) -> int:
        written = write(path, data)
        both_have_written.wait()
        return written

    monkeypatch.setattr(Path, "write_bytes", write_and_wait)
    memo = tmp_path / "memo"
    memo.mkdir()
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: frames._frame(frames.Hole(4096), memo), range(2))
    assert first == second
    assert [path.name for path in memo.glob("*/*")] == [f"hole-4096-{frames.LEVEL}"]
