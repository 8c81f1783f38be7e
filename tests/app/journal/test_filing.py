"""A closed day's bytes move into a file of their own; cut anywhere, nothing is lost or changed."""

import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from comptoir.commands import AddLine, AdmitTerminal, OpenCheck
from comptoir.commands.day import CloseDay
from comptoir.domain.envelope import LogId, Sealed
from comptoir.domain.house import Card
from comptoir.journal import Journal, JournalUnusable, day_files, filing, healing, verify
from tests.fakes.box import BOSS, Box, BoxMaker

DAY_MS = 86_400_000
EVENTS_A_DAY = 30
OWN = ("t1", 1)


def live_a_day(box: Box, name: str) -> None:
    """Open checks and close the day; the last check stays open."""
    for n in range(EVENTS_A_DAY // 2):
        box.desk.run(OpenCheck(f"o-{name}-{n}", f"c-{name}-{n}"), BOSS)
        box.desk.run(OpenCheck(f"p-{name}-{n}", f"d-{name}-{n}"), BOSS)
    box.desk.run(CloseDay(f"z-{name}"), BOSS)
    box.clock.ms += DAY_MS


@pytest.fixture
def here(box: Box, monkeypatch: pytest.MonkeyPatch) -> Box:
    """Return a terminal that closed two days, and files seven events a step."""
    monkeypatch.setattr(filing, "STEP_EVENTS", 7)
    live_a_day(box, "one")
    live_a_day(box, "two")
    return box


def held_by_all(journal: Journal) -> filing.Held:
    return lambda at: journal.head(at).seq


def file_all(journal: Journal) -> list[str]:
    """File what there is to be filed; returns the days."""
    days: list[str] = []
    for file in filing.begun(journal):
        list(filing.let_go(journal, file))
    while (day := filing.due(journal, held_by_all(journal))) is not None:
        days.append(day.date)
        list(filing.file_day(journal, day))
    return days


def everything(box: Box) -> tuple[list[Sealed], str]:
    return box.sealed(), box.journal.digest()


def filed(journal: Journal) -> int:
    query = "SELECT count(*) FROM event WHERE file IS NOT NULL AND payload = x''"
    return int(journal.reader().execute(query).fetchone()[0])


def files(journal: Journal) -> list[Path]:
    return sorted(day_files.folder_of(journal.path).iterdir())


def test_a_closed_day_is_read_as_before_from_a_file_that_nobody_may_write(here: Box) -> None:
    before = everything(here)
    assert file_all(here.journal) == ["2026-11-22"]
    assert filed(here.journal) == EVENTS_A_DAY
    assert everything(here) == before
    (file,) = files(here.journal)
    assert file.name == "2026-11-22.000.db"
    assert stat.S_IMODE(file.stat().st_mode) == 0o440
    assert verify(here.journal, {"t1": here.card}).faults == []
    here.journal.rebuild()
    assert here.journal.digest() == before[1]


def test_the_newest_closed_day_and_the_open_one_stay(here: Box) -> None:
    file_all(here.journal)
    assert filing.due(here.journal, held_by_all(here.journal)) is None
    live_a_day(here, "three")
    assert file_all(here.journal) == ["2026-11-23"]


@pytest.mark.parametrize("lacking", [1, EVENTS_A_DAY])
def test_what_somebody_lacks_stays(here: Box, lacking: int) -> None:
    closed = here.journal.state("day:t1").closes[0].ranges[0].last
    assert filing.due(here.journal, lambda _: closed - lacking) is None
    assert filing.due(here.journal, lambda _: closed) is not None


def test_what_later_days_still_fold_stays_in_the_journal(box: Box) -> None:
    peer = Card("t2", "B", "bar", "00" * 32, "")
    box.desk.run(AdmitTerminal("a", peer), BOSS)
    live_a_day(box, "one")
    live_a_day(box, "two")
    file_all(box.journal)
    query = "SELECT kind FROM event WHERE file IS NULL AND seq <= ?"
    last = box.journal.state("day:t1").closes[0].ranges[0].last
    kept = {kind for (kind,) in box.journal.reader().execute(query, (last,))}
    assert kept == {"terminal.admitted"}


def test_an_event_for_a_filed_check_folds_with_what_the_file_holds(here: Box) -> None:
    here.desk.run(OpenCheck("last", "c-last"), BOSS)
    file_all(here.journal)
    here.journal.close()
    number = here.journal.state("check:c-one-0").number
    with pytest.raises(Exception, match="soup"):
        here.desk.run(AddLine("l", "c-one-0", "l1", "soup", 1000), BOSS)
    here.journal.rebuild()
    assert here.journal.state("check:c-one-0").number == number != ""


def steps_of(journal: Journal) -> Iterator[None]:
    day = filing.due(journal, held_by_all(journal))
    assert day is not None
    yield from filing.file_day(journal, day)


@pytest.mark.parametrize("cut", range(11))
def test_cut_after_any_step_it_goes_on_and_nothing_differs(here: Box, cut: int) -> None:
    before = everything(here)
    steps = steps_of(here.journal)
    for _ in range(cut):
        next(steps)
    # the power is gone: nothing of the program runs any more, not even its cleaning up
    left = list(day_files.folder_of(here.journal.path).glob("*.part"))
    left_bytes = {file: file.read_bytes() for file in left}
    steps.close()  # type: ignore[attr-defined]
    for file, content in left_bytes.items():
        file.write_bytes(content)
    here.journal.close()
    assert everything(here) == before
    file_all(here.journal)
    assert everything(here) == before
    assert filed(here.journal) == EVENTS_A_DAY
    assert [file.suffix for file in files(here.journal)] == [".db"]


def lose(file: Path) -> None:
    file.unlink()


def garble(file: Path) -> None:
    file.chmod(0o600)
    file.write_bytes(b"\xff" * file.stat().st_size)


@pytest.mark.parametrize("damage", [lose, garble])
def test_what_a_lost_or_damaged_file_held_is_found_and_put_back(
    here: Box, damage: Callable[[Path], None]
) -> None:
    true, digest = everything(here)
    file_all(here.journal)
    here.journal.close()
    damage(files(here.journal)[0])
    missing, _ = healing.look(here.journal, healing.Place(), 1000)
    assert len(missing) == EVENTS_A_DAY
    trust = {"t1": here.card}
    assert healing.mend(here.journal, true, restaurant="r1", trust=trust) == missing
    assert everything(here) == (true, digest)
    assert filed(here.journal) == 0


def test_an_event_that_the_disk_changed_is_not_filed(here: Box) -> None:
    with here.journal.transaction() as db:
        db.execute("UPDATE event SET payload = x'00' WHERE seq = 3")
    file_all(here.journal)
    assert filed(here.journal) == EVENTS_A_DAY - 1
    missing, _ = healing.look(here.journal, healing.Place(), 1000)
    assert [place.seq for place in missing] == [3]


def test_control_a_file_that_holds_something_else_takes_nothing_out_of_the_journal(
    here: Box,
) -> None:
    before = everything(here)
    steps = steps_of(here.journal)
    for _ in range(6):
        next(steps)
    with here.journal.transaction() as db:
        db.execute("UPDATE event SET payload = CAST(payload || x'00' AS BLOB) WHERE seq = 5")
    list(steps)
    assert filed(here.journal) == EVENTS_A_DAY - 1
    trust = {"t1": here.card}
    healing.mend(here.journal, before[0], restaurant="r1", trust=trust)
    assert everything(here) == before


def test_a_disk_that_takes_no_file_is_named_and_everything_stays(here: Box) -> None:
    before = everything(here)
    day_files.folder_of(here.journal.path).write_text("in the way")
    with pytest.raises(JournalUnusable, match="2026-11-22"):
        list(steps_of(here.journal))
    assert everything(here) == before


def test_a_joining_terminal_gets_filed_days_like_any_other(here: Box, make_box: BoxMaker) -> None:
    file_all(here.journal)
    there = make_box("t2", letter="B")
    log: LogId = OWN
    batch = here.journal.range(log, 1, 1000, 1 << 20)
    there.journal.admit(batch, restaurant="r1", trust={"t1": here.card})
    assert there.journal.digest() == here.journal.digest()
