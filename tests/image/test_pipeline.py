import os
from pathlib import Path

import pytest

from imagebuilder.cache import Cache
from imagebuilder.errors import BuildError
from imagebuilder.work import Work
from tests.image.workshop import MemoryReporter, NoteStage, pipeline


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "repo").mkdir()
    (tmp_path / "repo" / "menu").write_text("tea")
    return tmp_path


def test_a_stage_reads_its_predecessors_result(site: Path) -> None:
    results = pipeline(
        site, MemoryReporter(), one=NoteStage("1"), two=NoteStage("2", AFTER=("one",))
    ).run()
    assert (results["two"] / "note").read_text() == "12"


def test_an_unchanged_stage_never_runs_again(site: Path) -> None:
    stage = NoteStage("1", reads=("menu",))
    pipeline(site, MemoryReporter(), one=stage).run()
    reporter = MemoryReporter()
    pipeline(site, reporter, one=stage).run()
    assert stage.runs == 1
    assert reporter.lines == ["one: cached"]


@pytest.mark.parametrize("what", ["option", "input", "predecessor"])
def test_whatever_a_stage_is_made_of_makes_it_run_again(site: Path, what: str) -> None:
    first, second = NoteStage("1"), NoteStage("2", AFTER=("one",), reads=("menu",))
    pipeline(site, MemoryReporter(), one=first, two=second).run()
    if what == "option":
        second.text = "3"
    elif what == "input":
        (site / "repo" / "menu").write_text("coffee")
    else:
        first.text = "0"
    pipeline(site, MemoryReporter(), one=first, two=second).run()
    assert second.runs == 2


def test_a_stage_after_one_file_of_a_result_follows_only_that_file(site: Path) -> None:
    first = NoteStage("1")
    same, other = NoteStage(AFTER=("one/constant",)), NoteStage(AFTER=("one/note",))
    pipeline(site, MemoryReporter(), one=first, same=same, other=other).run()
    first.text = "changed"
    pipeline(site, MemoryReporter(), one=first, same=same, other=other).run()
    assert (first.runs, same.runs, other.runs) == (2, 1, 2)


def test_a_failed_stage_leaves_no_half_result(site: Path) -> None:
    def fail(work: Work) -> None:
        raise BuildError("it broke", where=str(work.result), hint="mend it")

    stage = NoteStage(act=fail)
    for _ in range(2):
        with pytest.raises(BuildError, match="it broke"):
            pipeline(site, MemoryReporter(), one=stage).run()
    assert stage.runs == 2
    assert list((site / "cache" / "work").iterdir()) == []


def test_a_full_disk_ends_in_one_line_with_stage_and_remedy(site: Path) -> None:
    def fill(work: Work) -> None:
        del work
        with Path("/dev/full").open("wb", buffering=0) as file:
            file.write(b"x")

    with pytest.raises(BuildError, match=r"No space left.*stage one.*free space") as caught:
        pipeline(site, MemoryReporter(), one=NoteStage(act=fill)).run()
    assert "\n" not in str(caught.value)


def test_what_a_killed_build_left_is_swept(site: Path) -> None:
    left = site / "cache" / "work" / "one-123456789012-4194999"
    kept = site / "cache" / "work" / f"two-123456789012-{os.getpid()}"
    left.mkdir(parents=True)
    kept.mkdir()
    pipeline(site, MemoryReporter(), one=NoteStage()).run()
    assert not left.exists()
    assert kept.exists()


def test_explain_names_the_input_that_changed(site: Path) -> None:
    stages = {"one": NoteStage(reads=("menu",)), "two": NoteStage(AFTER=("one",))}
    first = pipeline(site, MemoryReporter(), **stages)
    assert next(first.explain("image")).endswith("never built here")
    first.run()
    first.record("image")
    assert "cached" in next(pipeline(site, MemoryReporter(), **stages).explain("image"))
    (site / "repo" / "menu").write_text("coffee")
    said = list(pipeline(site, MemoryReporter(), **stages).explain("image"))
    assert said[0].startswith("one: would run")
    assert said[0].endswith("menu changed")
    assert said[1].endswith("stage one changed")


def test_what_a_stage_cost_is_kept_with_its_result(site: Path) -> None:
    stages = {"one": NoteStage()}
    made = pipeline(site, MemoryReporter(), **stages)
    made.run()
    step = made.step("one")
    assert step
    cost = Cache(site / "cache").read_cost("one", step.key)
    assert cost is not None
    assert cost >= 0
    assert Cache(site / "cache").read_cost("one", "other") is None


def test_explain_runs_nothing(site: Path) -> None:
    stage = NoteStage()
    list(pipeline(site, MemoryReporter(), one=stage).explain("image"))
    assert stage.runs == 0
