"""What a cut left on a boot partition: from which slot a terminal starts, and with which files.

The firmware is the model in `imagebuilder`; the file system is mended with `fsck.fat`.
"""

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from imagebuilder import firmware
from tests.power.replay import State, copied

A, B = "slot-a", "slot-b"
MENDED = 1  # fsck.fat's exit status
# Slot A's kernel and initramfs are large, and no update of slot B writes near them.
READ = ("config.txt", "tryboot.txt", f"{A}/cmdline.txt", f"{A}/*.dtb", B)
ALWAYS, TRIAL = "always", "trial"
Files = Mapping[str, bytes]


class Seen:
    """The boot partition in a file, as the firmware reads it, but for the largest files."""

    def __init__(self, partition: Path) -> None:
        said = self._mtool("mdir", "-/", "-b", "-i", partition, "::/")
        self._names = {line.removeprefix("::/") for line in said.splitlines() if line}
        out = partition.with_name(f"{partition.name}.seen")
        out.mkdir()
        try:
            (out / A).mkdir()
            for folder in ("", A):
                names = [f"::/{name}" for name in READ if name.startswith(A) == bool(folder)]
                self._mtool("mcopy", "-n", "-s", "-i", partition, *names, out / folder)
            found = [path for path in sorted(out.rglob("*")) if path.is_file()]
            self.files = {str(path.relative_to(out)): path.read_bytes() for path in found}
        finally:
            shutil.rmtree(out)

    def has(self, path: str) -> bool:
        """Tell whether a file is there."""
        return path in self._names

    def read(self, path: str) -> bytes:
        """Return its bytes; none if it cannot be read."""
        return self.files.get(path, b"")

    def of(self, slot: str) -> Files:
        """Return a slot's files."""
        return {name: data for name, data in self.files.items() if name.startswith(f"{slot}/")}

    def start(self, *, tryboot: bool) -> str:
        """Return the slot from which both modules start; none if they do not, or disagree."""
        try:
            chosen = {
                firmware.choose(self, model, tryboot=tryboot).prefix.rstrip("/")
                for model in firmware.MODELS.values()
            }
        except firmware.FirmwareError:
            return ""
        return chosen.pop() if len(chosen) == 1 else ""

    @staticmethod
    def _mtool(*argv: str | Path) -> str:
        environment = os.environ | {"MTOOLS_SKIP_CHECK": "1"}
        done = subprocess.run(argv, check=False, capture_output=True, text=True, env=environment)
        return done.stdout


@dataclass(frozen=True)
class Phase:
    """A step of an update; the recording was so long before and after it.

    Once it is over, ``then`` is what starts, always and on trial; while it goes on, this or what
    did before.
    """

    name: str
    begin: int
    end: int
    then: Mapping[str, str]


@dataclass
class BootVerdict:
    """What looking at many states came to."""

    starts: Counter[str] = field(default_factory=Counter)
    mended: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.starts.total()} cut states start from {dict(self.starts)}, {self.mended} of "
            f"them also mended, {len(self.faults)} not as they must"
        )


def allowed(phases: Sequence[Phase], kind: str, end: int) -> set[str]:
    """Return the slots that may start when the recording was so long; empty if any may, or none."""
    known: set[str] = set()
    for phase in phases:
        if end >= phase.begin and kind in phase.then:
            new = {phase.then[kind]}
            known = new if end >= phase.end else known | new
    return known


def judged(
    states: Iterable[State], phases: Sequence[Phase], files: Mapping[str, Files], mend_every: int
) -> BootVerdict:
    """Look at every state, at some of them again when mended; ``files`` are each slot's."""
    verdict = BootVerdict()
    for number, state in enumerate(states):
        starts, fault = _fault(state.path, state.end, phases, files)
        verdict.starts[starts] += 1
        if not fault and number % mend_every == 0:
            verdict.mended += 1
            fault = _mend(copy := copied(state)) or _fault(copy, state.end, phases, files)[1]
        if fault:
            verdict.faults.append(f"{fault} ({state.cut})")
    return verdict


def _fault(
    partition: Path, end: int, phases: Sequence[Phase], files: Mapping[str, Files]
) -> tuple[str, str]:
    seen = Seen(partition)
    starts, tried = seen.start(tryboot=False), seen.start(tryboot=True)
    if starts not in (due := allowed(phases, ALWAYS, end)):
        return starts, f"starts from {starts or 'nothing'}, not from {due}"
    if (trial := allowed(phases, TRIAL, end)) and tried not in trial:
        return starts, f"tries {tried or 'nothing'}, not {trial}"
    for slot in {starts, *trial}:
        if seen.of(slot) != files[slot]:
            return starts, f"{slot} starts, and its files are not whole"
    return starts, ""


def _mend(partition: Path) -> str:
    """Return what is wrong with the file system after it was mended."""
    for option, code_max in (("-a", MENDED), ("-n", 0)):
        argv = ["fsck.fat", option, str(partition)]
        done = subprocess.run(argv, check=False, capture_output=True, text=True)
        if done.returncode > code_max:
            return f"fsck.fat {option} ended with {done.returncode}: {done.stdout}{done.stderr}"
    return ""
