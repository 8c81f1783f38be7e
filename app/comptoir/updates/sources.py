"""Where a bundle is read from: a peer that has it, else the cloud; one after the other."""

import http.client
import logging
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from comptoir.bus import Address
from comptoir.updates.door import Lost, path_of
from comptoir.updates.rate import Rate

ROUNDS_MAX = 5
BACK_OFF_S = (1.0, 2.0, 4.0, 8.0, 16.0)
ANSWERS_S_MAX = 30.0
_TOTAL = re.compile(r"bytes \d+-\d+/(\d{1,12})")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Source:
    """Somebody who may have bundles: a peer, or the cloud.

    ``host`` is the name in its certificate, empty where the certificate itself is the listed one,
    which ``accepts`` tells.
    """

    name: str
    at: Address
    context: Callable[[], ssl.SSLContext]
    accepts: Callable[[bytes | None], bool]
    host: str = ""


class _Talk(http.client.HTTPConnection):
    """A connection to a source, over TLS."""

    def __init__(self, source: Source) -> None:
        super().__init__(source.at.host, source.at.port, timeout=ANSWERS_S_MAX)
        self._source = source

    def connect(self) -> None:
        """Connect, and hang up on who shows another certificate."""
        plain = socket.create_connection((self.host, self.port), ANSWERS_S_MAX)
        name = self._source.host or None
        try:
            self.sock = self._source.context().wrap_socket(plain, server_hostname=name)
        except (OSError, ValueError):
            plain.close()
            raise
        if not self._source.accepts(self.sock.getpeercert(binary_form=True)):
            self.close()
            raise ssl.SSLError(f"{self._source.name} shows another certificate than the listed one")


class Remote:
    """A bundle elsewhere, as content: what breaks off is asked for again, there or at the next."""

    def __init__(
        self,
        bundle: str,
        size: int,
        sources: Sequence[Source],
        rate: Rate,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self._path = path_of(bundle)
        self._size = size
        self._sources = list(sources)
        self._rate = rate
        self._pause = pause
        self._talk: _Talk | None = None
        self._lock = threading.Lock()
        self.taken: dict[str, int] = {}
        self.newest = ""

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self._size

    @property
    def total(self) -> int:
        """How many bytes came, from all sources."""
        return sum(self.taken.values())

    def read(self, offset: int, count: int) -> bytes:
        """Return bytes of it; raises Lost when nobody gives them after all attempts."""
        count = min(count, self._size - offset)
        with self._lock:
            for again_s in (*BACK_OFF_S[: ROUNDS_MAX - 1], None):
                for _ in range(len(self._sources)):
                    found = self._ask(self._sources[0], offset, count)
                    if found is not None:
                        return found
                    self._sources.append(self._sources.pop(0))
                if again_s is not None and self._sources:
                    self._pause(again_s)
        raise Lost(f"nobody gives {self._path} from {offset} on")

    def close(self) -> None:
        """Hang up."""
        with self._lock:
            self._hang_up()

    def _ask(self, source: Source, offset: int, count: int) -> bytes | None:
        """Ask a source; again on a line of its own if the one kept open was closed for silence."""
        kept = self._talk is not None
        found = self._asked(source, offset, count)
        return self._asked(source, offset, count) if found is None and kept else found

    def _asked(self, source: Source, offset: int, count: int) -> bytes | None:
        try:
            talk = self._talk = self._talk or _Talk(source)
            found = self._part(talk, offset, count)
        except (OSError, ValueError, http.client.HTTPException) as error:
            log.info("%s does not give %s: %s", source.name, self._path, error)
            found = None
        if found is None:
            self._hang_up()
            return None
        self._rate.spend(len(found))
        self.newest = source.name
        self.taken[source.name] = self.taken.get(source.name, 0) + len(found)
        return found

    def _part(self, talk: _Talk, offset: int, count: int) -> bytes | None:
        """Return a part; None from who does not have the bundle, or has less of it."""
        talk.request("GET", self._path, headers={"Range": f"bytes={offset}-{offset + count - 1}"})
        answer = talk.getresponse()
        found = answer.read(count + 1)
        total = _TOTAL.fullmatch(answer.headers.get("Content-Range", ""))
        if answer.status != 206 or total is None or int(total[1]) != self._size:
            return None
        return found if len(found) == count else None

    def _hang_up(self) -> None:
        if self._talk is not None:
            self._talk.close()
            self._talk = None
