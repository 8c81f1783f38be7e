"""Runs the stages in their row, each once per id, and explains what it would do."""

import importlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

from imagebuilder import digest
from imagebuilder.cache import Cache
from imagebuilder.errors import BuildError
from imagebuilder.plan import Plan
from imagebuilder.pool import Pool
from imagebuilder.reporter import Reporter
from imagebuilder.work import Stage, Work

ROW = ("lock", "rootfs", "module", "configure", "bootfiles", "app", "assemble", "bundle", "emit")
FREE_MIN = 2 << 30
Stages = Mapping[str, Stage]
BEGUN = {"rootfs": "official"}  # of an official image this one makes the bare tree


@dataclass(frozen=True)
class Step:
    """One stage with what its id is made of, label by label."""

    name: str
    ingredients: Mapping[str, str]

    @property
    def key(self) -> str:
        """The stage's id."""
        return digest.of_value(dict(self.ingredients))


def load_stages(row: Sequence[str] = ROW, *, begun: bool = False) -> Stages:
    """Import the stage modules of the row; `begun` with an official image."""
    modules = {name: BEGUN.get(name, name) if begun else name for name in row}
    return {
        name: cast(Stage, importlib.import_module(f"imagebuilder.stages.{module}"))
        for name, module in modules.items()
    }


class Pipeline:
    """The row of stages over one plan and one cache."""

    def __init__(self, plan: Plan, cache: Cache, reporter: Reporter, stages: Stages) -> None:
        self._plan = plan
        self._cache = cache
        self._reporter = reporter
        self._stages = stages
        self._steps: dict[str, Step] = {}

    def run(self, last: str | None = None) -> dict[str, Path]:
        """Run or reuse each stage up to and with `last`; return the results by stage."""
        results: dict[str, Path] = {}
        self._cache.sweep()
        for name, stage in self._stages.items():
            step = self.step(name)
            if step is None:
                raise AssertionError(name)  # its predecessors have just run
            self._make(stage, step, results)
            results[name] = self._cache.result(name, step.key)
            if name == last:
                break
        return results

    def explain(self, build: str) -> Iterator[str]:
        """Say for each stage whether it would run, and what changed since the last build."""
        before = self._cache.read_last(build)
        for name in self._stages:
            step = self.step(name)
            if step is None:
                yield f"{name}: would run, after a stage whose result it depends on"
            elif self._cache.has(name, step.key):
                yield f"{name}: cached ({step.key[:12]})"
            else:
                yield f"{name}: would run ({step.key[:12]}): {_why(before.get(name), step)}"

    def record(self, build: str) -> None:
        """Keep what went into this build and forget results of long ago."""
        steps = {name: dict(step.ingredients) for name, step in self._steps.items()}
        self._cache.write_last(build, steps)
        for name in steps:
            self._cache.forget_old(name)
        self._cache.forget_unused_memo()

    def step(self, name: str) -> Step | None:
        """Return the stage's step; None while a file it chains on is not made yet."""
        if name not in self._steps:
            chain = self._chain(self._stages[name])
            if chain is None:
                return None
            self._steps[name] = Step(name, {**self._own(self._stages[name]), **chain})
        return self._steps[name]

    def _own(self, stage: Stage) -> dict[str, str]:
        sources = [Path(stage.__file__), *(Path(str(module.__file__)) for module in stage.USES)]
        options = asdict(stage.options(self._plan))
        return {
            **{f"source {path.name}": digest.of_source(path) for path in sources},
            **{f"option {k}": digest.of_value(v) for k, v in options.items()},
            **digest.of_paths(stage.inputs(self._plan), self._plan.repo),
        }

    def _chain(self, stage: Stage) -> dict[str, str] | None:
        chain = {}
        for label in stage.AFTER:
            name, _, file = label.partition("/")
            step = self.step(name)
            if step is None:
                return None
            chain[f"stage {label}"] = step.key
            if file:
                path = self._cache.result(name, step.key) / file
                if not path.is_file():
                    return None
                chain[f"stage {label}"] = digest.of_file(path)
        return chain

    def _make(self, stage: Stage, step: Step, results: Mapping[str, Path]) -> None:
        self._reporter.begin(step.name)
        outcome = "cached"
        try:
            with self._cache.alone(step.name, self._reporter):
                if not self._cache.has(step.name, step.key):
                    outcome = "stopped"
                    self._cache.require_space(FREE_MIN)
                    before = _cpu_s()
                    self._run(stage, step, results)
                    self._cache.write_cost(step.name, step.key, _cpu_s() - before)
                    outcome = "done"
                self._cache.touch(step.name, step.key)
        finally:
            self._reporter.end(outcome)

    def _run(self, stage: Stage, step: Step, results: Mapping[str, Path]) -> None:
        log = self._cache.logs / f"{step.name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("")
        names = [label.partition("/")[0] for label in stage.AFTER]
        with self._cache.making(step.name, step.key) as (result, scratch):
            work = Work(
                repo=self._plan.repo,
                result=result,
                scratch=scratch,
                before={name: results[name] for name in names},
                pool=Pool(self._cache.pool),
                memo=self._cache.memo,
                log=log,
                reporter=self._reporter,
            )
            try:
                stage.run(work, stage.options(self._plan))
            except OSError as error:
                raise BuildError(
                    f"{error.strerror or error}",
                    where=f"stage {step.name}, {error.filename or scratch}",
                    hint="free space or mend the file; the build goes on where it stopped",
                ) from error


def _cpu_s() -> float:
    """Processor seconds of this process and of the tools that it has waited for."""
    return sum(os.times()[:4])


def _why(before: Mapping[str, str] | None, step: Step) -> str:
    if before is None:
        return "never built here"
    changed = digest.changed(before, step.ingredients)
    return ", ".join(changed) + " changed" if changed else "its result is no longer in the cache"
