"""Prints what `tests/run bench` measures, all or parts; ends with 1 when one could not be."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.bench import (
    admit,
    artefacts,
    boot,
    build,
    cold,
    day,
    evening,
    flash,
    ingest,
    join,
    line,
    memory,
    office,
    pad,
    peers,
    pouch,
    reports,
    taps,
    weight,
)
from tests.bench.figures import Figure, NotMeasurable


@dataclass(frozen=True)
class Part:
    """One measurement; a long one takes minutes and is made when named or with --long."""

    name: str
    title: str
    measure: Callable[[bool], list[Figure]]
    long: bool = False


PARTS = (
    Part("line", "a line added, HTTP to answer ÷ one bare fsynced SQLite insert", line.measure),
    Part("pad", "a dish tapped and a search over 2,000 dishes", pad.measure),
    Part("taps", "taps per task, pressed in Chromium", taps.measure),
    Part("weight", "page weight and DOM nodes", weight.measure),
    Part("day", "a day of 2,000 checks closed", day.measure),
    Part("reports", "any report over 20,000 lines; over 1,000,000 with --long", reports.measure),
    Part("admit", "a range of foreign events taken in, of the processor", admit.measure),
    Part("join", "a terminal joins a log of 6,000 events", join.measure),
    Part("peers", "a sale's copy on a peer; among 3, 6 and 12 with --long", peers.measure),
    Part("pouch", "a sale's copy on a peer ÷ PouchDB's of the same", pouch.measure, True),
    Part(
        "ingest",
        "cloud: broker to commit, all on this computer; 10 to 2,000 restaurants with --long",
        ingest.measure,
    ),
    Part(
        "office",
        "head office: 200 restaurants side by side; 2,000 with --long",
        office.measure,
    ),
    Part("image", "the image", artefacts.measure),
    Part("build", "what a build costs", build.measure),
    Part("flash", "an image flashed ÷ dd of the same", flash.measure, True),
    Part("cold", "a build from nothing ÷ plain mmdebstrap of its packages", cold.measure, True),
    Part(
        "boot",
        "power-on to the till's first answer ÷ login of the bare root",
        boot.measure,
        True,
    ),
    Part("evening", "memory of a terminal's programs after an evening", evening.measure, True),
    Part("memory", "memory on a booted CM3", memory.measure, True),
)


def main(arguments: Sequence[str]) -> int:
    """Measure one after the other, so that nothing disturbs another."""
    names = _named(arguments)
    long = bool(os.environ.get("TESTS_LONG"))
    missing = 0
    for part in PARTS:
        if names and part.name not in names:
            continue
        print(f"\n{part.title}", flush=True)
        if part.long and not (long or names):
            print(f"  takes minutes: tests/run --long bench, or {part.name} alone")
            continue
        missing += not _measured(part, long)
    return 1 if missing else 0


def _named(arguments: Sequence[str]) -> set[str]:
    known = [part.name for part in PARTS]
    parser = argparse.ArgumentParser(prog="python3 -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(known)}")
    names = set(parser.parse_args(arguments).parts)
    if unknown := names.difference(known):
        parser.error(f"no part is called {', '.join(sorted(unknown))}")
    return names


def _measured(part: Part, long: bool) -> bool:
    try:
        for figure in part.measure(long):
            print(figure, flush=True)
    except NotMeasurable as reason:
        print(f"  not measured: {reason}", flush=True)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
