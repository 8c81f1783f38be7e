"""Decides on which base to build, before anything is made: the one named, or the first there is.

A base can be had when its foreign archives answer, or when the pool has all that its lock names.
An official image by its path is a base, too.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from imagebuilder import archive, base, lockfile, official
from imagebuilder.cache import Cache
from imagebuilder.errors import BuildError
from imagebuilder.pipeline import Pipeline, load_stages
from imagebuilder.plan import Plan, load_plan
from imagebuilder.pool import Pool
from imagebuilder.reporter import Reporter
from imagebuilder.stages import lock


@dataclass(frozen=True)
class Choice:
    """What is built on which base, and why on this one, for a person."""

    plan: Plan
    because: str

    @property
    def name(self) -> str:
        """The base's name."""
        return self.plan.base.name


def choose(repo: Path, named: str | None, profile: str, cache: Cache, reporter: Reporter) -> Choice:
    """Return the base to build on; BuildError if it, or every one, cannot be had."""
    if named and official.is_meant(named):
        return _begun(repo, Path(named), profile, cache, reporter)
    passed_over: list[str] = []
    for name in [named] if named else by_rank(repo / "image" / "bases"):
        plan = load_plan(repo, base=name, profile=profile)
        found, why = _availability(plan, cache, reporter)
        if found:
            return Choice(plan, "; ".join(passed_over) or ("as asked" if named else why))
        passed_over.append(f"{name} cannot be had, {why}")
    raise BuildError(
        "; ".join(passed_over) or "no base has a rank",
        where=named or "image/bases",
        hint="check the network, or choose another with --base",
    )


def by_rank(folder: Path) -> list[str]:
    """Name the bases that are taken without being asked for, the preferred one first."""
    return [one.name for one in _ranked(folder)]


def _ranked(folder: Path) -> list[base.Base]:
    found = [base.load(path) for path in sorted(folder.glob("*.yaml"))]
    return sorted((one for one in found if one.rank), key=lambda one: (one.rank, one.name))


def _begun(repo: Path, image: Path, profile: str, cache: Cache, reporter: Reporter) -> Choice:
    """Choose an official image; without its own archive what it lacks comes from Debian's."""
    found = official.as_base(image, _ranked(repo / "image" / "bases"))
    plan = load_plan(repo, base=found, profile=profile)
    available, why = _availability(plan, cache, reporter)
    if not available:
        debian = tuple(source for source in found.sources if not source.key)
        plan = replace(plan, base=replace(found, sources=debian))
        why = f"what it lacks is Debian's, {why}"
    return Choice(plan, f"{image.name}; {why}")


def _availability(plan: Plan, cache: Cache, reporter: Reporter) -> tuple[bool, str]:
    """Say whether the base can be had, and how, or why not."""
    foreign = plan.base.foreign
    if not foreign:
        return True, "it needs no archive but Debian's"
    if _is_in_pool(plan, cache, reporter):
        return True, "the pool has all that its lock names"
    for source in foreign:
        if why := archive.silence_of(source):
            return False, f"{urlsplit(source.uri).netloc}: {why}"
    return True, " and ".join(urlsplit(source.uri).netloc for source in foreign) + " answers"


def _is_in_pool(plan: Plan, cache: Cache, reporter: Reporter) -> bool:
    pool, names = Pool(cache.pool), list(_locked(plan, cache, reporter))
    return bool(names) and all(pool.has(sha256) for sha256 in names)


def _locked(plan: Plan, cache: Cache, reporter: Reporter) -> Iterator[str]:
    """Yield the checksums of all files in the lock that a build would take as it stands."""
    if plan.lock_file.exists():
        committed = lockfile.read(plan.lock_file)
        if committed.wanted == lock.wanted(plan):
            yield from (one.sha256 for one in committed.packages)
            yield from (one.sha256 for one in committed.wheels)
            return
    step = Pipeline(plan, cache, reporter, load_stages(("lock",))).step("lock")
    if step and cache.has("lock", step.key):
        for name in ("debian.json", "python.json"):
            text = (cache.result("lock", step.key) / name).read_text(encoding="utf-8")
            yield from (entry["sha256"] for entry in json.loads(text))
