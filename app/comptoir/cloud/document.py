"""A small JSON file that several programs of the embedded cloud read and change."""

import fcntl
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from comptoir import durable
from comptoir.cloud.store import StoreUnavailable


class Document:
    """A mapping in a file, replaced whole; one change at a time, whichever program makes it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def read(self) -> dict[str, Any]:
        """Return what is in it; empty while there is no file."""
        try:
            found: dict[str, Any] = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise StoreUnavailable(f"{self._path}: {error}. Restore it.") from error
        return found

    def change(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Let ``change`` work on what is in it, and keep that."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._lock, self._path.with_suffix(".lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                content = self.read()
                change(content)
                said = json.dumps(content, ensure_ascii=False).encode()
                durable.replace(self._path, said, durable.PRIVATE)
        except OSError as error:
            raise StoreUnavailable(f"{self._path}: {error}. Check the disk.") from error
