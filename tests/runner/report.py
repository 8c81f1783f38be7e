"""The last lines of a run: one row per suite, then the total that a CI can read."""

from dataclasses import dataclass

from tests.runner.steps import Count


@dataclass(frozen=True)
class Result:
    """How one suite ended; `blocked_by` names the failed suite it waited for."""

    suite: str
    count: Count
    seconds: float
    blocked_by: str = ""


def lines(results: list[Result]) -> list[str]:
    """Return the closing lines; the very last reads `N passed, N failed`."""
    total = sum((result.count for result in results), Count())
    rows = [_row(result) for result in results]
    return ["", *rows, f"{total.passed} passed, {total.failed} failed"]


def _row(result: Result) -> str:
    minutes, seconds = divmod(round(result.seconds), 60)
    word = "FAILED" if result.count.failed else "ok"
    if result.blocked_by:
        return f"{result.suite:8} not run: it needs {result.blocked_by}, which failed"
    counted = f"{result.count.passed:5} passed {result.count.failed:3} failed"
    return f"{result.suite:8} {word:6} {counted}  {minutes:3}:{seconds:02}"
