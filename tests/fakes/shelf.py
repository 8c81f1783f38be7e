"""A web server of files that can be asked for in parts, which counts what it gave out."""

import re
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_RANGE = re.compile(r"bytes=(\d+)-(\d*)$")
PIECE = 1 << 16


class Shelf:
    """Serves a folder on a free port of this host."""

    def __init__(self, folder: Path) -> None:
        self.given: Counter[str] = Counter()  # bytes, by file
        shelf = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_HEAD(self) -> None:
                self._answer(body=False)

            def do_GET(self) -> None:
                self._answer(body=True)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  named there
                pass

            def _answer(self, *, body: bool) -> None:
                path = folder / Path(self.path).name
                if not path.is_file():
                    self.send_error(404)
                    return
                size = path.stat().st_size
                asked = _RANGE.match(self.headers.get("Range", ""))
                first = int(asked[1]) if asked else 0
                last = min(int(asked[2]) if asked and asked[2] else size - 1, size - 1)
                self.send_response(206 if asked else 200)
                if asked:
                    self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
                self.send_header("Accept-Ranges", "bytes")
                self.send_header("Content-Length", str(last - first + 1))
                self.end_headers()
                if body:
                    self._give(path, first, last)

            def _give(self, path: Path, first: int, last: int) -> None:
                with path.open("rb") as file:
                    file.seek(first)
                    left = last - first + 1
                    while left and (piece := file.read(min(PIECE, left))):
                        self.wfile.write(piece)
                        left -= len(piece)
                        shelf.given[path.name] += len(piece)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, name="shelf")

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._server.server_port

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
