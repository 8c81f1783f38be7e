"""The data partition grows to the end of any disk, and a power cut at any instant costs nothing."""

import importlib.util
import itertools
import os
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from imagebuilder import disk as layout

SCRIPT = Path("roles/storage/files/tree/usr/lib/comptoir/grow_data.py")
OWN_PARTITION = SCRIPT.with_name("own-partition")
LARGER = 8 * 1024 * layout.MIB + 1234 * 512  # a card's size is no round number


@pytest.fixture(scope="module")
def grow_data() -> ModuleType:
    spec = importlib.util.spec_from_file_location("grow_data", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """Return a large card with the small image written to it, as a sparse file."""
    image = tmp_path / "card"
    with image.open("wb") as file:
        file.truncate(layout.SIZE)
    table = layout.sfdisk_script(layout.Identity(b"seed"))
    subprocess.run(["sfdisk", "--quiet", image], input=table.encode(), check=True)
    with image.open("r+b") as file:
        file.truncate(LARGER)
    return image


def table(image: Path) -> dict[int, tuple[int, int]]:
    told = subprocess.run(["sfdisk", "--dump", image], check=True, capture_output=True, text=True)
    lines = [line for line in told.stdout.splitlines() if "start=" in line]
    found = {}
    for line in lines:
        name, _, rest = line.partition(" : ")
        fields = dict(part.strip().split("=") for part in rest.split(", "))
        number = int(name.removeprefix(str(image)))
        found[number] = (int(fields["start"]), int(fields["size"]))
    return found


def copied(image: Path, to: Path) -> Path:
    subprocess.run(["cp", "--sparse=always", image, to], check=True)
    return to


def changed_sectors(before: Path, after: Path) -> dict[int, bytes]:
    """Return the sectors that differ, by place."""
    listed = subprocess.run(
        ["cmp", "--verbose", before, after], check=False, capture_output=True, text=True
    )
    places = sorted(
        {(int(line.split()[0]) - 1) // 512 * 512 for line in listed.stdout.splitlines()}
    )
    with after.open("rb") as file:
        return {place: os.pread(file.fileno(), 512, place) for place in places}


def test_data_reaches_the_end_of_the_disk_and_nothing_else_moves(
    grow_data: ModuleType, card: Path
) -> None:
    before = table(card)
    assert grow_data.grow(card) == [4, 6]
    after = table(card)
    end = LARGER // 512 // 8192 * 8192
    assert [sum(after[number]) for number in (4, 6)] == [end, end]
    assert {number: after[number] for number in (1, 2, 3, 5)} == {
        number: before[number] for number in (1, 2, 3, 5)
    }
    assert [after[number][0] for number in (4, 6)] == [before[number][0] for number in (4, 6)]


def test_a_second_boot_writes_nothing(grow_data: ModuleType, card: Path, tmp_path: Path) -> None:
    grow_data.grow(card)
    first = copied(card, tmp_path / "first")
    assert grow_data.grow(card) == []
    assert changed_sectors(first, card) == {}


def test_an_image_on_a_disk_of_its_own_size_stays_as_it_is(
    grow_data: ModuleType, card: Path
) -> None:
    with card.open("r+b") as file:
        file.truncate(layout.SIZE)
    assert grow_data.grow(card) == []


def test_any_part_of_the_writes_leaves_a_disk_that_the_next_boot_finishes(
    grow_data: ModuleType, card: Path, tmp_path: Path
) -> None:
    whole = copied(card, tmp_path / "whole")
    grow_data.grow(whole)
    written = changed_sectors(card, whole)
    assert 2 <= len(written) <= 4
    before, wanted = table(card), table(whole)
    cuts = itertools.chain.from_iterable(
        itertools.combinations(written.items(), count) for count in range(len(written))
    )
    for cut in cuts:
        torn = copied(card, tmp_path / "torn")
        with torn.open("r+b") as file:
            for place, data in cut:
                os.pwrite(file.fileno(), data, place)
        assert {number: start for number, (start, _) in table(torn).items()} == {
            number: start for number, (start, _) in before.items()
        }
        grow_data.grow(torn)
        assert table(torn) == wanted


NAMES = {"01": "boot", "02": "root-a", "03": "root-b", "05": "keys", "06": "data"}


@pytest.mark.parametrize(("number", "name"), NAMES.items())
def test_a_partition_of_the_root_s_disk_has_a_name(tmp_path: Path, number: str, name: str) -> None:
    assert own_partition(tmp_path, f"0badcafe-{number}") == f"{name}\n"


@pytest.mark.parametrize("partuuid", ["0badbeef-02", "0badcafe-04", "0badbeef-06", ""])
def test_another_partition_or_disk_has_none(tmp_path: Path, partuuid: str) -> None:
    assert not own_partition(tmp_path, partuuid)


def own_partition(tmp_path: Path, partuuid: str) -> str:
    line = tmp_path / "cmdline"
    line.write_text("console=tty1 root=PARTUUID=0badcafe-02 rootfstype=erofs ro\n")
    told = subprocess.run([OWN_PARTITION, partuuid, line], check=False, capture_output=True)
    return told.stdout.decode()
