"""A small building site for tests: a cache, a reporter that remembers, and stages made in place."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from imagebuilder.base import Base, Source
from imagebuilder.cache import Cache
from imagebuilder.pipeline import Pipeline
from imagebuilder.plan import Plan, Profile
from imagebuilder.pool import Pool
from imagebuilder.work import Stage, Work

DEBIAN = Base(
    name="debian",
    suite="trixie",
    architecture="arm64",
    keyring="/usr/share/keyrings/debian-archive-keyring.gpg",
    sources=(Source("http://mirror.example/debian", ("trixie",), ("main",)),),
    packages=("busybox",),
)


@dataclass
class MemoryReporter:
    """Keeps what it is told."""

    lines: list[str] = field(default_factory=list)
    _stage: str = ""

    def begin(self, stage: str) -> None:
        self._stage = stage

    def progress(self, percent: float, text: str) -> None:
        assert 0 <= percent <= 100, text

    def note(self, text: str) -> None:
        self.lines.append(f"{self._stage}: {text}")

    def end(self, outcome: str) -> None:
        self.lines.append(f"{self._stage}: {outcome}")


@dataclass(frozen=True)
class NoteOptions:
    text: str = ""


@dataclass
class NoteStage:
    """A stage that writes its option, its input and what came before into `note`."""

    text: str = ""
    AFTER: tuple[str, ...] = ()
    USES: tuple[ModuleType, ...] = ()
    reads: tuple[str, ...] = ()
    act: Callable[[Work], None] | None = None
    runs: int = 0
    __file__: str = __file__

    def options(self, plan: Plan) -> NoteOptions:
        del plan
        return NoteOptions(self.text)

    def inputs(self, plan: Plan) -> tuple[Path, ...]:
        return tuple(plan.repo / name for name in self.reads)

    def run(self, work: Work, options: NoteOptions) -> None:
        self.runs += 1
        earlier = [(path / "note").read_text() for path in work.before.values()]
        read = [(work.repo / name).read_text() for name in self.reads]
        (work.result / "note").write_text("".join([*earlier, options.text, *read]))
        (work.result / "constant").write_text("always the same")
        if self.act:
            self.act(work)


def plan(repo: Path, **changes: object) -> Plan:
    profile = Profile(name="terminal", packages=(), variables={})
    values: dict[str, object] = {
        "repo": repo,
        "base": DEBIAN,
        "profile": profile,
        "profiles": (profile,),
        "boards": {},
        "roles": (),
        "role_packages": {},
        "version": "1.0",
        "source_date": 1_700_000_000,
    }
    return Plan(**{**values, **changes})  # type: ignore[arg-type]  # the names are checked by Plan


def pipeline(site: Path, reporter: MemoryReporter, **stages: Stage) -> Pipeline:
    return Pipeline(plan(site / "repo"), Cache(site / "cache"), reporter, stages)


def work(site: Path, **before: Path) -> Work:
    for name in ("result", "scratch"):
        (site / name).mkdir(parents=True, exist_ok=True)
    return Work(
        repo=site / "repo",
        result=site / "result",
        scratch=site / "scratch",
        before=before,
        pool=Pool(site / "pool"),
        memo=site / "memo",
        log=site / "log",
        reporter=MemoryReporter(),
    )
