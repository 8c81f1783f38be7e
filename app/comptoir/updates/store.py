"""What this terminal can give: what it keeps of each slot's bundle, and one file left by hand."""

import logging
import threading
from pathlib import Path

from comptoir.domain.versions import is_older
from comptoir.updates import bundles
from comptoir.updates.bundles import Held, NoBundle

SLOTS = ("root-a", "root-b")

log = logging.getLogger(__name__)


class Shelf:
    """Knows the bundles in a folder; a file there is read once, and gone once a slot has it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._held: dict[str, Held] = {}
        self._read: dict[tuple[str, int, int], Held | None] = {}

    def refresh(self) -> None:
        """Look what there is."""
        kept = [bundles.kept(self._folder / name) for name in SLOTS]
        found = {one.about.bundle: one for one in kept if one is not None}
        with self._lock:
            for file in sorted(self._folder.glob("*.raucb"), key=lambda one: one.stat().st_mtime):
                one = self._of(file)
                if one is not None and one.about.bundle in found:
                    file.unlink()
                elif one is not None:
                    found[one.about.bundle] = one
            self._held = found

    def _of(self, file: Path) -> Held | None:
        status = file.stat()
        key = (file.name, status.st_size, status.st_mtime_ns)
        if key not in self._read:
            try:
                self._read[key] = bundles.whole(file)
            except NoBundle as error:
                log.warning("%s is no bundle: %s", file, error)
                self._read[key] = None
        return self._read[key]

    def find(self, bundle: str) -> Held | None:
        """Return a bundle that can be given; never one whose slot was written since."""
        with self._lock:
            return self._held.get(bundle)

    def newest(self) -> Held | None:
        """Return the one with the highest version."""
        best: Held | None = None
        with self._lock:
            for one in self._held.values():
                if best is None or not is_older(one.about.version, best.about.version):
                    best = one
        return best
