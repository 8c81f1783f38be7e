"""The runner counts honestly: what did not run, was skipped or took too long has failed."""

import sys
import textwrap
import time
from pathlib import Path

import pytest

from tests.runner import report, steps, suites
from tests.runner.report import Result
from tests.runner.steps import Count

NO_PLUGINS = ["-p", "no:cacheprovider", "--override-ini=addopts="]


def counted(tmp_path: Path, source: str) -> Count:
    file = tmp_path / "test_planted.py"
    file.write_text(textwrap.dedent(source), encoding="utf-8")
    return steps.run(("pytest", "-q", str(file)), NO_PLUGINS, 60)


def test_a_passed_and_a_failed_test_are_counted(tmp_path: Path) -> None:
    source = "def test_a(): pass\ndef test_b(): pass\ndef test_c(): assert False\n"
    assert counted(tmp_path, source) == Count(passed=2, failed=1)


def test_a_skipped_test_has_failed(tmp_path: Path) -> None:
    source = "import pytest\ndef test_a(): pytest.skip('no broker')\n"
    assert counted(tmp_path, source) == Count(failed=1)


def test_a_run_without_tests_has_failed(tmp_path: Path) -> None:
    assert counted(tmp_path, "") == Count(failed=1)


def test_a_file_that_cannot_be_read_has_failed(tmp_path: Path) -> None:
    assert counted(tmp_path, "import nowhere_at_all") == Count(failed=1)


def test_any_other_command_is_one_check() -> None:
    assert steps.run(("true",), [], 10) == Count(passed=1)
    assert steps.run(("false",), [], 10) == Count(failed=1)


def test_a_missing_command_has_failed() -> None:
    assert steps.run(("no-such-command-anywhere",), [], 10) == Count(failed=1)


def test_a_step_that_takes_too_long_is_ended_with_its_children() -> None:
    start = time.monotonic()
    family = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    sleeper = (sys.executable, "-c", f"import time; {family}; time.sleep(60)")
    assert steps.run(sleeper, [], 0.5) == Count(failed=1)
    assert time.monotonic() - start < steps.GRACE_S


def test_the_last_line_is_the_total() -> None:
    results = [Result("lint", Count(3, 0), 1), Result("unit", Count(4, 2), 61)]
    assert report.lines(results)[-1] == "7 passed, 2 failed"


def test_a_failed_test_is_named_with_the_first_line_of_its_error(tmp_path: Path) -> None:
    source = "class TestTill:\n    def test_sells(self): raise OSError('no till\\nmore')\n"
    failures = counted(tmp_path, source).failures
    assert failures == ("test_planted.TestTill.test_sells: OSError: no till",)


def test_whatever_failed_is_named() -> None:
    assert steps.run(("false",), [], 10).failures == ("false: ended with 1",)


def test_what_failed_is_said_when_its_suite_ends_and_again_before_the_table() -> None:
    failed = Count(1, 30, tuple(f"test_{number}: why" for number in range(30)))
    result = Result("unit", failed, 1)
    assert "  unit: test_0: why" in report.ended(result)
    lines = report.lines([result])
    assert lines.index("  unit: test_0: why") < len(lines) - 3
    assert f"  and {30 - report.FAILURES_MAX} more" in lines
    assert lines[-1] == "1 passed, 30 failed"


def test_a_suite_that_could_not_run_says_why() -> None:
    lines = report.lines([Result("system", Count(failed=1), 0, "image")])
    assert "not run: it needs image" in "\n".join(lines)
    assert lines[-1] == "0 passed, 1 failed"


def test_the_suites_are_all_there_in_order_of_cost() -> None:
    names = ["lint", "types", "unit", "docs", "browser", "roles", "image", "system", "bench"]
    assert list(suites.load()) == names


def test_a_suite_that_nobody_knows_is_refused() -> None:
    with pytest.raises(suites.SuiteUnknown, match="lint"):
        suites.choose(suites.load(), ["linnt"])


def test_suites_run_in_the_files_order_however_they_are_named() -> None:
    chosen = suites.choose(suites.load(), ["system", "lint", "image"])
    assert [suite.name for suite in chosen] == ["lint", "image", "system"]
