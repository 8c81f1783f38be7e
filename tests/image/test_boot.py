import http.server
import socket
import threading
from pathlib import Path

import pytest

from imagebuilder import boot
from imagebuilder.errors import BuildError


def test_the_next_free_port_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert boot.free_port(port) != port


def test_only_a_till_that_answers_counts() -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        assert not boot.answers(f"{address}/nosuch")
        thread.join()
    assert not boot.answers(address)


def test_a_missing_image_is_told(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="no such image"):
        boot.main([str(tmp_path / "x.img")])
