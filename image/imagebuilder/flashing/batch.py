"""Flashes several units at the same time; what one does wrong is nothing to the others."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from imagebuilder.flashing.bench import Bench
from imagebuilder.flashing.unit import Outcome, Target

AT_ONCE = 8  # more share one USB root and one processor, and win nothing


def flash_all(bench: Bench, targets: Sequence[Target], at_once: int = AT_ONCE) -> list[Outcome]:
    """Flash all targets; return how each ended, in their order."""
    with ThreadPoolExecutor(max_workers=at_once) as pool:
        return list(pool.map(bench.work, targets))
