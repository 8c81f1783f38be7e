"""The page of counted faults says what the runs left, and nothing else."""

from pathlib import Path

import pytest

from tests.faults.netns import report
from tests.faults.netns.oracle import Verdict
from tests.faults.netns.state import State


@pytest.fixture
def state(tmp_path: Path) -> State:
    kept = State(tmp_path / "state")
    tally = kept.read("R1")
    tally.add(7, 10, Verdict(acked=1200, safe=1100, faults=["a hole"]), {"back after": [1.0, 3.0]})
    tally.add(8, 10, Verdict(acked=34, safe=34, lost=2), {"back after": [2.0]})
    kept.write(tally)
    return kept


def test_sittings_add_up_and_survive_being_stopped(state: State) -> None:
    tally = state.read("R1")
    assert (tally.rounds, tally.verdict.acked, tally.verdict.lost) == (20, 1234, 2)
    assert tally.verdict.faults == ["seed 7: a hole"]


def test_a_case_has_its_row_with_every_count_and_what_was_not_run_has_none(state: State) -> None:
    text = report.render(state)
    (row,) = [line for line in text.splitlines() if line.startswith("| R")]
    assert "| 20 of 100 | 1,234 | 1,134 | 0 | 2 |" in row
    assert "back after 2.0 s, at most 3.0 s" in row
    assert "| 7 to 8 |" in row


def test_a_page_without_its_marks_is_refused(state: State, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Nothing", encoding="utf-8")
    with pytest.raises(report.PageUnmarked, match="put back"):
        report.write(state, page)


def test_the_rows_of_what_was_run_elsewhere_stay(state: State, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Page\n{report.BEGIN}\n{report.END}\n", encoding="utf-8")
    report.write(state, page)
    other = State(tmp_path / "elsewhere")
    tally = other.read("R2")
    tally.add(1, 3, Verdict(acked=77), {"back after": [4.0]})
    other.write(tally)
    report.write(other, page)
    lines = page.read_text(encoding="utf-8").splitlines()
    assert [line[:4] for line in lines if line.startswith("| R")] == ["| R1", "| R2"]
    assert any("| 20 of 100 | 1,234 |" in line for line in lines)
    assert any("| 3 of 30 | 77 |" in line for line in lines)
