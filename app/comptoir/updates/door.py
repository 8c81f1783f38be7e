"""Gives bundles over HTTP, in parts: to peers and terminals over mTLS, to RAUC on this machine."""

import logging
import re
import socket
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import ThreadingMixIn

from comptoir.updates.bundles import Content
from comptoir.updates.rate import Rate

TALKS_MAX = 4
SILENT_S_MAX, SHOWS_S_MAX = 60.0, 5.0
PIECE = 64 << 10
_PATH = re.compile(r"/([0-9a-f]{64})\.raucb")
_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")

Find = Callable[[str], Content | None]
MayTalk = Callable[[], ssl.SSLContext | None]
Shows = Callable[[bytes], bool]

log = logging.getLogger(__name__)


class Lost(Exception):
    """The bytes that were asked for are not to be had any more."""


def path_of(bundle: str) -> str:
    """Return where a bundle is asked for."""
    return f"/{bundle}.raucb"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = SILENT_S_MAX
    server: "Door"

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named there
        log.debug("%s: %s", self.client_address[0], format % args)

    def _answer(self, *, body: bool) -> None:
        named = _PATH.fullmatch(self.path)
        content = self.server.find(named[1]) if named else None
        if content is None:
            self._say(404)
            return
        try:
            first, last, part = asked(self.headers.get("Range", ""), content.size)
        except ValueError:
            self._say(416, (("Content-Range", f"bytes */{content.size}"),))
            return
        told = [("Accept-Ranges", "bytes"), ("Content-Length", str(last - first + 1))]
        if part:
            told.append(("Content-Range", f"bytes {first}-{last}/{content.size}"))
        self.send_response(206 if part else 200)
        for name, said in told:
            self.send_header(name, said)
        self.end_headers()
        if body:
            self._give(content, first, last)

    def _say(self, status: int, told: tuple[tuple[str, str], ...] = ()) -> None:
        self.send_response(status)
        for name, said in (("Content-Length", "0"), *told):
            self.send_header(name, said)
        self.end_headers()

    def _give(self, content: Content, first: int, last: int) -> None:
        while first <= last:
            try:
                piece = content.read(first, min(PIECE, last - first + 1))
            except (Lost, OSError) as error:
                log.warning("a bundle could not be read on: %s", error)
                piece = b""
            if not piece:  # who asked sees it end too early, and asks again
                self.close_connection = True
                return
            self.server.rate.spend(len(piece))
            self.wfile.write(piece)
            first += len(piece)


def asked(said: str, size: int) -> tuple[int, int, bool]:
    """Return first and last byte of a Range header, and whether it is a part; or ValueError."""
    found = _RANGE.fullmatch(said)
    if found is None:
        return 0, size - 1, False
    first = int(found[1])
    last = min(int(found[2]) if found[2] else size - 1, size - 1)
    if first > last:
        raise ValueError(said)
    return first, last, True


class Door(ThreadingMixIn, HTTPServer):
    """Serves what ``find`` knows, to few at once; with ``context`` to those it lets in.

    ``context`` is asked anew for each caller: who was retired is not let in any more. ``shows``
    judges the certificate that a caller showed.
    """

    talks_max = TALKS_MAX
    daemon_threads = True
    allow_reuse_address = True

    def __init__(
        self,
        at: tuple[str, int],
        find: Find,
        rate: Rate,
        context: MayTalk | None = None,
        shows: Shows | None = None,
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in at[0] else socket.AF_INET
        super().__init__(at, _Handler)
        self.find, self.rate = find, rate
        self._context, self._shows = context, shows
        self._talks = threading.BoundedSemaphore(self.talks_max)
        self._thread = threading.Thread(target=self.serve_forever, name="bundles", daemon=True)

    def server_bind(self) -> None:
        """Take callers over IPv4 too where the address is IPv6."""
        if self.address_family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        super().server_bind()

    def start(self) -> None:
        """Serve until ``stop``."""
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        if self._thread.is_alive():
            self.shutdown()
            self._thread.join()
        self.server_close()

    def process_request_thread(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Talk with one caller, if there are few; the handshake keeps nobody else waiting."""
        if not isinstance(request, socket.socket):
            return
        if not self._talks.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            request.settimeout(SHOWS_S_MAX)  # who shows no paper holds no place for long
            talk = self._let_in(request)
            if talk is not None:
                super().process_request_thread(talk, client_address)
        finally:
            self._talks.release()
            request.close()

    def _let_in(self, request: socket.socket) -> socket.socket | None:
        if self._context is None:
            return request
        context = self._context()
        if context is None:
            return None
        try:
            talk = context.wrap_socket(request, server_side=True)
        except OSError as error:  # nobody we know, or gone
            log.info("a caller was not let in: %s", error)
            return None
        shown = talk.getpeercert(binary_form=True) or b""
        if self._shows is None or self._shows(shown):
            return talk
        talk.close()
        return None

    def handle_error(self, request: object, client_address: object) -> None:
        """Say in one line that a talk ended early: callers come and go."""
        del request
        log.info("a talk with %s ended early", client_address, exc_info=log.isEnabledFor(10))
