"""What a build costs: cold against plain mmdebstrap, warm, and after a change of the app alone."""

import shutil
import tempfile
from pathlib import Path

from imagebuilder import lockfile
from imagebuilder.cache import Cache
from imagebuilder.pipeline import ROW, Pipeline, load_stages
from imagebuilder.plan import Plan, load_plan
from imagebuilder.reporter import make_reporter
from tests.bench import artefacts, cost
from tests.bench.figures import Amount, Figure, NotMeasurable, Ratio
from tests.lint.tracked import tracked

COLD_AIM = 0.4
NOTHING_CHANGED_S_AIM = 3
APP_CHANGED_CPU_S_AIM = 20


def measure(long: bool) -> list[Figure]:
    """Measure the warm builds, and with `long` the cold one and its control."""
    artefacts.manifest()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        build(Path(), scratch)
        warm = build(Path(), scratch)
        changed = build(changed_copy(scratch / "checkout"), scratch)
        figures: list[Figure] = [
            Amount("nothing changed, on the wall", warm.wall_s, "s", NOTHING_CHANGED_S_AIM),
            Amount("only the app changed, CPU", changed.cpu_s, "s", APP_CHANGED_CPU_S_AIM),
            stages(),
        ]
        return [*figures, *(cold(scratch) if long else [])]


def result(stage: str) -> Path:
    """Return what a stage made for the terminal's image, from the builder's cache."""
    pipeline = Pipeline(_plan(), Cache.default(), make_reporter(), load_stages())
    step = pipeline.step(stage)
    if step is None or not Cache.default().has(stage, step.key):
        raise NotMeasurable(f"stage {stage} is not in the cache; run image/build")
    return Cache.default().result(stage, step.key)


def stages() -> str:
    """Say what each stage of this image cost when it ran here."""
    cache = Cache.default()
    pipeline = Pipeline(_plan(), cache, make_reporter(), load_stages())
    steps = [step for name in ROW if (step := pipeline.step(name))]
    costs = [(step.name, cache.read_cost(step.name, step.key)) for step in steps]
    said = ", ".join(f"{name} {cpu_s:.1f}" for name, cpu_s in costs if cpu_s is not None)
    return f"  {'stages when they last ran, CPU s':34} {said or 'none ran here'}"


def _plan() -> Plan:
    return load_plan(Path.cwd(), base="debian", profile="terminal")


def build(checkout: Path, scratch: Path, cache: Path | None = None) -> cost.Cost:
    """Build a checkout's image, away from its dist/."""
    environment = {"XDG_CACHE_HOME": str(cache)} if cache else {}
    command: list[str | Path] = [checkout.absolute() / "image/build", "--out", scratch / "dist"]
    return cost.of(command, environment=environment)


def changed_copy(to: Path) -> Path:
    """Copy the checkout and change one line of the app."""
    for file in tracked():
        (to / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, to / file, follow_symlinks=False)
    (to / ".venv").symlink_to(Path(".venv").absolute())
    with (to / "app/comptoir/__init__.py").open("a", encoding="utf-8") as source:
        source.write("\n# One line more.\n")
    return to


def cold(scratch: Path) -> list[Figure]:
    """Build from nothing, and let mmdebstrap install the same packages."""
    plan = _plan()
    ours = build(Path(), scratch, scratch / "cache")
    control = cost.of(
        mmdebstrap(plan, scratch / "plain.tar"),
        given="\n".join(sources(plan)),
    )
    return [Ratio("cold build, CPU", ours.cpu_s, control.cpu_s, "s", COLD_AIM)]


def mmdebstrap(plan: Plan, out: Path) -> list[str | Path]:
    """Return the plain command for the packages of the lock."""
    locked = lockfile.read(plan.lock_file).of_profile(plan.profile.name)
    names = ",".join(package.name for package in locked)
    options = [f"--architectures={plan.base.architecture}", "--variant=essential"]
    recommends = '--aptopt=APT::Install-Recommends "false"'
    plain = ["env", "--unset=QEMU_CPU", "mmdebstrap"]
    return [*plain, *options, recommends, f"--include={names}", plan.base.suite, out, "-"]


def sources(plan: Plan) -> list[str]:
    """Return the archives of the base as apt's one-line sources."""
    return [
        f"deb [signed-by={plan.base.keyring}] {source.uri} {suite} {' '.join(source.components)}"
        for source in plan.base.sources
        for suite in source.suites
    ]
