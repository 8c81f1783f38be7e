"""One update at this terminal: installed by RAUC from our tap, restarted, judged, told.

What is under way is on the disk, for the restart is in the middle of it; attempts are bounded.
"""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import msgspec

from comptoir import durable
from comptoir.domain.updates import FAILED, KEPT, WENT_BACK
from comptoir.updates import bundles
from comptoir.updates.bundles import About, Content, NoBundle
from comptoir.updates.door import Lost

ATTEMPTS_MAX = 3
AGAIN_S = 60.0
INSTALL_S_MAX = 3 * 3600.0
VERDICT_S_MAX = 1800.0
UNKNOWN = "nobody knows how its trial ended"
RUNS_HERE = "it ran here already"
INSTALLING, TRYING = "installing", "trying"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Files:
    """Where this program, the judge and the one that runs RAUC find each other's words.

    ``orders`` is a folder of ours, ``result`` and ``note`` are others' files; ``folder`` keeps
    bundles, ``boot`` names the machine's running time.
    """

    folder: Path
    orders: Path
    result: Path
    note: Path
    boot: str


@dataclass(frozen=True, slots=True)
class Under:
    """What is under way: which bundle, how far, in which boot, the judge's words before it."""

    bundle: str
    phase: str = INSTALLING
    boot: str = ""
    attempt: int = 0
    before: str = ""
    number: int = 0


class _Result(msgspec.Struct):
    number: int
    ok: bool
    why: str = ""
    slot: str = ""


class _Note(msgspec.Struct):
    outcome: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended here."""

    bundle: str
    outcome: str
    why: str = ""


class Install:
    """Goes on with what is under way, a step at each call; never waits long but for ``keep``."""

    def __init__(
        self,
        files: Files,
        serve: Callable[[About, Content], None],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._files = files
        self._serve = serve
        self._seconds = seconds
        self._since_s = seconds()
        self._not_before_s = 0.0
        self.under = self._read()

    @property
    def _file(self) -> Path:
        return self._files.folder / "under-way.json"

    def begin(self, about: About, content: Content) -> None:
        """Let RAUC install a bundle from our tap, unless it is too early to try again."""
        if self._seconds() < self._not_before_s:
            return
        before = self.under or Under(about.bundle)
        self._serve(about, content)
        number = time.time_ns()
        self._note(replace(before, phase=INSTALLING, boot=self._files.boot, number=number))
        self._order("install.json", {"bundle": about.bundle, "number": number})
        self._since_s = self._seconds()

    def needless(self, about: About, content: Content, slot: Path) -> Ended | None:
        """End it at once where the running slot holds what the bundle brings; peers may have it."""
        try:
            if not bundles.is_that_of(slot, content):
                return None
        except (Lost, OSError) as error:
            log.info("whether the update runs here already is not known: %s", error)
            return None
        self._keep(about, content, slot)
        return Ended(about.bundle, KEPT, RUNS_HERE)

    def installed(self, about: About, content: Content) -> Ended | None:
        """See what became of RAUC's work; how it ended once no attempt is left."""
        under, said = self.under, self._result()
        if under is None:
            return None
        if said is None:
            late = self._seconds() - self._since_s > INSTALL_S_MAX
            return self._failed("it took too long") if late else None
        if not said.ok:
            return self._failed(said.why)
        self._keep(about, content, Path(said.slot))
        self._note(replace(under, phase=TRYING, before=self._said()))
        return None

    def cut_short(self) -> Ended | None:
        """Note that the power went while it was installed."""
        return self._failed("the power went while it was installed")

    def restart(self) -> None:
        """Have the terminal restart into what was installed."""
        if self.under is not None:
            number = time.time_ns()
            self._note(replace(self.under, number=number))
            self._order("restart.json", {"number": number})
        self._since_s = self._seconds()

    def stays(self) -> Ended | None:
        """Return why the terminal was not restarted, if the one that would do it says so."""
        under, said = self.under, self._result()
        if under is None or said is None or said.ok:
            return None
        return Ended(under.bundle, FAILED, said.why)

    def judged(self) -> Ended | None:
        """Return how the trial ended, once the judge has said so."""
        under = self.under
        if under is None or under.boot == self._files.boot:
            return None
        said = self._said()
        try:
            note = msgspec.json.decode(said, type=_Note) if said != under.before else None
        except msgspec.DecodeError:
            note = None
        if note is not None and note.outcome in {KEPT, WENT_BACK}:
            return Ended(under.bundle, note.outcome, note.why)
        late = self._seconds() - self._since_s > VERDICT_S_MAX
        return Ended(under.bundle, FAILED, UNKNOWN) if late else None

    def forget(self) -> None:
        """Leave nothing under way: the end is a fact."""
        self._file.unlink(missing_ok=True)
        self.under = None
        self._not_before_s = 0.0

    @property
    def same_boot(self) -> bool:
        """Tell whether the machine has run since what is under way was begun."""
        return self.under is not None and self.under.boot == self._files.boot

    def _failed(self, why: str) -> Ended | None:
        under = self.under
        if under is None:
            return None
        log.warning("the update was not installed: %s", why)
        attempt = under.attempt + 1
        self._note(replace(under, attempt=attempt, number=0))
        self._not_before_s = self._seconds() + AGAIN_S * (1 << attempt)
        return Ended(under.bundle, FAILED, why) if attempt >= ATTEMPTS_MAX else None

    def _keep(self, about: About, content: Content, slot: Path) -> None:
        """Keep what peers will ask for; without it they ask somebody else."""
        try:
            bundles.keep(about, content, slot, self._files.folder / slot.name)
        except (NoBundle, Lost, OSError) as error:
            log.warning("this terminal cannot give the update to others: %s", error)

    def _result(self) -> _Result | None:
        try:
            said = msgspec.json.decode(self._files.result.read_bytes(), type=_Result)
        except (OSError, msgspec.DecodeError):
            return None
        return said if self.under and said.number == self.under.number else None

    def _said(self) -> str:
        try:
            return self._files.note.read_text(encoding="utf-8")
        except (OSError, ValueError):
            return ""

    def _order(self, name: str, said: dict[str, object]) -> None:
        new = self._files.orders / f".{name}"
        new.write_text(json.dumps(said), encoding="utf-8")
        new.replace(self._files.orders / name)

    def _note(self, under: Under) -> None:
        durable.replace(self._file, json.dumps(asdict(under)).encode())
        self.under = under

    def _read(self) -> Under | None:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=Under)
        except (OSError, msgspec.DecodeError):
            return None
