"""Where the peers are: a small file that may be edited while everything runs."""

import json
import logging
from collections.abc import Mapping
from pathlib import Path

from comptoir.bus import Address, AddressRefused

log = logging.getLogger(__name__)


class PeerBook:
    """Addresses of the peers' brokers, ``{"t2": "192.0.2.7:8883"}``, read anew when they change."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: tuple[int, int] | None = None
        self._addresses: Mapping[str, Address] = {}

    def addresses(self) -> Mapping[str, Address]:
        """Return the addresses; a file that cannot be read leaves those that were."""
        try:
            stat = self._file.stat()
        except OSError:
            self._seen, self._addresses = None, {}
            return self._addresses
        seen = (stat.st_mtime_ns, stat.st_size)
        if seen != self._seen:
            self._seen = seen
            self._read()
        return self._addresses

    def _read(self) -> None:
        try:
            listed = json.loads(self._file.read_text(encoding="utf-8"))
            self._addresses = {str(name): Address.parse(str(at)) for name, at in listed.items()}
        except (OSError, ValueError, AttributeError, AddressRefused) as error:
            log.warning("%s: %s; the peers' last addresses stay in use", self._file, error)
