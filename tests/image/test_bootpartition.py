import subprocess
from pathlib import Path

import pytest

from imagebuilder.bootpartition import BootFolder, BootImage
from imagebuilder.errors import BuildError

START = 1 << 20


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "disk.img"
    with path.open("wb") as file:
        file.truncate(START + (40 << 20))
    sectors = str(START // 512)
    subprocess.run(
        ["/sbin/mkfs.vfat", "--offset", sectors, path, str(40 << 10)],
        check=True,
        capture_output=True,
    )
    folder = tmp_path / "slot-a"
    folder.mkdir()
    (folder / "cmdline.txt").write_text("quiet")
    subprocess.run(["mcopy", "-i", f"{path}@@{START}", "-s", folder, "::/"], check=True)
    return path


def test_a_fat_inside_an_image_is_read_without_a_mount(image: Path) -> None:
    boot = BootImage(image, START)
    assert boot.has("slot-a/CMDLINE.TXT")
    assert not boot.has("slot-b/cmdline.txt")
    assert boot.read("slot-a/cmdline.txt") == b"quiet"


def test_a_damaged_fat_is_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "disk.img"
    path.write_bytes(bytes(START * 2))
    with pytest.raises(BuildError, match="cannot read the boot partition"):
        BootImage(path, START).has("config.txt")


def test_a_folder_is_as_blind_to_case_as_fat(tmp_path: Path) -> None:
    (tmp_path / "slot-a").mkdir()
    (tmp_path / "slot-a" / "Image").write_bytes(b"x")
    boot = BootFolder(tmp_path)
    assert boot.has("SLOT-A/image")
    assert not boot.has("slot-a")
    assert boot.read("slot-a/IMAGE") == b"x"
