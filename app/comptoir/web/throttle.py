"""Slows down guessing: after a few wrong PINs the next tries must wait, longer each time.

Counted per person and per address, and kept in a small file, so that switching the till off and on
again forgives nobody.
"""

import logging
import threading
from collections import OrderedDict
from pathlib import Path

import msgspec

from comptoir.domain.errors import DomainError

FREE_FAILURES = 4
WAIT_FIRST_MS = 5_000
WAIT_MS_MAX = 5 * 60 * 1000
KEYS_MAX = 1024


class TriesExhausted(DomainError):
    """Too many wrong PINs; says how long to wait."""

    code = "too-many-tries"
    status = 429

    def __init__(self, wait_ms: int) -> None:
        self.wait_s = -(-wait_ms // 1000)
        super().__init__(f"Too many wrong PINs. Wait {self.wait_s} seconds, then try again.")


class _Record(msgspec.Struct):
    failures: int = 0
    until_ms: int = 0


log = logging.getLogger(__name__)


class Throttle:
    """Counts failures per key (a person, an address); bounded, the oldest key is forgotten.

    Without a ``file`` it remembers nothing beyond the program's end.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._file = file
        self._records: OrderedDict[str, _Record] = OrderedDict(_read(file) if file else {})

    def check(self, *keys: str, now_ms: int) -> None:
        """Raise TriesExhausted when one of the keys still has to wait."""
        with self._lock:
            waits = [self._records[key].until_ms - now_ms for key in keys if key in self._records]
        if (wait_ms := max(waits, default=0)) > 0:
            raise TriesExhausted(wait_ms)

    def failed(self, *keys: str, now_ms: int) -> None:
        """Note a wrong PIN."""
        with self._lock:
            for key in keys:
                record = self._records.setdefault(key, _Record())
                self._records.move_to_end(key)
                record.failures += 1
                over = record.failures - FREE_FAILURES
                if over > 0:
                    wait_ms = min(WAIT_FIRST_MS << min(over - 1, 10), WAIT_MS_MAX)
                    record.until_ms = now_ms + wait_ms
            while len(self._records) > KEYS_MAX:
                self._records.popitem(last=False)
            self._keep()

    def succeeded(self, *keys: str) -> None:
        """Forget the failures of keys whose PIN was right."""
        with self._lock:
            known = [key for key in keys if key in self._records]
            for key in known:
                del self._records[key]
            if known:
                self._keep()

    def forgive(self, key: str) -> None:
        """Take one failure off a key: who knows one PIN must not guess another's for ever."""
        with self._lock:
            record = self._records.get(key)
            if record is None:
                return
            record.failures -= 1
            if record.failures <= 0:
                del self._records[key]
            self._keep()

    def _keep(self) -> None:
        if self._file is None:
            return
        part = self._file.with_suffix(".part")
        try:
            part.write_bytes(msgspec.json.encode(self._records))
            part.replace(self._file)
        except OSError as error:  # a full disk must not keep people from signing in
            log.warning("%s: %s; wrong PINs are forgotten at the next start", self._file, error)


def _read(file: Path) -> dict[str, _Record]:
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, _Record])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError) as error:
        log.warning("%s: %s; wrong PINs count from 0 again", file, error)
        return {}
