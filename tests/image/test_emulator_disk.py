import os
from pathlib import Path

import pytest
import zstandard

from imagebuilder import emulator_disk
from imagebuilder.errors import BuildError

CONTENT = b"data" + bytes(3 << 20) + b"end"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "x.img.zst"
    path.write_bytes(zstandard.compress(CONTENT[:100]) + zstandard.compress(CONTENT[100:]))
    return path


def test_a_card_is_the_image_grown_to_a_power_of_two(image: Path, tmp_path: Path) -> None:
    card = emulator_disk.card(image, tmp_path / "card")
    assert card.stat().st_size == 4 << 30
    with card.open("rb") as file:
        assert file.read(len(CONTENT) + 8) == CONTENT + bytes(8)
    assert card.stat().st_blocks * 512 < 1 << 20


def test_the_image_is_left_as_it_was(tmp_path: Path) -> None:
    plain = tmp_path / "x.img"
    plain.write_bytes(CONTENT)
    card = emulator_disk.card(plain, tmp_path / "card")
    card.write_bytes(b"changed")
    assert plain.read_bytes() == CONTENT


def test_the_newest_image_is_taken(tmp_path: Path) -> None:
    for age, name in enumerate(("b.img", "a.img.zst", "c.bmap")):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (100 - age, 100 - age))
    assert emulator_disk.newest(tmp_path).name == "b.img"


def test_without_an_image_the_command_to_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="run image/build"):
        emulator_disk.newest(tmp_path)
