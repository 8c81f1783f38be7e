"""What one terminal held comes back on another, once, signed by who wrote it."""

import gzip
import json
from pathlib import Path

import pytest

from comptoir import backups
from comptoir.backups import BackupRefused, Counts
from comptoir.commands import AdmitTerminal, OpenCheck
from comptoir.journal import Journal, verify
from tests.fakes.box import BOSS, Box, BoxMaker


@pytest.fixture
def full(box: Box, make_box: BoxMaker) -> Box:
    """Return a terminal that admitted another, and holds what both wrote."""
    other = make_box("t0")  # its log is read before the one that admits it
    box.desk.run(AdmitTerminal("a", other.card), BOSS)
    for n in range(3):
        box.desk.run(OpenCheck(f"k{n}", f"c{n}", "eat_in", str(n), 2), BOSS)
        other.desk.run(OpenCheck(f"o{n}", f"d{n}", "eat_in", str(n), 2), BOSS)
    box.journal.admit(other.sealed(), restaurant="r1", trust={})
    return box


@pytest.fixture
def file(full: Box, tmp_path: Path) -> Path:
    file = tmp_path / "backup.gz"
    assert backups.write(full.journal, "r1", file) == full.journal.position()
    return file


@pytest.fixture
def empty(make_box: BoxMaker) -> Box:
    return make_box("t9", opened=False)


def restored(box: Box, full: Box, file: Path) -> Counts:
    return backups.restore(box.journal, "r1", {full.name: full.card}, file)


def heads(journal: Journal) -> dict[tuple[str, int], str]:
    return {log: head.hash for log, head in journal.vector().items()}


def test_everything_comes_back_whoever_wrote_it(full: Box, file: Path, empty: Box) -> None:
    count = full.journal.position()
    assert backups.missing(empty.journal, "r1", file) == Counts(count, count)
    assert restored(empty, full, file) == Counts(count, count)
    assert heads(empty.journal) == heads(full.journal)
    assert empty.journal.state("check:d2") == full.journal.state("check:d2")
    assert verify(empty.journal, {full.name: full.card}).faults == []


def test_restored_again_nothing_changes(full: Box, file: Path, empty: Box) -> None:
    restored(empty, full, file)
    before = empty.journal.position()
    assert restored(empty, full, file).new == 0
    assert empty.journal.position() == before


def test_what_was_written_since_the_backup_stays(full: Box, file: Path) -> None:
    full.desk.run(OpenCheck("later", "later", "eat_in", "9", 2), BOSS)
    before = heads(full.journal)
    assert restored(full, full, file).new == 0
    assert heads(full.journal) == before


@pytest.mark.parametrize("count", [1, 9])
def test_who_has_begun_anew_under_the_same_numbers_is_told_so(
    file: Path, make_box: BoxMaker, count: int
) -> None:
    anew = make_box("t1")
    for n in range(count):
        anew.desk.run(OpenCheck(f"n{n}", f"e{n}", "eat_in", "9", 2), BOSS)
    with pytest.raises(BackupRefused, match="t1/1 is another one here than in the backup"):
        backups.missing(anew.journal, "r1", file)


def test_only_its_owner_reads_it(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600


def test_another_house_is_refused(file: Path, empty: Box) -> None:
    with pytest.raises(BackupRefused, match="it is of restaurant r1, this terminal of r2"):
        backups.missing(empty.journal, "r2", file)


def test_who_trusts_nobody_takes_nothing_in_and_says_so(file: Path, empty: Box) -> None:
    with pytest.raises(BackupRefused, match="were not let in"):
        backups.restore(empty.journal, "r1", {}, file)
    assert empty.journal.position() == 0


def lines(file: Path) -> list[bytes]:
    return gzip.decompress(file.read_bytes()).splitlines(keepends=True)


@pytest.mark.parametrize("damage", ["cut", "end", "changed", "text", "format"])
def test_what_is_no_whole_backup_is_refused_before_anything_comes_in(
    full: Box, file: Path, empty: Box, damage: str
) -> None:
    said = lines(file)
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:-40])
    elif damage == "text":
        file.write_text("hello")
    else:
        changed = {
            "end": said[:-1],
            "changed": [said[0], *said[2:]],
            "format": [json.dumps({"format": "x", "restaurant": "r1"}).encode() + b"\n", *said[1:]],
        }
        file.write_bytes(gzip.compress(b"".join(changed[damage])))
    with pytest.raises(BackupRefused):
        restored(empty, full, file)
    assert empty.journal.position() == 0
