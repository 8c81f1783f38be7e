"""Technicians at the door: who asks to come in, and until when the door is open.

The door's file is what the machine acts on: it opens and shuts the way in by what is written
there, in seconds of the machine's own uptime, which nobody can set back.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from comptoir.commands import Desk
from comptoir.commands.visits import visit
from comptoir.domain.errors import DomainError
from comptoir.domain.hlc import milliseconds
from comptoir.domain.house import Terminal
from comptoir.domain.visit import Visit, code_of, left_ms, public_key
from comptoir.journal.reading import readings

KNOCKS_MAX = 4
KNOCK_MS = 10 * 60_000
NEWS = ".news"  # beside the door's file until the machine has taken it up
SLACK_MS = 2000  # clocks are steered by less all the time

log = logging.getLogger(__name__)


class TooManyKnocks(DomainError):
    """More technicians ask than one restaurant has, or one asks for several."""

    code = "too-many-knocks"
    status = 429

    def __init__(self) -> None:
        super().__init__(
            f"You wait here already with another key, or {KNOCKS_MAX} others do."
            " Have the manager send away who is not meant, or ask at another terminal."
        )


@dataclass(frozen=True, slots=True)
class Knock:
    """A technician who asks to come in; a manager compares the code with the one they see."""

    technician: str
    key: str
    code: str
    address: str
    until_ms: int


class Knocks:
    """Who asks at this terminal; kept in memory for ten minutes, few, and one of an address."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: OrderedDict[str, Knock] = OrderedDict()

    def ask(self, technician: str, key: str, address: str, now_ms: int) -> tuple[Knock, bool]:
        """Let somebody wait, and say whether that is news; raises KeyRefused and TooManyKnocks.

        Who asks again waits on, under the name and until the time of the first asking.
        """
        known = public_key(key)
        with self._lock:
            self._forget(now_ms)
            if known in self._waiting:
                return self._waiting[known], False
            addresses = {knock.address for knock in self._waiting.values()}
            if len(self._waiting) >= KNOCKS_MAX or address in addresses:
                raise TooManyKnocks
            knock = Knock(technician, known, code_of(known), address, now_ms + KNOCK_MS)
            self._waiting[known] = knock
        return knock, True

    def waiting(self, now_ms: int) -> list[Knock]:
        """Return who waits, the first first."""
        with self._lock:
            self._forget(now_ms)
            return list(self._waiting.values())

    def answered(self, code: str) -> None:
        """Let one go: they were let in, or sent away."""
        with self._lock:
            self._waiting = OrderedDict(
                (key, knock) for key, knock in self._waiting.items() if knock.code != code
            )

    def _forget(self, now_ms: int) -> None:
        self._waiting = OrderedDict(
            (key, knock) for key, knock in self._waiting.items() if knock.until_ms > now_ms
        )


class Open(msgspec.Struct, frozen=True):
    """What the file says of the door: who may come in, or nobody while ``key`` is empty.

    ``ends_uptime_ms`` is on the machine's monotonic clock.
    """

    visit: str = ""
    technician: str = ""
    key: str = ""
    ends_uptime_ms: int = 0


class Door:
    """Says how long the technician's visit lasts yet; it only ever ends earlier.

    A clock that is set back lengthens nothing, nor does a restart of the till: the file of the
    same visit says the end that was reckoned first. Where nobody knows the time it stays shut, and
    once the terminal at which it was granted is retired: a thief may have that one's key.
    """

    def __init__(self, file: Path | None, desk: Desk, uptime_ms: Callable[[], int]) -> None:
        self._file = file
        self._desk = desk
        self._uptime_ms = uptime_ms
        self._lock = threading.Lock()
        self._now = _read(file) if file else Open()
        self._written = None if file else Open()

    def left_ms(self) -> int:
        """Return how long the visit lasts yet, 0 when nobody may come in."""
        with self._lock:
            self._look()
            return max(0, self._now.ends_uptime_ms - self._uptime_ms()) if self._now.key else 0

    def visit(self) -> Visit:
        """Return the visit as last granted, over or not."""
        return visit(self._desk.log.journal)

    def follow(self) -> None:
        """Write what holds now, where that is news."""
        with self._lock:
            self._look()
            if self._file is not None and self._written != self._now:
                self._write(self._file)

    def _look(self) -> None:
        granted, before, uptime_ms = self.visit(), self._now, self._uptime_ms()
        same = before.visit == granted.id
        if same and not before.key:
            return
        left = self._reckoned(granted)
        ends_ms = uptime_ms + left
        if same and ends_ms > before.ends_uptime_ms - SLACK_MS:
            ends_ms = before.ends_uptime_ms
        if left and ends_ms > uptime_ms:
            self._now = Open(granted.id, granted.technician, granted.key, ends_ms)
        else:
            self._now = Open(before.visit)

    def _reckoned(self, granted: Visit) -> int:
        desk, journal = self._desk, self._desk.log.journal
        if not granted.key or not desk.time_known() or self._is_out(granted.terminal):
            return 0
        own = (hlc for log, hlc in readings(journal).items() if log[0] == desk.log.terminal)
        return left_ms(granted, desk.clock.now_ms(), milliseconds(max(own, default=0)))

    def _is_out(self, terminal: str) -> bool:
        state: Terminal = self._desk.log.journal.state(f"terminal:{terminal}")
        return state.retired

    def _write(self, file: Path) -> None:
        part = file.with_suffix(".part")
        try:
            part.write_bytes(msgspec.json.encode(self._now))
            part.replace(file)
            file.with_suffix(NEWS).touch()
        except OSError as error:
            log.warning("%s: %s; the door for technicians stays as it is", file, error)
            return
        self._written = self._now
        said = f"open to {self._now.technician}" if self._now.key else "shut"
        log.info("the door for technicians is %s", said)


def _read(file: Path) -> Open:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Open)
    except (OSError, msgspec.DecodeError):
        return Open()
