"""Settles which packages go in, exactly, and has them all in the pool before anything is built.

The committed lock is used as it stands. Only when the wish has changed, or the mirror no longer
has a version, is it resolved anew, as near to the old one as can be, and what differs is named.
"""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from imagebuilder import apt, archive, keyring, lockfile, official, wheels
from imagebuilder.base import Base, Boot
from imagebuilder.lockfile import Lock, Resolver, Wanted
from imagebuilder.plan import WORKSHOP, Plan
from imagebuilder.prune import LeftOut
from imagebuilder.work import Work

AFTER: tuple[str, ...] = ()
USES: tuple[ModuleType, ...] = (apt, archive, keyring, lockfile, official, wheels)


@dataclass(frozen=True, kw_only=True)
class Options:
    """What is wanted, from where, for which profile."""

    base: Base
    profile: str
    wanted: Wanted
    lock_file: str  # below the checkout
    uv_lock: str


def options(plan: Plan) -> Options:
    """Take the wish from the plan."""
    return Options(
        # what a package is used for later chooses no other one
        base=replace(plan.base, boot=Boot(), left_out=LeftOut(), module=None, rank=0),
        profile=plan.profile.name,
        wanted=wanted(plan),
        lock_file=str(plan.lock_file.relative_to(plan.repo)),
        uv_lock=str(plan.uv_lock.relative_to(plan.repo)),
    )


def wanted(plan: Plan) -> Wanted:
    """Return what all profiles want, so that one lock serves every image of the base."""
    python = wheels.requirements(plan.repo / "pyproject.toml")
    begun = plan.base.official
    return Wanted(plan.packages_by_profile, tuple(python), begun.sha256 if begun else "")


def inputs(plan: Plan) -> tuple[Path, ...]:
    """Name the committed lock, and the app's own."""
    return (plan.lock_file, plan.uv_lock)


def run(work: Work, options: Options) -> None:
    """Write what was chosen, list by list; leave every file of it in the pool."""
    committed = work.repo / options.lock_file
    old = lockfile.read(committed) if committed.exists() else None
    lock = old if old and old.wanted == options.wanted else None
    if lock is None or not _fetch(work, options, lock):
        lock = _resolver(work, options).resolve(options.wanted, old, work.repo / options.uv_lock)
        _fetch(work, options, lock)
    renewed = list(lockfile.differences(old, lock)) if lock is not old else []
    if old is None:
        work.reporter.note(f"there is no lock yet: {len(renewed)} packages are chosen anew")
    for line in renewed if old else ():
        work.reporter.note(f"not as locked: {line}")
    for name, profile in (("debian", options.profile), ("workshop", WORKSHOP)):
        chosen = lock.of_profile(profile) if profile in lock.members else []
        _write(work.result / f"{name}.json", [asdict(package) for package in chosen])
    unneeded = list(lock.unneeded.get(options.profile, ()))
    _write(work.result / "unneeded.json", unneeded)
    _write(work.result / "python.json", [asdict(wheel) for wheel in lock.wheels])
    _write(work.result / "renewed.json", renewed)


def _resolver(work: Work, options: Options) -> Resolver:
    root = work.scratch / "apt"
    return Resolver(options.base, root, work.scratch / "pip", work.pool, work.run)


def _fetch(work: Work, options: Options, lock: Lock) -> bool:
    """Say whether every file could be had."""
    blobs = [package.blob(options.base) for package in lock.packages]
    gone = work.pool.fetch(blobs, lambda done, total: _tell(work, done, total))
    for blob in gone:
        work.reporter.note(f"the mirror no longer has {blob.name} as locked")
    if not gone:
        wheels.fetch(lock.wheels, scratch=work.scratch / "fetch", pool=work.pool, run=work.run)
    return not gone


def _tell(work: Work, done: int, total: int) -> None:
    work.progress(100 * done / max(total, 1), f"{done >> 20} of {total >> 20} MiB downloaded")


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n", encoding="utf-8")
