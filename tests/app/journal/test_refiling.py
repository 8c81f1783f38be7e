"""After an update what is open is folded at once; closed days follow while the till sells."""

import json
import zlib

import pytest

from comptoir.commands import OpenCheck
from comptoir.domain import events as ev
from comptoir.domain.envelope import Sealed
from comptoir.domain.fold import FOLDS
from comptoir.journal import Journal, Stamp, filing, folding, healing, joining, rows
from tests.app.journal.test_filing import file_all, live_a_day
from tests.fakes.box import BOSS, Box

OPEN, DONE, OLD = "check:c-open", "check:c-done", "check:c-one-0"


@pytest.fixture
def here(box: Box, monkeypatch: pytest.MonkeyPatch) -> Box:
    """Return a terminal with a day in a file, a closed one, a settled check and an open one."""
    monkeypatch.setattr(filing, "STEP_EVENTS", 7)
    monkeypatch.setattr(rows, "READ_AT_ONCE", 7)
    live_a_day(box, "one")
    live_a_day(box, "two")
    file_all(box.journal)
    for name in ("open", "done"):
        box.desk.run(OpenCheck(f"o-{name}", f"c-{name}"), BOSS)
    with box.log.writing(Stamp("boss", "2026-11-24")) as writing:
        writing.append(ev.Squared("c-done", 0, 0))
    return box


def update(journal: Journal, *, at_once: bool = False) -> bool:
    """Start as another version does: nothing is as its own code would have folded it."""
    with journal.transaction() as db:
        db.execute("PRAGMA user_version = 7")
        db.execute("UPDATE projection SET hash = 'of an older version'")
    return folding.renew(journal, at_once=at_once)


def old(journal: Journal) -> set[str]:
    query = "SELECT aggregate FROM projection WHERE hash = 'of an older version'"
    return {name for (name,) in journal.reader().execute(query)}


def catch_up(journal: Journal) -> int:
    steps = 0
    while joining.fold(journal, 5):
        steps += 1
    return steps


def test_what_is_open_is_right_at_once_and_closed_days_in_the_end(here: Box) -> None:
    before = here.journal.digest()
    assert update(here.journal)
    assert not joining.settled(here.journal)
    assert OPEN not in old(here.journal)
    assert {DONE, OLD} <= old(here.journal)
    assert here.journal.state(OLD).number, "it can be looked at meanwhile"
    assert catch_up(here.journal) > 5
    assert joining.settled(here.journal)
    assert here.journal.digest() == before
    assert not update_needed(here.journal)


def update_needed(journal: Journal) -> bool:
    return folding.renew(journal)


def test_all_at_once_comes_to_the_same(here: Box) -> None:
    before = here.journal.digest()
    assert update(here.journal, at_once=True)
    assert joining.settled(here.journal)
    assert here.journal.digest() == before


def test_an_update_that_is_cut_short_goes_on_at_the_next_start(here: Box) -> None:
    before = here.journal.digest()
    update(here.journal)
    joining.fold(here.journal, 5)
    here.journal.close()
    again = Journal(here.journal.path)
    assert not folding.renew(again)
    catch_up(again)
    assert again.digest() == before
    again.close()


def test_a_second_update_before_the_first_is_through_begins_again(here: Box) -> None:
    before = here.journal.digest()
    update(here.journal)
    joining.fold(here.journal, 5)
    update(here.journal)
    catch_up(here.journal)
    assert here.journal.digest() == before


def test_a_state_of_another_shape_is_made_from_its_events(here: Box) -> None:
    right = here.journal.state(OLD)
    shape = zlib.compress(json.dumps({"number": {"was": "an object once"}}).encode())
    update(here.journal)
    with here.journal.transaction() as db:
        db.execute("UPDATE projection SET state = ? WHERE aggregate = ?", (shape, OLD))
        db.execute("UPDATE projection SET hash = 'unseen' WHERE aggregate = ?", (OLD,))
    assert here.journal.state(OLD) == right
    assert right in here.journal.states("check")


def test_what_the_older_code_filed_under_less_is_found(here: Box) -> None:
    before = here.journal.digest()
    with here.journal.transaction() as db:
        db.execute("DELETE FROM aggregate_event WHERE aggregate IN (?, ?)", (OLD, OPEN))
        db.execute("DELETE FROM projection WHERE aggregate IN (?, ?)", (OLD, OPEN))
    update(here.journal)
    assert here.journal.state(OPEN).number
    catch_up(here.journal)
    assert here.journal.digest() == before


def test_control_nobody_goes_on_and_closed_days_stay_old(here: Box) -> None:
    before = here.journal.digest()
    update(here.journal)
    assert here.journal.digest() != before
    assert {name.partition(":")[0] for name in old(here.journal)} <= FOLDS.keys()
    assert OLD in old(here.journal)


def unreadable(journal: Journal, aggregate: str) -> Sealed:
    """Let the disk change the first event of an aggregate; returns what it was."""
    query = (
        "SELECT position, payload, signature FROM aggregate_event JOIN event USING (position)"
        " WHERE aggregate = ? ORDER BY position LIMIT 1"
    )
    with journal.transaction() as db:
        position, payload, signature = db.execute(query, (aggregate,)).fetchone()
        db.execute("UPDATE event SET payload = x'00' WHERE position = ?", (position,))
    return Sealed(payload, signature)


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("aggregate", [OPEN, DONE])
def test_what_the_disk_made_unreadable_stops_no_update(
    here: Box, aggregate: str, *, at_once: bool
) -> None:
    before = here.journal.digest()
    true = unreadable(here.journal, aggregate)
    assert update(here.journal, at_once=at_once)
    catch_up(here.journal)
    assert joining.settled(here.journal)
    assert old(here.journal) <= {aggregate}
    assert healing.mend(here.journal, [true], restaurant="r1", trust={here.name: here.card})
    assert here.journal.digest() == before
