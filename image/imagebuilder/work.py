"""What a running stage is given, and the shape every stage module has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from imagebuilder.plan import Plan
from imagebuilder.pool import Pool
from imagebuilder.process import Known, OnLine, run_tool
from imagebuilder.reporter import Reporter


@dataclass(frozen=True, kw_only=True)
class Work:
    """A stage's surroundings: where to write, what to read, whom to tell."""

    repo: Path
    result: Path  # an empty folder, to be filled
    scratch: Path  # a folder of its own, removed afterwards
    before: Mapping[str, Path]  # results of the stages in AFTER, by stage name
    pool: Pool
    memo: Path  # outlives the stage: for what is found again by its content
    log: Path
    reporter: Reporter

    def progress(self, percent: float, text: str = "") -> None:
        """Tell how far the stage is."""
        self.reporter.progress(percent, text)

    def run(
        self,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        on_line: OnLine | None = None,
        known: Known = (),
    ) -> str:
        """Run a tool to its end, logged; see process.run_tool."""
        return run_tool(argv, log=self.log, env=env, on_line=on_line, known=known)


class Stage(Protocol):
    """The names a stage module has; see the package's docstring."""

    AFTER: tuple[str, ...]
    USES: tuple[ModuleType, ...]
    __file__: str

    def options(self, plan: Plan) -> Any: ...
    def inputs(self, plan: Plan) -> tuple[Path, ...]: ...
    def run(self, work: Work, options: Any) -> None: ...
