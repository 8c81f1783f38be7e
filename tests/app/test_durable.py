"""Files that a power cut leaves with what they held before, or with what is new."""

import os
from pathlib import Path

import pytest

from comptoir import durable


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "kept" / "card.json"
    found.parent.mkdir()
    found.write_bytes(b"old")
    return found


@pytest.mark.parametrize("mode", [durable.PRIVATE, durable.SHARED, durable.PUBLIC])
def test_its_mode_is_what_was_asked_for_whatever_was_there(file: Path, mode: int) -> None:
    old = os.umask(0o077)
    try:
        durable.replace(file, b"new", mode)
    finally:
        os.umask(old)
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"new", mode)
    assert list(file.parent.iterdir()) == [file]


def test_content_is_on_the_disk_before_its_name_and_the_name_before_the_end(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, bytes]] = []
    sync = os.fsync

    def noted(descriptor: int) -> None:
        sync(descriptor)
        name = Path(f"/proc/self/fd/{descriptor}").readlink().name
        seen.append((name, file.read_bytes()))

    monkeypatch.setattr(os, "fsync", noted)
    durable.replace(file, b"new")
    assert seen == [(".card.json.new", b"old"), ("kept", b"new")]


def test_a_disk_that_fails_leaves_what_was_there(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="No space"):
        durable.replace(file, b"new")
    assert file.read_bytes() == b"old"


def test_what_a_cut_left_half_written_is_no_hindrance_and_no_leak(file: Path) -> None:
    half = file.with_name(".card.json.new")
    half.write_bytes(b"ha")
    half.chmod(0o644)
    with half.open("rb") as watched:
        durable.replace(file, b"secret", durable.PRIVATE)
        assert watched.read() == b"ha"


def test_written_aside_its_folder_never_holds_another_file(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[Path]] = []
    sync = os.fsync

    def noted(descriptor: int) -> None:
        seen.append(list(file.parent.iterdir()))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    durable.replace(file, b"new", aside=tmp_path)
    assert seen == [[file], [file]]
