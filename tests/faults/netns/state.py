"""What runs of a case came to, kept in a file after each sitting, so that a long one goes on."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from tests.faults.netns.oracle import Verdict

SUMMED = (
    "acked",
    "safe",
    "solo",
    "payments",
    "money",
    "overpaid",
    "lost",
    "duplicated",
    "diverged",
)


@dataclass
class Tally:
    """One case, as it is or with its defence off: its sittings added up."""

    case: str
    control: str = ""
    rounds: int = 0
    sittings: int = 0
    seeds: list[int] = field(default_factory=list)
    verdict: Verdict = field(default_factory=Verdict)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(
        self,
        seed: int,
        rounds: int,
        verdict: Verdict,
        seconds: Mapping[str, list[float]],
        counts: Mapping[str, int] | None = None,
    ) -> None:
        self.rounds += rounds
        self.sittings += 1
        self.seeds.append(seed)
        for name in SUMMED:
            setattr(self.verdict, name, getattr(self.verdict, name) + getattr(verdict, name))
        self.verdict.settled_s = max(self.verdict.settled_s, verdict.settled_s)
        self.verdict.faults += [f"seed {seed}: {fault}" for fault in verdict.faults]
        for name, values in seconds.items():
            self.seconds.setdefault(name, []).extend(round(value, 3) for value in values)
        for name, count in (counts or {}).items():
            self.counts[name] = self.counts.get(name, 0) + count


def default_folder() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "comptoir/faults"


class State:
    """One file for each case and control, in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, case: str, control: str = "") -> Tally:
        file = self._file(case, control)
        if not file.exists():
            return Tally(case, control)
        raw = json.loads(file.read_text(encoding="utf-8"))
        known = {f.name for f in fields(Verdict)}
        raw["verdict"] = Verdict(**{k: v for k, v in raw["verdict"].items() if k in known})
        return Tally(**raw)

    def write(self, tally: Tally) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._file(tally.case, tally.control)
        new = file.with_suffix(".new")
        new.write_text(json.dumps(asdict(tally)), encoding="utf-8")
        new.replace(file)

    def forget(self, case: str, control: str = "") -> None:
        self._file(case, control).unlink(missing_ok=True)

    def _file(self, case: str, control: str) -> Path:
        return self._folder / f"{case}{'-control' if control else ''}.json"
