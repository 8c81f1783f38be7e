"""Results of stages by id: written aside, renamed when whole, forgotten when old."""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from imagebuilder.errors import BuildError
from imagebuilder.reporter import Reporter

KEPT_PER_STAGE = 2
KEPT_AGE_S = 3600
MEMO_AGE_S = 14 * 86_400


class Cache:
    """The folder `root` with `stages/NAME/ID`, `pool`, `memo`, `logs` and `last`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.pool = root / "pool"
        self.memo = root / "memo"
        self.logs = root / "logs"

    @classmethod
    def default(cls) -> "Cache":
        """Return the cache of this user: $XDG_CACHE_HOME/comptoir-image."""
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        return cls(Path(home) / "comptoir-image")

    def result(self, stage: str, key: str) -> Path:
        """Where the result of this stage with this id is, or would be."""
        return self.root / "stages" / stage / key

    def has(self, stage: str, key: str) -> bool:
        """Say whether the result is there, whole."""
        return self.result(stage, key).is_dir()

    @contextmanager
    def making(self, stage: str, key: str) -> Iterator[tuple[Path, Path]]:
        """Yield (result folder to fill, scratch folder); rename the first into place at the end."""
        work = self.root / "work" / f"{stage}-{key[:12]}-{os.getpid()}"
        shutil.rmtree(work, ignore_errors=True)
        (work / "result").mkdir(parents=True)
        (work / "scratch").mkdir()
        try:
            yield work / "result", work / "scratch"
            target = self.result(stage, key)
            target.parent.mkdir(parents=True, exist_ok=True)
            (work / "result").rename(target)
        finally:
            shutil.rmtree(work, ignore_errors=True)

    @contextmanager
    def alone(self, stage: str, reporter: Reporter) -> Iterator[None]:
        """Hold the stage, so that two builds do not make the same thing twice."""
        with self._lock(stage) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                reporter.note("another build runs this stage; waiting for it")
                fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _lock(self, name: str) -> IO[str]:
        locks = self.root / "locks"
        locks.mkdir(parents=True, exist_ok=True)
        return (locks / name).open("w")

    @contextmanager
    def _forgetting(self, name: str) -> Iterator[bool]:
        """Tell whether this build may forget there: one that is at it now does so itself."""
        with self._lock(name) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def sweep(self) -> None:
        """Remove what a build that was killed outright has left half done."""
        for path in (self.root / "work").glob("*"):
            owner = path.name.rpartition("-")[2]
            if not Path("/proc", owner).exists():
                shutil.rmtree(path, ignore_errors=True)

    def require_space(self, bytes_min: int) -> None:
        """End the build before it begins when the disk has less than this free."""
        self.root.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(self.root).free
        if free < bytes_min:
            raise BuildError(
                f"{free >> 20} MiB are free, a build takes {bytes_min >> 20}",
                where=str(self.root),
                hint="free space, or set XDG_CACHE_HOME to a larger disk",
            )

    def touch(self, stage: str, key: str) -> None:
        """Remember that the result was used just now."""
        os.utime(self.result(stage, key))

    def forget_old(self, stage: str) -> None:
        """Remove results beyond the newest few, unless used within the hour."""
        folder = self.root / "stages" / stage
        with self._forgetting(stage) as may:
            results = folder.iterdir() if may else ()
            by_use = sorted(results, key=lambda path: path.stat().st_mtime, reverse=True)
            for path in by_use[KEPT_PER_STAGE:]:
                if time.time() - path.stat().st_mtime > KEPT_AGE_S:
                    shutil.rmtree(path)

    def forget_unused_memo(self) -> None:
        """Remove from `memo` what no build has used for a fortnight."""
        with self._forgetting("memo") as may:
            for path in self.memo.rglob("*") if may else ():
                if path.is_file() and time.time() - path.stat().st_mtime > MEMO_AGE_S:
                    path.unlink()

    def write_cost(self, stage: str, key: str, cpu_s: float) -> None:
        """Keep what making a result cost, for the bench."""
        path = self.root / "costs" / stage / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{cpu_s:.2f}\n", encoding="ascii")

    def read_cost(self, stage: str, key: str) -> float | None:
        """Return what making a result cost; None if it was not made here."""
        path = self.root / "costs" / stage / key
        return float(path.read_text(encoding="ascii")) if path.exists() else None

    def read_last(self, build: str) -> dict[str, Any]:
        """Return what went into the last build of this name: {stage: {label: hash}}."""
        path = self.root / "last" / f"{build}.json"
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}

    def write_last(self, build: str, record: dict[str, Any]) -> None:
        """Keep what went into this build, for --explain."""
        path = self.root / "last" / f"{build}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(record, indent=1, sort_keys=True), encoding="utf-8")
