"""A toy tree becomes a whole disk: nothing here needs root, a mount or a loop device."""

import json
import random
import subprocess
from pathlib import Path

import pytest

from imagebuilder import disk
from imagebuilder.errors import BuildError
from imagebuilder.stages import assemble
from imagebuilder.stages.assemble import Options
from tests.image import workshop

DATE = 1_700_000_000
FEW_BLOCKS = 3  # the file's own, its inode's


@pytest.fixture
def site(tmp_path: Path) -> Path:
    files = {
        "configure/tree/etc/name": "terminal",
        "configure/tree/boot/vmlinuz-6.12": "kernel",
        "app/tree/opt/app": "app",
        "bootfiles/boot/slot-a/initrd.img": "initrd",
        "bootfiles/boot/config.txt": "config",
        "lock/debian.json": json.dumps([]),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def make(site: Path, out: str = "out", options: Options | None = None) -> Path:
    before = {name: site / name for name in ("configure", "app", "bootfiles", "lock")}
    work = workshop.work(site / out, **before)
    assemble.run(work, options or Options(source_date=DATE))
    return work.result / "disk.img"


def extract(image: Path, name: str, target: Path) -> Path:
    part = disk.partition(name)
    with image.open("rb") as source, target.open("wb") as out:
        source.seek(part.start)
        out.write(source.read(part.size))
    return target


def test_the_disk_is_the_same_when_made_twice(site: Path) -> None:
    one, two = make(site, "one"), make(site, "two")
    subprocess.run(["cmp", one, two], check=True)


@pytest.mark.parametrize(
    ("options", "few"),
    [(Options(source_date=DATE), True), (Options(source_date=DATE, format=("-zlz4",)), False)],
    ids=["ours", "control"],
)
def test_a_line_more_in_the_app_changes_few_blocks_of_the_root(
    site: Path, options: Options, *, few: bool
) -> None:
    dice = random.Random(1)
    for number in range(400):
        (site / f"configure/tree/usr{number:03}").write_bytes(dice.randbytes(dice.randrange(3000)))
    before = make(site, "before", options).with_name("root.erofs").read_bytes()
    with (site / "app/tree/opt/app").open("a") as app:
        app.write("A line more, which is longer than what an inode is aligned to.")
    after = make(site, "after", options).with_name("root.erofs").read_bytes()
    starts = range(0, max(len(before), len(after)), 4096)
    changed = sum(before[at : at + 4096] != after[at : at + 4096] for at in starts)
    assert (changed <= FEW_BLOCKS) == few


def test_the_disk_is_sparse(site: Path) -> None:
    status = make(site).stat()
    assert status.st_size == disk.SIZE
    assert status.st_blocks * 512 < disk.SIZE / 10


def test_the_boot_files_are_on_the_first_partition_with_our_volume_id(site: Path) -> None:
    image = make(site)
    drive = f"{image}@@{disk.partition('boot').start}"
    listing = subprocess.run(
        ["mdir", "-i", drive, "-/", "-b", "::/"], check=True, capture_output=True, text=True
    ).stdout
    assert "::/slot-a/initrd.img" in listing
    volume = disk.Identity.of(site / "lock/debian.json", DATE).volume
    with image.open("rb") as file:
        file.seek(disk.partition("boot").start)
        sector = file.read(512)
    assert int.from_bytes(sector[67:71], "little") == volume
    assert sector[82:90] == b"FAT32   "


def test_the_root_holds_tree_app_and_initramfs(site: Path) -> None:
    image = make(site)
    erofs = extract(image, "root-a", site / "root.img")
    names = {
        line.split()[-1]
        for folder in ("/etc", "/opt", "/boot")
        for line in subprocess.run(
            ["dump.erofs", "--ls", f"--path={folder}", erofs],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.splitlines()
        if line.strip()
    }
    assert {"name", "app", "vmlinuz-6.12", "initrd.img-6.12"} <= names


def test_the_cached_tree_is_left_as_it_was(site: Path) -> None:
    make(site)
    tree = site / "configure/tree"
    assert not (tree / "boot/initrd.img-6.12").exists()
    assert not (tree / "opt").exists()


@pytest.mark.parametrize("name", ["keys", "data"])
def test_keys_and_data_are_clean_ext4_that_can_grow(site: Path, name: str) -> None:
    file = extract(make(site), name, site / f"{name}.img")
    subprocess.run(["/sbin/e2fsck", "-fn", file], check=True, capture_output=True)
    told = subprocess.run(
        ["/sbin/dumpe2fs", "-h", file], check=True, capture_output=True, text=True
    ).stdout
    assert f"Filesystem volume name:   {name}" in told
    assert "Block size:               4096" in told
    assert "resize_inode" in told


def test_a_root_beyond_its_slot_is_refused() -> None:
    assemble.check_fits(1126 << 20)
    with pytest.raises(BuildError, match="its slot 1126 MiB"):
        assemble.check_fits((1126 << 20) + 1)
