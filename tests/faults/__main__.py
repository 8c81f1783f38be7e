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
from tests.faults.simulation import NODES, Verdict, run

KEPT = Path(__file__).with_name("failed_seeds.txt")
AHEAD = 64


def kept_seeds() -> list[int]:
    """Return every seed that ever failed."""
    lines = KEPT.read_text(encoding="ascii").splitlines()
    return [int(line.split()[0]) for line in lines if line and not line.startswith("#")]


def play(task: tuple[int, int, str]) -> Verdict:
    """Play a seed, with a defence off when one is named."""
    seed, nodes, control = task
    logging.disable(logging.CRITICAL)
    with CONTROLS[control]() if control else nullcontext():
        return run(seed, nodes)


def verdicts(tasks: Iterable[tuple[int, int, str]], jobs: int) -> Iterator[Verdict]:
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
    tasks = [(seed, options.nodes, options.control) for seed in seeds]
    begin_s, totals, failed = time.monotonic(), Counter[str](), 0
    for verdict in verdicts(tasks, options.jobs):
        totals.update(asdict(verdict.counts))
        if options.seed:
            print("\n".join(verdict.log))
        for fault in verdict.faults:
            print(f"seed {verdict.seed}: {fault}", flush=True)
        if verdict.faults:
            failed += 1
            if not options.control and verdict.seed not in kept_seeds():
                with KEPT.open("a", encoding="ascii") as kept:
                    kept.write(f"{verdict.seed} {verdict.faults[0][:100]}\n")
    seconds = time.monotonic() - begin_s
    counts = " ".join(f"{name}={count}" for name, count in totals.items())
    print(f"{len(tasks)} seeds, {failed} failed, {seconds:.0f} s: {counts}")
    return int(bool(failed) != bool(options.control))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seeds", type=int, default=50, help="how many")
    parser.add_argument("--first", type=int, default=1, help="the first of them")
    parser.add_argument("--seed", type=int, help="only this one, with what happened")
    parser.add_argument("--nodes", type=int, default=NODES)
    parser.add_argument("--jobs", type=int, default=1, help="processes at once")
    parser.add_argument("--control", default="", choices=["", *CONTROLS], help="a defence off")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
