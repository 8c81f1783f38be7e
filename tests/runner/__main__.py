"""The command line behind `tests/run`: chooses suites, runs them, sums up."""

import argparse
import os
import subprocess
import sys
import time

from tests.runner import debian, report, steps, suites
from tests.runner.report import Result
from tests.runner.steps import Count

MINUTES_MAX = 240
LONG_FACTOR = 4  # of a suite's own bound, with --long


def main(arguments: list[str]) -> int:
    """Return 0 when every suite held, 1 when one failed, 2 for a wrong command."""
    ours, extra = _split(arguments)
    options = _parser().parse_args(ours)
    known = suites.load()
    if options.suites == ["list"]:
        print("\n".join(f"{suite.name:8} {suite.about}" for suite in known.values()))
        return 0
    if options.write:
        return subprocess.run([sys.executable, "-m", "tests.docs"], check=False).returncode
    if options.long:
        os.environ["TESTS_LONG"] = "1"
    try:
        chosen = suites.choose(known, options.suites)
        results = _run_all(chosen, extra, time.monotonic() + options.minutes_max * 60)
    except suites.SuiteUnknown as unknown:
        print(f"tests/run: {unknown}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\ntests/run: interrupted", file=sys.stderr)
        return 130
    print("\n".join(report.lines(results)), flush=True)
    return 1 if any(result.count.failed for result in results) else 0


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    if "--" not in arguments:
        return arguments, []
    cut = arguments.index("--")
    return arguments[:cut], arguments[cut + 1 :]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tests/run",
        description="Run all suites, or those named. Words after -- go to pytest.",
    )
    parser.add_argument("suites", nargs="*", metavar="SUITE", help="'list' names them")
    parser.add_argument("--long", action="store_true", help="also what takes minutes more")
    parser.add_argument(
        "--minutes-max", type=float, default=MINUTES_MAX, help="for all together; then it sums up"
    )
    parser.add_argument(
        "--write", action="store_true", help="renew the documents' generated parts, test nothing"
    )
    return parser


def _run_all(chosen: list[suites.Suite], extra: list[str], end: float) -> list[Result]:
    results: dict[str, Result] = {}
    for suite in chosen:
        failed = [name for name in suite.needs if name in results and results[name].count.failed]
        if failed:
            results[suite.name] = Result(suite.name, Count(failed=1), 0, failed[0])
        else:
            results[suite.name] = _run_suite(suite, extra, end)
        print("\n".join(report.ended(results[suite.name])), flush=True)
    return list(results.values())


def _run_suite(suite: suites.Suite, extra: list[str], end: float) -> Result:
    print(f"\n=== {suite.name}: {suite.about}", flush=True)
    start = time.monotonic()
    try:
        debian.install(suite.apt)
    except debian.PackagesMissing as missing:
        print(f"{suite.name}: {missing}", flush=True)
        lacking = Count(failed=1, failures=(str(missing),))
        return Result(suite.name, lacking, time.monotonic() - start)
    factor = LONG_FACTOR if os.environ.get("TESTS_LONG") else 1
    deadline = min(end, start + suite.minutes_max * factor * 60)
    total = Count()
    for words in suite.steps:
        total += steps.run(words, extra, max(1, deadline - time.monotonic()))
    return Result(suite.name, total, time.monotonic() - start)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
