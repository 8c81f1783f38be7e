import json
from pathlib import Path

import pytest

from comptoir.commands import Actor, SetStaff
from comptoir.domain.house import MANAGER, SYSTEM
from comptoir.web import system_update
from comptoir.web.system_update import Ending
from tests.app.web.conftest import Screen

AT, AT_MS = "2026-11-22T03:10:00Z", 1_795_317_000_000
NOTE = {"at": AT, "slot": "slot-b", "outcome": "kept", "why": "", "before": "slot-a"}
BACK = {**NOTE, "outcome": "went back", "why": "the till does not answer"}


def note(place: Path, said: object) -> Path:
    place.write_text(said if isinstance(said, str) else json.dumps(said), "utf-8")
    return place


def test_the_note_of_the_judge_is_read_as_it_writes_it(tmp_path: Path) -> None:
    place = tmp_path / "outcome.json"
    assert system_update.last(place) is None
    assert system_update.last(note(place, NOTE)) == Ending(AT_MS, True, "")
    assert system_update.last(note(place, BACK)) == Ending(AT_MS, False, BACK["why"])


@pytest.mark.parametrize(
    "said", ["", "{", "[]", {**NOTE, "at": "today"}, {"at": AT}, {**NOTE, "outcome": "failed"}]
)
def test_a_damaged_note_or_one_of_a_trial_not_over_tells_nothing(
    tmp_path: Path, said: object
) -> None:
    assert system_update.last(note(tmp_path / "outcome.json", said)) is None


def test_the_strip_says_that_an_update_went_back_and_nothing_of_one_that_is_kept(
    waiter: Screen,
) -> None:
    place = waiter.till.settings.update_note
    assert "lamp-update" not in waiter.get("/strip").text
    note(place, NOTE)
    assert "lamp-update" not in waiter.get("/strip").text
    note(place, BACK)
    assert "Update went back" in waiter.get("/strip").text.replace("</b><small>", " ")


def test_the_manager_reads_when_and_why(screen: Screen) -> None:
    english = SetStaff("en", "li-wei", "Li Wei", MANAGER, None, "en")
    screen.till.desk.run(english, Actor("s", SYSTEM))
    manager = screen.sign_in("li-wei")
    place, page = manager.till.settings.update_note, "/manager/terminals"
    assert "last-update" not in manager.get(page).text
    note(place, NOTE)
    assert "The update of 22/11 04:10 is kept" in manager.get(page).text
    note(place, BACK)
    text = manager.get(page).text
    assert "The update of 22/11 04:10 went back: the system before sells on" in text
    assert BACK["why"] in text
