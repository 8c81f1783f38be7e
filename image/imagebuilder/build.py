"""`image/build`: from the checkout to a signed image in dist/."""

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from imagebuilder import choosing, delivery, imager, lockfile, signing, tracker, updatekey
from imagebuilder.cache import Cache
from imagebuilder.errors import BuildError
from imagebuilder.lockfile import Resolver
from imagebuilder.pipeline import ROW, Pipeline, load_stages
from imagebuilder.plan import Plan, load_plan
from imagebuilder.pool import Pool
from imagebuilder.process import run_tool
from imagebuilder.reporter import make_reporter
from imagebuilder.stages import lock

REPO = Path(__file__).resolve().parents[2]


def main(arguments: Sequence[str]) -> int:
    """Build, explain, lock or verify as the arguments say."""
    given = parse(arguments)
    if given.verify:
        names = signing.verify(given.verify, given.key)
        _say(f"signature and {len(names)} artefacts are good: {', '.join(names)}")
        return 0
    reporter, cache = make_reporter(), Cache.default()
    choice = choosing.choose(REPO, given.base, given.profile, cache, reporter)
    plan = replace(choice.plan, update_key=given.update_key)
    begun = plan.base.official is not None
    build = f"{choice.name}-{given.profile}"
    reporter.note(f"base {choice.name}: {choice.because}")
    if given.explain:
        pipeline = Pipeline(plan, cache, reporter, load_stages(begun=begun))
        _say(*pipeline.explain(build))
        return 0
    if given.update_lock:
        _say(*update_lock(plan, cache, given.tracker))
        plan = load_plan(REPO, base=plan.base, profile=given.profile)
        plan = replace(plan, update_key=given.update_key)
    pipeline = Pipeline(plan, cache, reporter, load_stages(_row(given.until), begun=begun))
    manifest = _build(pipeline, build, given)
    if manifest and given.imager:
        listed = imager.write(manifest, given.imager, plan.boards)
        reporter.note(f"for Raspberry Pi Imager: rpi-imager --repo {listed}")
    if manifest:
        reporter.note(
            f"the image is in {given.out}, base {choice.name}; "
            f"check it with image/build --verify {manifest}"
        )
    return 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="image/build", description="Builds a terminal's image, signed, into dist/."
    )
    add = parser.add_argument
    add(
        "--base",
        metavar="NAME",
        help="a file of image/bases, or FILE.img[.xz], an official image "
        "(default: raspios if it can be had)",
    )
    add("--profile", default="terminal", help="a file of image/profiles (default: terminal)")
    add("--out", type=Path, default=REPO / "dist", metavar="DIR", help="where to (default: dist/)")
    add("--key", type=Path, default=signing.default_key(), metavar="FILE", help="Ed25519, PEM")
    add("--update-key", type=Path, default=updatekey.default(), metavar="FILE", help="RSA, PEM")
    add("--until", choices=ROW, help="stop after this stage; deliver nothing")
    add("--explain", action="store_true", help="say what would run and which input changed")
    add("--locked", action="store_true", help="refuse whatever is not exactly as locked")
    add("--update-lock", action="store_true", help="resolve all packages anew and print the diff")
    add("--tracker", type=Path, metavar="FILE", help=f"name the CVEs closed, by {tracker.ADDRESS}")
    add("--imager", metavar="URL", help="also a list for Raspberry Pi Imager")
    add("--verify", type=Path, metavar="MANIFEST", help="check a delivered image and its signature")
    return parser.parse_args(arguments)


def update_lock(plan: Plan, cache: Cache, cves: Path | None = None) -> list[str]:
    """Write the lock anew from what the mirror has now; return the differences.

    With the security tracker's data, ``cves``, also which CVEs they close.
    """
    known = tracker.read(cves) if cves else None
    old = lockfile.read(plan.lock_file) if plan.lock_file.exists() else None
    scratch = cache.root / "work" / "update-lock"
    log = cache.logs / "update-lock.log"
    try:
        resolver = Resolver(
            base=plan.base,
            root=scratch / "apt",
            scratch=scratch / "pip",
            pool=Pool(cache.pool),
            run=lambda argv, **more: run_tool(argv, log=log, **more),
        )
        new = resolver.resolve(lock.wanted(plan), None, plan.uv_lock)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    differences = list(lockfile.differences(old, new))
    if not differences and old and old.wanted == new.wanted:
        return ["the lock is up to date"]
    new.write(plan.lock_file)
    if not (old and known):
        return differences
    closed = [str(one) for one in tracker.closed(old, new, known, plan.base.suite)]
    return [*differences, *(closed or [f"no CVE known for {plan.base.suite} is closed by this"])]


def refuse_drift(result: Path) -> None:
    """End the build if anything is not as locked, naming each package."""
    renewed = json.loads((result / "renewed.json").read_text(encoding="utf-8"))
    if renewed:
        raise BuildError(
            f"{len(renewed)} not as locked: {'; '.join(renewed)}",
            where="image/lock",
            hint="build without --locked, or accept them with --update-lock",
        )


def _build(pipeline: Pipeline, build: str, given: argparse.Namespace) -> Path | None:
    if given.locked:
        refuse_drift(pipeline.run("lock")["lock"])
    updatekey.ensure(given.update_key)
    results = pipeline.run()
    pipeline.record(build)
    if "emit" not in results:
        return None
    return delivery.deliver(results["emit"], given.out, given.key)


def _row(until: str | None) -> tuple[str, ...]:
    return ROW[: ROW.index(until) + 1] if until else ROW


def _say(*lines: str) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
