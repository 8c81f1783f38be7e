"""The log of what was flashed: a CSV line per unit and end, on the disk before it is on screen.

It is what a station goes on from: which serials are done, and which terminal is on which unit.
"""

import csv
import fcntl
import io
import os
import threading
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from pathlib import Path

from imagebuilder.delivery import give_to_caller
from imagebuilder.errors import BuildError


class Noted(StrEnum):
    """What a line says of its unit."""

    ENROLLING = "enrolling"  # from here on, the unit may hold the identity
    GOOD = "good"
    FAILED = "failed"
    IN_DOUBT = "in doubt"  # failed, but the identity may be on it


@dataclass(frozen=True)
class Line:
    """A line of the log."""

    time: str
    result: str
    serial: str
    usb: str = ""
    restaurant: str = ""
    terminal: str = ""
    letter: str = ""
    name: str = ""
    image: str = ""
    seconds: str = ""
    eeprom: str = ""
    reason: str = ""


COLUMNS = tuple(field.name for field in fields(Line))


class Book:
    """The lines of one delivery; from several threads."""

    def __init__(self, path: Path | None = None) -> None:
        """Open it, with what is in it already; a line cut by a power failure does not count.

        Without a path it lasts as long as the command.
        """
        self.path = path
        self._lock = threading.Lock()
        self._alone = _only_us(path) if path else None
        self.lines = self._read()

    def close(self) -> None:
        """Let another command have the log."""
        if self._alone is not None:
            os.close(self._alone)
            self._alone = None

    def write(self, line: Line) -> None:
        """Add a line; returns when it is on the disk."""
        with self._lock:
            if self.path:
                _append(self.path, line)
            self.lines.append(line)

    def done_serials(self) -> set[str]:
        """Return the serials of the units that are good."""
        with self._lock:
            return {line.serial for line in self.lines if line.result == Noted.GOOD}

    def holder(self, terminal: str) -> str | None:
        """Return the serial of the unit that has, or may have, this terminal's identity."""
        with self._lock:
            own = [line for line in self.lines if line.terminal == terminal]
            return own[-1].serial if own and own[-1].result != Noted.FAILED else None

    def is_good(self, terminal: str) -> bool:
        """Tell whether a good unit has this terminal's identity."""
        with self._lock:
            own = [line.result for line in self.lines if line.terminal == terminal]
            return bool(own) and own[-1] == Noted.GOOD

    def good(self) -> list[Line]:
        """Return the lines of the good units, one per serial, in order."""
        with self._lock:
            return list({ln.serial: ln for ln in self.lines if ln.result == Noted.GOOD}.values())

    def _read(self) -> list[Line]:
        if not self.path:
            return []
        text = self.path.read_text(encoding="utf-8")
        head = text.partition("\n")[0]
        if head and not ",".join(COLUMNS).startswith(head):
            raise BuildError(
                "this is no log of image/flash", where=str(self.path), hint="name another --log"
            )
        whole = text[: text.rfind("\n") + 1]
        if whole != text:
            os.truncate(self.path, len(whole.encode()))
        rows = csv.DictReader(whole.splitlines())
        return [Line(**{name: row[name] or "" for name in COLUMNS}) for row in rows]


def _only_us(path: Path) -> int:
    """Hold the log for this command: two would give one place to two units."""
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise _unwritable(path, error) from error
    give_to_caller(path)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(number)
        raise BuildError(
            "another image/flash works with this log",
            where=str(path),
            hint="end it, or name another --log",
        ) from error
    return number


def _unwritable(path: Path, error: OSError) -> BuildError:
    return BuildError(
        f"the log cannot be written: {error.strerror}",
        where=str(path),
        hint="free space, or name another --log",
    )


def _append(path: Path, line: Line) -> None:
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS)
    try:
        if not path.stat().st_size:
            table.writeheader()
        table.writerow({name: " ".join(cell.split()) for name, cell in asdict(line).items()})
        with path.open("a", encoding="utf-8", newline="") as file:
            file.write(text.getvalue())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise _unwritable(path, error) from error
