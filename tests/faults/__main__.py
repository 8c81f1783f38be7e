"""`python -m tests.faults`: plays as many evenings of disasters as wanted, seed by seed."""

import argparse
import logging
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import asdict
from itertools import islice
from pathlib import Path

from tests.faults.controls import CONTROLS
from tests.faults.evening import FORMS, brief
from tests.faults.simulation import Verdict, run

KEPT = Path(__file__).with_name("failed_seeds.txt")
AHEAD = 64


Task = tuple[int, str, str]  # a seed, the form of its evening, a defence that is off


def kept_seeds() -> list[tuple[int, str]]:
    """Return every seed that ever failed, and the form of its evening."""
    lines = KEPT.read_text(encoding="ascii").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return [(int(seed), form) for seed, form, *_ in rows]


def keep(seed: int, form: str, fault: str) -> None:
    """Keep a seed that failed, to be played in every run from now on."""
    if (seed, form) not in kept_seeds():
        with KEPT.open("a", encoding="ascii") as kept:
            kept.write(f"{seed} {form} {fault[:100]}\n")


def play(task: Task) -> Verdict:
    """Play a seed, with a defence off when one is named."""
    seed, form, control = task
    logging.disable(logging.CRITICAL)
    with CONTROLS[control]() if control else nullcontext():
        return run(seed, FORMS[form](seed))


def verdicts(tasks: Iterable[Task], jobs: int) -> Iterator[Verdict]:
    """Play seeds, several at once, in order."""
    if jobs == 1:
        yield from map(play, tasks)
        return
    left = iter(tasks)
    with ProcessPoolExecutor(jobs) as pool:
        while batch := list(islice(left, AHEAD)):
            yield from pool.map(play, batch)


def main(arguments: list[str]) -> int:
    """Return 0 when no seed failed; of a control, when one did."""
    options = _parser().parse_args(arguments)
    seeds = [options.seed] if options.seed else range(options.first, options.first + options.seeds)
    tasks = [(seed, options.form, options.control) for seed in seeds]
    begin_s, totals, failed = time.monotonic(), Counter[str](), 0
    for verdict in verdicts(tasks, options.jobs):
        totals.update(asdict(verdict.counts))
        if options.seed:
            print("\n".join(verdict.log))
        for fault in verdict.faults:
            print(f"seed {verdict.seed}: {fault}", flush=True)
        if verdict.faults:
            failed += 1
            if not options.control:
                keep(verdict.seed, options.form, verdict.faults[0])
    seconds = time.monotonic() - begin_s
    counts = " ".join(f"{name}={count}" for name, count in totals.items())
    print(f"{len(tasks)} seeds, {failed} failed, {seconds:.0f} s: {counts}")
    return int(bool(failed) != bool(options.control))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seeds", type=int, default=50, help="how many")
    parser.add_argument("--first", type=int, default=1, help="the first of them")
    parser.add_argument("--seed", type=int, help="only this one, with what happened")
    parser.add_argument("--form", default=brief.__name__, choices=FORMS, help="of each evening")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once")
    parser.add_argument("--control", default="", choices=["", *CONTROLS], help="a defence off")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
