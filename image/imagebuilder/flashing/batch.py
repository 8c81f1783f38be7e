"""Flashes several units at the same time; what one does wrong is nothing to the others."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from imagebuilder.flashing import unit
from imagebuilder.flashing.bars import Bars
from imagebuilder.flashing.image import Image
from imagebuilder.flashing.stopping import stop_on_signal
from imagebuilder.flashing.unit import Outcome, Result, Stopped, Target

AT_ONCE = 8  # more share one USB root and one processor, and win nothing


@dataclass(frozen=True)
class Ended:
    """A unit and how it ended."""

    target: Target
    outcome: Outcome


def flash_all(
    image: Image, work: Sequence[tuple[Target, bytes | None]], bars: Bars, at_once: int = AT_ONCE
) -> list[Ended]:
    """Flash each target with its enrolment; Ctrl-C ends all of them, each marked failed."""
    with stop_on_signal() as stop, ThreadPoolExecutor(max_workers=at_once) as pool:
        futures = [pool.submit(_one, image, *each, bars, stop) for each in work]
        wait(futures)
    return [future.result() for future in futures]


def _one(
    image: Image, target: Target, enrol: bytes | None, bars: Bars, stop: threading.Event
) -> Ended:
    name = name_of(target.path)
    bars.begin(name, target.described)

    def told(step: str, share: float) -> None:
        if stop.is_set():
            raise Stopped
        bars.told(name, step, share)

    outcome = unit.flash(image, target, enrol, told)
    bars.end(name, said(outcome, image), good=outcome.result is Result.GOOD)
    return Ended(target, outcome)


def name_of(path: Path) -> str:
    """Return what a unit is called on screen."""
    return path.name if path.is_relative_to("/dev") else str(path)


def said(outcome: Outcome, image: Image) -> str:
    """Return how a unit ended, in one line."""
    if outcome.result is not Result.GOOD:
        return outcome.reason
    mib = image.blocks.mapped / (1 << 20)
    rate = mib / max(outcome.seconds, 0.001)
    return (
        f"good, {mib:.0f} MiB written and read back in {outcome.seconds:.1f} s ({rate:.0f} MiB/s)"
    )
