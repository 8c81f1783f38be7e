import sqlite3
from pathlib import Path

import pytest

from comptoir.commands import AddLine, OpenCheck
from comptoir.domain import events as ev
from comptoir.domain.errors import CheckSettled
from comptoir.journal import Journal, JournalUnusable, Stamp
from comptoir.journal.store import TIDY_COMMITS
from tests.fakes.box import BOSS, Box, BoxMaker

STAMP = Stamp("anna", "2026-11-22")


def opened(name: str) -> ev.CheckOpened:
    return ev.CheckOpened(name, "A1-1", "eat_in")


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")
    applied = ["m001_events", "m002_projections", "m003_own_log", "m004_joining", "m005_day_files"]
    applied += ["m006_refiling"]
    assert journal.migrate() == applied
    assert journal.migrate() == []
    journal.close()


def test_every_commit_is_synced_before_anyone_is_told(box: Box) -> None:
    with box.journal.transaction() as db:
        assert db.execute("PRAGMA synchronous").fetchone()[0] == 2
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def refused(box: Box) -> None:
    with box.log.writing(STAMP) as writing:
        writing.append(opened("c1"))
        raise CheckSettled("A1-1")


def test_a_refused_command_leaves_nothing_behind(box: Box) -> None:
    with pytest.raises(CheckSettled):
        refused(box)
    assert box.journal.vector() == {}
    assert box.journal.state("check:c1").number == ""


def test_events_survive_closing_and_opening(box: Box) -> None:
    with box.log.writing(STAMP) as writing:
        writing.append(opened("c1"))
    again = Journal(box.journal.path)
    assert again.state("check:c1").number == "A1-1"
    assert again.vector() == box.journal.vector()
    again.close()


def test_a_reader_cannot_write(box: Box) -> None:
    with pytest.raises(sqlite3.OperationalError):
        box.journal.reader().execute("DELETE FROM event")


def test_a_file_that_is_no_journal_is_named_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(JournalUnusable, match=r"journal\.db.*Check the data partition"):
        Journal(path).migrate()


def test_listeners_hear_of_growth_and_not_of_refusals(box: Box) -> None:
    heard: list[int] = []
    box.journal.on_commit(lambda: heard.append(1))
    with pytest.raises(RuntimeError), box.journal.transaction():
        raise RuntimeError
    assert heard == []
    with box.log.writing(STAMP) as writing:
        writing.append(opened("c1"))
    assert heard == [1]


def test_changes_tell_what_each_event_touched(box: Box) -> None:
    box.desk.run(OpenCheck("k1", "c1"), BOSS)
    box.desk.run(OpenCheck("k2", "c2"), BOSS)
    first, second = box.journal.changes(0)
    assert (first.kind, first.aggregates) == ("check.opened", ("check:c1",))
    assert box.journal.changes(first.position) == [second]
    assert box.journal.position() == second.position


def test_ranges_keep_both_bounds(box: Box) -> None:
    for i in range(10):
        box.desk.run(OpenCheck(f"k{i}", f"c{i}"), BOSS)
    log = ("t1", 1)
    assert len(box.journal.range(log, 1, 4, 1 << 20)) == 4
    assert len(box.journal.range(log, 9, 100, 1 << 20)) == 2
    assert len(box.journal.range(log, 1, 100, 1)) == 1, "one event always fits"
    assert box.journal.range(log, 11, 100, 1 << 20) == []


def test_projections_rebuilt_from_events_are_the_same(make_box: BoxMaker) -> None:
    box = make_box()
    for i in range(5):
        box.desk.run(OpenCheck(f"k{i}", f"c{i}"), BOSS)
    before = box.journal.digest()
    with box.journal.transaction() as db:
        db.execute("UPDATE projection SET state = x'00', hash = 'x' WHERE aggregate = 'check:c2'")
    assert box.journal.digest() != before
    box.journal.rebuild()
    assert box.journal.digest() == before


def test_two_processes_may_write_one_file_in_turn(box: Box) -> None:
    other = Journal(box.journal.path)
    with box.log.writing(STAMP) as writing:
        writing.append(opened("c1"))
    with other.transaction() as db:
        db.execute("INSERT INTO frozen VALUES ('t9', 1, 1)")
    with box.log.writing(STAMP) as writing:
        writing.append(opened("c2"))
    other.close()
    assert box.journal.head(("t1", 1)).seq == 2


def test_an_item_unknown_to_the_menu_is_refused_before_anything_is_written(box: Box) -> None:
    box.desk.run(OpenCheck("k1", "c1"), BOSS)
    position = box.journal.position()
    with pytest.raises(Exception, match="not on the menu"):
        box.desk.run(AddLine("k2", "c1", "l1", "unicorn"), BOSS)
    assert box.journal.position() == position


def test_tidying_copies_a_grown_log_into_the_file_and_leaves_a_short_one(box: Box) -> None:
    def commit(times: int) -> None:
        for _ in range(times):
            with box.log.writing(STAMP) as writing:
                writing.append(opened("c1"))

    size = box.journal.path.stat().st_size
    commit(1)
    box.journal.tidy()
    assert box.journal.path.stat().st_size == size
    commit(TIDY_COMMITS)
    box.journal.tidy()
    assert box.journal.path.stat().st_size > size
