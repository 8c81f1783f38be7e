"""Lays the files of packages into a tree, without dpkg and without running anything of theirs."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from imagebuilder.apt import Package
from imagebuilder.work import Work

# Nobody reads them on a terminal. The licences stay: dpkg unpacks them, the laying out does not.
READING = tuple(f"/usr/share/{name}/*" for name in ("doc", "info", "lintian", "locale", "man"))


def named(work: Work, packages: Iterable[Package]) -> dict[str, Path]:
    """Give the pool's files names that dpkg likes."""
    folder = work.scratch / "debs"
    folder.mkdir()
    debs = {}
    for one in packages:
        debs[one.name] = folder / f"{one.name}.deb"
        debs[one.name].symlink_to(work.pool.path(one.sha256))
    return debs


def links_first(packages: Iterable[Package]) -> list[Package]:
    """base-files first: it brings the links /bin, /lib and /sbin."""
    return sorted(packages, key=lambda one: (one.name != "base-files", one.name))


def lay_out(work: Work, tree: Path, debs: Sequence[Path], percent: float) -> None:
    """Lay them out in this order; nothing to read comes along."""
    without = " ".join(f"--exclude='.{pattern}'" for pattern in READING)
    tar = f'tar --extract --keep-directory-symlink {without} -C "$2"'
    extract = f'dpkg-deb --fsys-tarfile "$1" | {tar}'
    for done, deb in enumerate(debs):
        work.progress(percent * done / len(debs), f"laying out {deb.stem}")
        work.run(["bash", "-o", "pipefail", "-c", extract, "extract", deb, tree])
