"""A terminal gives the bundle that it runs, of its slot and a little kept beside it."""

from pathlib import Path

import pytest

from comptoir.updates import bundles
from comptoir.updates.bundles import NoBundle
from comptoir.updates.store import Shelf
from tests.fakes.bundles import KIND, about, bundle, root


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "own.raucb"
    place.write_bytes(bundle(root()))
    return place


@pytest.fixture
def slot(tmp_path: Path) -> Path:
    place = tmp_path / "root-a"
    place.write_bytes(root() + bytes(50_000))  # a partition is larger than what is in it
    return place


def test_a_file_says_which_bundle_it_is(file: Path) -> None:
    assert bundles.whole(file).about == about(file.read_bytes())


@pytest.mark.parametrize(
    "content", [b"", bytes(8), b"x" * 100, b"x" + (1 << 40).to_bytes(8, "big")]
)
def test_what_is_no_bundle_is_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(NoBundle):
        bundles.whole(file)


def test_of_a_slot_and_what_is_kept_the_same_bytes_are_given(
    file: Path, slot: Path, tmp_path: Path
) -> None:
    whole, made = bundles.whole(file), file.read_bytes()
    bundles.keep(whole.about, whole, slot, tmp_path / "kept")
    file.unlink()
    held = bundles.kept(tmp_path / "kept")
    assert held is not None
    assert held.about == about(made)
    assert b"".join(bundles.pieces(held)) == made
    for first, count in ((0, 10), (90, 20), (96, 4096), (300_000, 400), (len(made) - 3, 9)):
        assert held.read(first, count) == made[first : first + count]
    extra = sum(one.stat().st_size for one in (tmp_path / "kept").iterdir())
    assert extra < len(made) - len(root()) + 1000


def test_a_slot_written_anew_gives_nothing(file: Path, slot: Path, tmp_path: Path) -> None:
    whole = bundles.whole(file)
    bundles.keep(whole.about, whole, slot, tmp_path / "kept")
    slot.write_bytes(root(2))
    assert bundles.kept(tmp_path / "kept") is None


@pytest.mark.parametrize("wrong", [5, 200_000])
def test_a_slot_that_is_not_what_the_bundle_brought_is_not_kept(
    file: Path, slot: Path, tmp_path: Path, wrong: int
) -> None:
    content = bytearray(slot.read_bytes())
    content[wrong] ^= 1
    slot.write_bytes(content)
    whole = bundles.whole(file)
    with pytest.raises(NoBundle):
        bundles.keep(whole.about, whole, slot, tmp_path / "kept")
    assert bundles.kept(tmp_path / "kept") is None


def test_the_file_is_gone_once_the_slot_has_it(file: Path, tmp_path: Path) -> None:
    whole, slot = bundles.whole(file), tmp_path / "slot"
    slot.write_bytes(root())
    shelf = Shelf(tmp_path)
    shelf.refresh()
    assert shelf.find(whole.about.bundle) == whole
    bundles.keep(whole.about, whole, slot, tmp_path / "root-a")
    shelf.refresh()
    assert not file.exists()
    held = shelf.find(whole.about.bundle)
    assert held is not None
    assert bundles.sum_of(held) == whole.about.bundle


def test_of_several_the_newest_version_is_named_and_all_are_given(tmp_path: Path) -> None:
    for number, version in enumerate(("1.2", "1.10", "1.9")):
        made = bundle(root(number), version)
        (tmp_path / f"{number}.raucb").write_bytes(made)
    (tmp_path / "none.raucb").write_bytes(b"half of somethi")
    (tmp_path / "copying.part").write_bytes(bundle(root(9), "9.0"))
    shelf = Shelf(tmp_path)
    shelf.refresh()
    newest = shelf.newest()
    assert newest is not None
    assert (newest.about.version, newest.about.compatible) == ("1.10", KIND)
    assert shelf.find(about(bundle(root(0), "1.2")).bundle) is not None
