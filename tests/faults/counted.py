"""``python -m tests.faults.counted``: plays R9, R10, R14, F2, C2 and C4, and counts them.

The first are the real domain, journal and replica in one process; F2 is a demo's restaurant with
real browsers, C2 and C4 are the cloud's real programs with simulated restaurants. What was counted
is kept after every batch, so that a long run goes on where it stopped, and written into the page of
reliability.
"""

import argparse
import json
import logging
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType

from tests.faults import cloud_crowd, cloud_kills, tablets
from tests.faults.__main__ import keep
from tests.faults.controls import CONTROLS
from tests.faults.edit_evenings import play
from tests.faults.edits import EDITS, Pairs
from tests.faults.evening import eight
from tests.faults.mutants import MUTATIONS, Target, any_signature
from tests.faults.netns.report import PAGE, WITHOUT, standing, table
from tests.faults.netns.state import default_folder
from tests.faults.simulation import IN_MEMORY, run

BEGIN, END = "<!-- measured: in one process -->", "<!-- end: in one process -->"
HEAD = ("case", "what was done", "counted", "faults", "CPU time", "load", "asked for")
CONTROL_HEAD = ("case", "defence off", "counted", "seen first")
OFF = {
    **CONTROLS,
    "any-signature": any_signature,
    "mark-first": cloud_kills.without("mark-first"),
    "no-resend": cloud_crowd.no_resend,
    "deaf": tablets.deaf,
}
FAULTS_MAX = 20


@dataclass
class Tally:
    """What batches of a case came to, added up; ``at`` is where the next begins."""

    at: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    cpu_s: float = 0.0
    load: float = 0.0


Batch = Callable[[int, int, Tally], None]


@dataclass(frozen=True)
class Case:
    """``play`` plays a number of units from one on; ``controls`` are defences to be missed."""

    name: str
    about: str
    passes: str
    play: Batch
    short: int
    long: int
    batch: int
    controls: Mapping[str, str]
    control_units: int


def evenings(first: int, count: int, tally: Tally) -> None:
    for seed in range(first + 1, first + count + 1):
        verdict = run(seed, eight(seed))
        counts = asdict(verdict.counts)
        tally.counts.update(seeds=1, **{name: n for name, n in counts.items() if n})
        tally.faults += [f"seed {seed}: {fault}" for fault in verdict.faults]


def edits(first: int, count: int, tally: Tally) -> None:
    """Play all pairs once, then evenings of steps; a batch's seed is where it begins."""
    if not first:
        _all_pairs(tally)
    try:
        tally.counts.update(steps=play(count, first))
    except AssertionError as fault:
        tally.faults.append(f"from step {first}: {fault}")


def _all_pairs(tally: Tally) -> None:
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        pairs = Pairs(Path(folder))
        for one in EDITS:
            for other in EDITS:
                found = pairs.digests(one, other)
                tally.counts.update(pairs=1)
                if len(found) > 1:
                    tally.faults.append(f"{one} and {other}: {len(found)} states")


def mutants(first: int, count: int, tally: Tally) -> None:
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        target = Target(Path(folder), first)
        for number in range(first, first + count):
            tally.counts.update({"mutants": 1, target.attack(number): 1})
        target.close()
        tally.faults += target.faults


def kills(first: int, count: int, tally: Tally) -> None:
    tally.faults += cloud_kills.play(first, count, tally.counts)


def tablets_move(_first: int, count: int, tally: Tally) -> None:
    tally.faults += tablets.play(count, tally.counts)


def crowd(_first: int, count: int, tally: Tally) -> None:
    tally.faults += cloud_crowd.play(count, tally.counts)


CASES = {
    case.name: case
    for case in (
        Case(
            "R9",
            f"every pair of {len(EDITS)} edits done at once, delivered in every order; evenings at"
            " three terminals that hear each other now and then (Hypothesis)",
            "100,000 steps, the same hash for every order of delivery",
            edits, 1000, 110_000, 5000,
            {"arrival-order": "events are folded as they come"}, 1000,
        ),
        Case(
            "R10",
            "brief evenings of disasters at eight simulated terminals, half of them with a cloud",
            "no fault in 1,000,000 seeds, 2,000 in CI",
            evenings, 2000, 1_000_000, 50,
            {
                "belief": "an event counts as SAFE once the broker took it",
                "arrival-order": "events are folded as they come",
                "one-payment": "the last payment of a check replaces the one before",
                "no-pull": "events are sent once and never asked for",
                "no-cutoff": "what a retired terminal wrote is thrown away, attested or not",
            },
            100,
        ),
        Case(
            "R14",
            f"forged, damaged, repeated, too large and missing events, {len(MUTATIONS)} ways, given"
            " to the replica of a peer",
            "10,000 mutants, all refused or put in quarantine, peers unaffected",
            mutants, 300, 10_000, 100,
            {"any-signature": "every signature is believed"}, 100,
        ),
        Case(
            "F2",
            "the terminal of two phones dies (kill -9) in the middle of their orders, then the one"
            " where they went; a real browser",
            "each goes on at the next terminal within 3 s, with what was not sent",
            tablets_move, 3, 100, 10,
            {"deaf": "a page hears of no other terminal"}, 1,
        ),
        Case(
            "C2",
            "each part of the cloud killed (kill -9) in turn while a hundred restaurants upload:"
            " three RabbitMQ nodes with quorum queues, PostgreSQL, two workers",
            "0 events missing, 0 there twice in PostgreSQL",
            kills, 6, 30, 6,
            {"mark-first": "marks and acknowledgements go out before the commit"}, 1,
        ),
        Case(
            "C4",
            "2,000 restaurants, each with a connection of its own (Mosquitto), come back at once"
            " with 20 events each after the cloud's broker and workers were killed",
            "all drained, 99 of 100 within 60 s, no broker out of memory",
            crowd, 2000, 2000, 2000,
            {"no-resend": "restaurants believe that what their link took has arrived"}, 200,
        ),
    )
}  # fmt: skip


def played(case: Case, tally: Tally, goal: int) -> Iterator[Tally]:
    """Play until so many units are done, batch by batch."""
    while tally.at < goal and len(tally.faults) < FAULTS_MAX:
        begin_s, count = time.process_time(), min(case.batch, goal - tally.at)
        case.play(tally.at, count, tally)
        tally.at += count
        tally.cpu_s += time.process_time() - begin_s
        tally.load = max(tally.load, os.getloadavg()[0])
        yield tally


class Kept:
    """Tallies, a file each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def file(self, case: str, control: str = "") -> Path:
        return self._folder / f"{case}-counted{control and '-'}{control}.json"

    def read(self, case: str, control: str = "") -> Tally:
        file = self.file(case, control)
        if not file.exists():
            return Tally()
        raw = json.loads(file.read_text(encoding="utf-8"))
        return Tally(**raw | {"counts": Counter(raw["counts"])})

    def write(self, tally: Tally, case: str, control: str = "") -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        new = self.file(case, control).with_suffix(".new")
        new.write_text(json.dumps(vars(tally)), encoding="utf-8")
        new.replace(self.file(case, control))


def count(case: Case, kept: Kept, goal: int) -> bool:
    """Play a case and its controls; tells whether all is as it must be."""
    tally = kept.read(case.name)
    for now in played(case, tally, goal):
        kept.write(now, case.name)
        print(case.name, now.at, f"{now.cpu_s:.0f} s", len(now.faults), "faults", flush=True)
    if case.name == "R10":
        for fault in tally.faults:
            keep(int(fault.split(":")[0].removeprefix("seed ")), eight.__name__, fault)
    right = not tally.faults
    for control in case.controls:
        off = Tally()
        with OFF[control]():
            for _ in played(case, off, case.control_units):
                if off.faults:
                    break
        kept.write(off, case.name, control)
        print(case.name, control, off.at, off.faults[:1] or "nothing was seen", flush=True)
        right = right and bool(off.faults)
    return right


def render(kept: Kept, before: str = "") -> str:
    """Return both tables; what was not counted on this computer stays as it was ``before``."""
    first, _, second = before.partition(WITHOUT)
    rows = {row[:1]: row for row in map(tuple, standing(first, CASES))}
    controls = {row[:2]: row for row in map(tuple, standing(second, CASES))}
    for case in CASES.values():
        tally = kept.read(case.name)
        if tally.at:
            rows[case.name,] = _row(case, tally)
        for control, about in case.controls.items():
            off = kept.read(case.name, control)
            if off.at:
                seen = off.faults[0] if off.faults else "nothing"
                controls[case.name, about] = (case.name, about, _counts(off), seen)
    order = [(case.name, about) for case in CASES.values() for about in case.controls.values()]
    played = table(HEAD, [rows[name,] for name in CASES if (name,) in rows])
    off_rows = table(CONTROL_HEAD, [controls[key] for key in order if key in controls])
    return f"{played}\n\n{WITHOUT}\n\n{off_rows}"


def _row(case: Case, tally: Tally) -> tuple[object, ...]:
    cpu, load = f"{tally.cpu_s:,.0f} s", f"{tally.load:.0f}"
    return (
        case.name, case.about, _counts(tally), len(tally.faults), cpu, load, case.passes,
    )  # fmt: skip


def _counts(tally: Tally) -> str:
    return ", ".join(f"{n:,} {name.replace('_', ' ')}" for name, n in tally.counts.items())


def _end(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)  # so that programs that were started end, too


def main(arguments: list[str]) -> int:
    """Return 0 when every case held and every control was seen to fail."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.counted", description=__doc__)
    parser.add_argument("cases", nargs="*", help=f"of {', '.join(CASES)}; none: all")
    parser.add_argument("--long", action="store_true", help="as often as the pass figures ask")
    parser.add_argument("--units", type=int, default=0, help="how many altogether")
    parser.add_argument("--report", action="store_true", help="write the tables")
    parser.add_argument("--state", type=Path, default=default_folder(), help="what is kept where")
    options = parser.parse_args(arguments)
    logging.disable(logging.CRITICAL)
    signal.signal(signal.SIGTERM, _end)
    kept = Kept(options.state)
    if options.report:
        text = PAGE.read_text(encoding="utf-8")
        before, _, rest = text.partition(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n\n{render(kept, rest)}\n\n{END}{rest.partition(END)[2]}")
        return 0
    right = True
    for case in (CASES[name] for name in options.cases or CASES):
        goal = options.units or (case.long if options.long else case.short)
        right = count(case, kept, goal) and right
    return int(not right)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
