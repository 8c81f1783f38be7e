"""Plays cases inside the namespaces that ``python -m tests.faults.netns`` made; ends with them."""

import argparse
import logging
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType

from tests.faults.netns.box import TOP, Defences
from tests.faults.netns.case import Case, Sitting
from tests.faults.netns.cases import CASES
from tests.faults.netns.controls import UNBOUNDED
from tests.faults.netns.house import House, NotReady
from tests.faults.netns.oracle import STILL_S, Verdict, judge
from tests.faults.netns.state import State, Tally, default_folder
from tests.faults.netns.versions import older

TRIES_MAX = 3  # evenings until a control counts as unseen: chance decides who sells when
PATIENCE_S, SEEN_S = 60.0, 15.0  # until something counts as never; the same for a control


def together(cases: Sequence[Case], seed: int) -> Verdict:
    """Play the short forms of cases in one house, one after the other, and judge once."""
    first = cases[0]
    disk_kib = max(case.disk_kib for case in cases)
    clocks = any(case.own_clocks for case in cases)
    weather = any(case.weather for case in cases)
    whole = replace(first, disk_kib=disk_kib, own_clocks=clocks, weather=weather)
    evening = replace(whole, play=lambda sitting: _each(cases, sitting))
    verdict, _ = sit(evening, seed, 0, control=False)
    names = "+".join(case.name for case in cases)
    print(f"{names} seed={seed} {verdict.line()}", flush=True)
    return verdict


def _each(cases: Sequence[Case], evening: Sitting) -> None:
    for case in cases:
        before = len(evening.verdict.faults)
        case.play(replace(evening, rounds=case.rounds))
        found = evening.verdict.faults[before:]
        evening.verdict.faults[before:] = [f"{case.name}: {fault}" for fault in found]


def sit(case: Case, seed: int, rounds: int, *, control: bool) -> tuple[Verdict, Sitting]:
    """Build a house, play some rounds in it, and judge."""
    folder = Path(tempfile.mkdtemp(prefix="comptoir-faults-"))
    settings = dict(case.settings) | (dict(case.control_settings) if control else {})
    off = case.control if control else ""
    before = older(TOP, folder) if case.older else None
    parts = (case.disk_kib, case.own_clocks, case.weather, case.prints, before)
    defences = Defences(settings, off, *parts, firewall=off != UNBOUNDED)
    verdict = Verdict()
    try:
        house = House(case.terminals, folder, seed, defences)
        sitting = Sitting(house, verdict, rounds, SEEN_S if control else PATIENCE_S)
        try:
            house.open(case.guests)
            case.play(sitting)
            judge(house, verdict, cloud=case.cloud, still_s=SEEN_S if control else STILL_S)
        except NotReady as fault:
            verdict.fault(str(fault))
        finally:
            house.close()
        return verdict, sitting
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def play(case: Case, state: State, seed: int, *, long: bool, control: bool) -> Tally:
    """Play a case to its end, from where an earlier long run stopped; prints each sitting."""
    if not long:
        state.forget(case.name, "control" if control else "")
    tally = state.read(case.name, "control" if control else "")
    goal = TRIES_MAX * case.rounds_control if control else case.rounds_long if long else case.rounds
    safe = case.safe_long if long and not control else 0
    each = case.rounds_control if control else case.rounds_sitting
    while tally.rounds < goal or (tally.verdict.safe < safe and not tally.verdict.faults):
        rounds = min(each, max(goal - tally.rounds, 1) if not safe else goal)
        begin_s = time.monotonic()
        verdict, sitting = sit(case, seed + tally.sittings, rounds, control=control)
        tally.add(seed + tally.sittings, rounds, verdict, sitting.seconds, sitting.counts)
        state.write(tally)
        print(_line(case, tally, verdict, time.monotonic() - begin_s, control), flush=True)
        for fault in verdict.faults:
            print(f"    {fault}", flush=True)
        if control and seen(verdict):
            break
    return tally


def seen(verdict: Verdict) -> bool:
    """Tell whether a run that sold was found wrong: a house that never opened proves nothing."""
    return bool(verdict.faults and verdict.acked)


def _line(case: Case, tally: Tally, verdict: Verdict, seconds: float, control: bool) -> str:
    name = f"{case.name} control" if control else case.name
    seed, rounds = tally.seeds[-1], tally.rounds
    return f"{name} seed={seed} rounds={rounds} {verdict.line()} ({seconds:.0f} s)"


def main(arguments: list[str]) -> int:
    """Return 0 when every case held and every control was seen to fail."""
    options = parser().parse_args(arguments)
    logging.getLogger("comptoir").setLevel(logging.CRITICAL)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    if options.together:
        chosen = [CASES[name] for name in options.cases]
        return _told(together(chosen, options.seed))
    state = State(options.state)
    wrong = []
    for name in options.cases or CASES:
        if not options.controls:
            tally = play(CASES[name], state, options.seed, long=options.long, control=False)
            wrong += [name] if tally.verdict.faults else []
        if not options.no_controls:
            tally = play(CASES[name], state, options.seed, long=options.long, control=True)
            wrong += [] if seen(tally.verdict) else [f"control of {name}: nothing was seen"]
    print(f"wrong: {', '.join(wrong)}" if wrong else "all as it must be")
    return int(bool(wrong))


def _told(verdict: Verdict) -> int:
    for fault in verdict.faults:
        print(f"    {fault}", flush=True)
    return int(bool(verdict.faults))


def _end(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def parser() -> argparse.ArgumentParser:
    """Return what may be asked for."""
    one = argparse.ArgumentParser(prog="python -m tests.faults.netns", description=__doc__)
    one.add_argument("cases", nargs="*", help=f"of {', '.join(CASES)}; none: all")
    one.add_argument("--long", action="store_true", help="as often as the pass figures ask")
    one.add_argument("--controls", action="store_true", help="only the controls")
    one.add_argument("--no-controls", action="store_true", help="no controls")
    one.add_argument("--report", action="store_true", help="write the tables of what was counted")
    one.add_argument("--together", action="store_true", help="short forms, all in one house")
    one.add_argument("--seed", type=int, default=1)
    one.add_argument("--state", type=Path, default=default_folder(), help="where results are kept")
    return one


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
