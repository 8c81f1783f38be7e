"""Prints every measurement of `tests/run bench`; ends with 1 only when one could not be made."""

import os
import sys
from collections.abc import Callable

from tests.bench import artefacts, boot, build, line, memory
from tests.bench.figures import Figure, NotMeasurable

MEASUREMENTS: dict[str, Callable[[bool], list[Figure]]] = {
    "a line added, HTTP to answer ÷ one bare fsynced SQLite insert": line.measure,
    "the image": artefacts.measure,
    "what a build costs": build.measure,
    "power-on to the till's first answer ÷ login of the bare root": boot.measure,
    "memory on a booted CM3": memory.measure,
}
# Each boots an emulated board for minutes.
LONG = {boot.measure, memory.measure}


def main() -> int:
    """Measure everything, one after the other, so that nothing disturbs another."""
    long = bool(os.environ.get("TESTS_LONG"))
    missing = 0
    for title, measure in MEASUREMENTS.items():
        print(f"\n{title}", flush=True)
        if measure in LONG and not long:
            print("  takes an emulated boot: tests/run --long bench")
            continue
        try:
            for figure in measure(long):
                print(figure, flush=True)
        except NotMeasurable as reason:
            print(f"  not measured: {reason}", flush=True)
            missing += 1
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
