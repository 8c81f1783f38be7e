"""What a run says of its suites: a row each when it ends, all rows and the total a CI can read."""

from dataclasses import dataclass

from tests.runner.steps import Count

# A log that keeps only its end still names them.
FAILURES_MAX = 20
FAILURE_CHARACTERS_MAX = 200


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
    return ["", *_failures(results), *rows, f"{total.passed} passed, {total.failed} failed"]


def ended(result: Result) -> list[str]:
    """Return what is said at once when a suite ends, for a log that loses its last lines."""
    return ["", *_failures([result]), _row(result)]


def _row(result: Result) -> str:
    minutes, seconds = divmod(round(result.seconds), 60)
    word = "FAILED" if result.count.failed else "ok"
    if result.blocked_by:
        return f"{result.suite:8} not run: it needs {result.blocked_by}, which failed"
    counted = f"{result.count.passed:5} passed {result.count.failed:3} failed"
    return f"{result.suite:8} {word:6} {counted}  {minutes:3}:{seconds:02}"


def _failures(results: list[Result]) -> list[str]:
    """Return a line for each failed check, up to a bound."""
    named = [f"{one.suite}: {failure}" for one in results for failure in one.count.failures]
    kept = [f"  {line[:FAILURE_CHARACTERS_MAX]}" for line in named[:FAILURES_MAX]]
    more = len(named) - len(kept)
    return ["", *kept, *([f"  and {more} more"] if more else []), ""] if kept else []
