import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from imagebuilder import disk
from imagebuilder.disk import MIB, Identity

EMMC_4GB = 3_909_091_328  # the smallest that a CM3 was sold with


@pytest.fixture
def identity(tmp_path: Path) -> Identity:
    lock = tmp_path / "lock.json"
    lock.write_text("[]")
    return Identity.of(lock, 1)


def test_the_first_partition_is_fat32_of_512_mib() -> None:
    boot = disk.partition("boot")
    assert (boot.number, boot.kind, boot.size) == (1, 0x0C, 512 * MIB)


def test_both_roots_have_the_same_size() -> None:
    assert disk.partition("root-a").size == disk.partition("root-b").size >= 1126 * MIB


def test_keys_and_data_lie_in_an_extended_partition_of_type_05() -> None:
    extended = disk.partition("extended")
    assert (extended.number, extended.kind) == (4, 0x05)
    for name in ("keys", "data"):
        part = disk.partition(name)
        assert extended.start < part.start
        assert part.start + part.size <= extended.start + extended.size


def test_partitions_do_not_overlap_and_start_on_erase_blocks() -> None:
    plain = [part for part in disk.LAYOUT if part.name != "extended"]
    for one, next_one in pairwise(plain):
        assert one.start + one.size <= next_one.start
    assert all(part.start % (4 * MIB) == 0 for part in plain if part.name != "root-b")


def test_data_is_the_last_so_that_it_can_grow() -> None:
    assert disk.LAYOUT[-1].name == "data"
    assert disk.SIZE < EMMC_4GB


def test_the_identity_is_a_function_of_lock_and_date(tmp_path: Path) -> None:
    lock = tmp_path / "lock.json"
    lock.write_text("[]")
    one = Identity.of(lock, 1)
    assert one == Identity.of(lock, 1)
    other = Identity.of(lock, 2)
    lock.write_text("[1]")
    third = Identity.of(lock, 1)
    assert len({one.signature, other.signature, third.signature}) == 3
    assert len({one.uuid("keys"), one.uuid("data"), other.uuid("data")}) == 3


def test_a_partuuid_is_written_as_the_kernel_does(identity: Identity) -> None:
    assert identity.partuuid(2) == f"{identity.signature:08x}-02"


def test_sfdisk_makes_the_table_and_it_reads_back(tmp_path: Path, identity: Identity) -> None:
    image = tmp_path / "disk.img"
    with image.open("wb") as file:
        file.truncate(disk.SIZE)
    script = disk.sfdisk_script(identity)
    subprocess.run(["/sbin/sfdisk", "-q", image], input=script, text=True, check=True)
    read = disk.primary_partitions(image)
    assert [(part.number, part.kind, part.start, part.size) for part in read] == [
        (part.number, part.kind, part.start, part.size) for part in disk.LAYOUT[:4]
    ]
    with image.open("rb") as file:
        file.seek(disk.SIGNATURE_AT)
        assert int.from_bytes(file.read(4), "little") == identity.signature


def test_a_file_without_a_table_is_told(tmp_path: Path) -> None:
    image = tmp_path / "disk.img"
    image.write_bytes(bytes(1024))
    with pytest.raises(ValueError, match="no MBR"):
        disk.primary_partitions(image)
