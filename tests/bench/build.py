"""What a build costs when nothing has changed, and when the app alone has."""

import shutil
import tempfile
import uuid
from pathlib import Path

from imagebuilder.cache import Cache
from imagebuilder.pipeline import ROW, Pipeline, load_stages
from imagebuilder.plan import Plan, load_plan
from imagebuilder.reporter import make_reporter
from tests.bench import artefacts, cost, update
from tests.bench.cost import Cost
from tests.bench.figures import Amount, Figure, NotMeasurable, Ratio
from tests.lint.tracked import tracked

NOTHING_CHANGED_S_AIM = 3
APP_CHANGED_CPU_S_AIM = 20
UPDATE_SHARE_AIM = 0.05
AFTER_THE_APP = ("app", "assemble", "bundle", "emit")


def measure(long: bool) -> list[Figure]:
    """Measure a build after a change of the app, then one after none."""
    del long
    artefacts.manifest()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        build(Path(), scratch)
        changed, fetched = app_changed(scratch)
        build(Path(), scratch)
        warm = build(Path(), scratch)
    return [
        Amount("nothing changed, on the wall", warm.wall_s, "s", NOTHING_CHANGED_S_AIM),
        Amount("only the app changed, CPU", changed.cpu_s, "s", APP_CHANGED_CPU_S_AIM),
        Ratio(
            "its update, fetched ÷ the image",
            fetched / 1e6,
            (artefacts.DIST / f"{artefacts.NAME}.img.zst").stat().st_size / 1e6,
            "MB",
            UPDATE_SHARE_AIM,
        ),
        stages(),
    ]


def app_changed(scratch: Path) -> tuple[Cost, int]:
    """Build a copy of the checkout with one more line in the app; keep nothing of it.

    Also return the bytes that a terminal would fetch of its update.
    """
    copy = changed_copy(scratch / "checkout")
    try:
        spent = build(copy, scratch)
        roots = (result_folder(top, "assemble") / "root.erofs" for top in (copy, Path.cwd()))
        fetched = update.fetched(*roots)
    finally:
        for name in AFTER_THE_APP:
            shutil.rmtree(result_folder(copy, name), ignore_errors=True)
    require_made(spent, *AFTER_THE_APP)
    return spent, fetched


def require_made(spent: Cost, *names: str) -> None:
    """Refuse the cost of a build that took one of these stages from the cache."""
    for name in names:
        if f"{name}: done in " not in spent.said:
            raise NotMeasurable(f"stage {name} was not made, so its cost was not seen")


def result(stage: str) -> Path:
    """Return what a stage made for the terminal's image, from the builder's cache."""
    folder = result_folder(Path.cwd(), stage)
    if not folder.is_dir():
        raise NotMeasurable(f"stage {stage} is not in the cache; run image/build")
    return folder


def result_folder(checkout: Path, stage: str) -> Path:
    """Return where a stage's result lies, or would lie once what it chains on is made."""
    cache = Cache.default()
    step = pipeline(checkout).step(stage)
    return cache.result(stage, step.key if step else "not-known-yet")


def stages() -> str:
    """Say what each stage of this image cost when it ran here."""
    cache, row = Cache.default(), pipeline(Path.cwd())
    steps = [step for name in ROW if (step := row.step(name))]
    costs = [(step.name, cache.read_cost(step.name, step.key)) for step in steps]
    said = ", ".join(f"{name} {cpu_s:.1f}" for name, cpu_s in costs if cpu_s is not None)
    return f"  {'stages when they last ran, CPU s':34} {said or 'none ran here'}"


def pipeline(checkout: Path) -> Pipeline:
    """Return the stages of a checkout's image over this user's cache."""
    return Pipeline(plan_of(checkout), Cache.default(), make_reporter(), load_stages())


def plan_of(checkout: Path) -> Plan:
    """Return the plan of a checkout's image."""
    return load_plan(checkout, base="debian", profile="terminal")


def build(checkout: Path, scratch: Path, cache: Path | None = None) -> Cost:
    """Build a checkout's image, away from its dist/."""
    environment = {"XDG_CACHE_HOME": str(cache)} if cache else {}
    command: list[str | Path] = [checkout.absolute() / "image/build", "--base", "debian"]
    return cost.of([*command, "--out", scratch / "dist"], environment=environment)


def changed_copy(to: Path) -> Path:
    """Copy the checkout and add a line to the app that no build has seen."""
    for file in tracked():
        (to / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, to / file, follow_symlinks=False)
    (to / ".venv").symlink_to(Path(".venv").absolute())
    with (to / "app/comptoir/__init__.py").open("a", encoding="utf-8") as source:
        source.write(f'\nONE_LINE_MORE = "{uuid.uuid4()}"\n')
    return to
