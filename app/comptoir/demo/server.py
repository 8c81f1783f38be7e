"""The demo's own page, its state as JSON, and the way in for its buttons."""

import json
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any

from comptoir.demo.layout import LOCALHOST

LINE_BYTES_MAX = 200
REQUEST_S = 10
TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
PAGES = {"/": "index.html", "/demo.css": "demo.css", "/demo.js": "demo.js", "/icon.svg": "icon.svg"}
POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; frame-src http://127.0.0.1:*"


class Page:
    """Serves the page until ``stop``; the port is bound when it is made."""

    def __init__(
        self,
        port: int,
        state: Callable[[], dict[str, Any]],
        command: Callable[[str], str],
        cookies: Callable[[], list[str]],
    ) -> None:
        handler = type(
            "Handler",
            (_Handler,),
            {"state": staticmethod(state), "carry_out": staticmethod(command),
             "cookies": staticmethod(cookies), "hosts": {f"{LOCALHOST}:{port}"}},
        )  # fmt: skip
        self.url = f"http://{LOCALHOST}:{port}/"
        self._server = _Server((LOCALHOST, port), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self) -> None:
        """End serving, if it ever began."""
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tell of faults, but not of a browser that was closed in the middle of an answer."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    timeout = REQUEST_S
    protocol_version = "HTTP/1.1"
    hosts: frozenset[str]
    state: Callable[[], dict[str, Any]]
    carry_out: Callable[[str], str]
    cookies: Callable[[], list[str]]

    def do_GET(self) -> None:
        """Serve a file of the page, or the state."""
        if self.path == "/state":
            self._send(json.dumps(self.state()).encode(), "application/json")
        elif name := PAGES.get(self.path):
            data = (files(__package__) / "page" / name).read_bytes()
            self._send(data, TYPES[name.rpartition(".")[2]], cookies=self.path == "/")
        else:
            self._send(b"not here", "text/plain", HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """Carry out a command; only our own page can send the header."""
        length = int(self.headers.get("Content-Length", "0"))
        ours = self.headers.get("X-Comptoir-Demo") and self.headers.get("Host") in self.hosts
        if self.path != "/command" or not ours or not 0 <= length <= LINE_BYTES_MAX:
            self.close_connection = True
            self._send(b"refused", "text/plain", HTTPStatus.FORBIDDEN)
            return
        line = self.rfile.read(length).decode(errors="replace")
        self._send(self.carry_out(line).encode(), "text/plain")

    def _send(
        self, data: bytes, kind: str, status: int = HTTPStatus.OK, *, cookies: bool = False
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", POLICY)
        for cookie in self.cookies() if cookies else ():
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing: the prompt is in the same window."""
