"""Takes out of the tree what no terminal uses, as the base says: drivers, above all."""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Patterns below the tree: what goes, and what of it stays all the same."""

    patterns: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def prune(tree: Path, left_out: LeftOut) -> list[str]:
    """Remove what the patterns match; return those that matched nothing."""
    kept = {path for pattern in left_out.kept for path in tree.glob(pattern)}
    above = {parent for path in kept for parent in path.parents}
    idle = []
    for pattern in left_out.patterns:
        found = sorted(tree.glob(pattern))
        if not found:
            idle.append(pattern)
        for path in _removable(found, kept, above):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    return idle


def _removable(paths: Iterable[Path], kept: set[Path], above: set[Path]) -> Iterator[Path]:
    for path in paths:
        if path in kept:
            continue
        if path in above:
            yield from _removable(sorted(path.iterdir()), kept, above)
        else:
            yield path
