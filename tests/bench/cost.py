"""What a command cost, processor seconds and all that it started; what programs wrote to disk."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.figures import NotMeasurable

TAIL_LINES = 5
NOT_ON_DISK = 1 << 20  # so many bytes written, and none of them reached a disk
LINE_CHARACTERS_MAX = 200


@dataclass(frozen=True)
class Cost:
    """Seconds of processors (user and system) and of the clock on the wall."""

    cpu_s: float
    wall_s: float
    said: str = ""


def of(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    given: str = "",
) -> Cost:
    """Run a command to its end and return its cost; a failed one is no measurement."""
    start, before = time.monotonic(), os.times()
    done = subprocess.run(
        [str(word) for word in command],
        env={**os.environ, **(environment or {})},
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    after = os.times()
    if done.returncode != 0:
        tail = " / ".join(
            line[:LINE_CHARACTERS_MAX] for line in done.stdout.splitlines()[-TAIL_LINES:]
        )
        raise NotMeasurable(f"{command[0]} ended with {done.returncode}: {tail}")
    used = after.children_user - before.children_user
    used += after.children_system - before.children_system
    return Cost(used, time.monotonic() - start, done.stdout)


def written_bytes(*pids: int) -> int:
    """Return how many bytes running programs have had written to a disk (write_bytes, proc(5))."""
    return sum(_written(Path(f"/proc/{pid}/io")) for pid in pids)


def _written(told: Path) -> int:
    lines = dict(line.split(": ") for line in told.read_text(encoding="ascii").splitlines())
    if not int(lines["write_bytes"]) and int(lines["wchar"]) > NOT_ON_DISK:
        raise NotMeasurable("what is written here goes to no disk: set TMPDIR to a folder on one")
    return int(lines["write_bytes"])
