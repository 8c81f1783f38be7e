import contextlib
import socket
import socketserver
import threading
from collections.abc import Iterator

import pytest

from comptoir.demo.cables import Cable, PatchPanel

SOON_S = 0.3
LATER_S = 60.0


class Echo(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        for line in self.rfile:
            self.wfile.write(line)


@pytest.fixture
def panel() -> Iterator[PatchPanel]:
    panel = PatchPanel()
    yield panel
    panel.close()


@pytest.fixture
def cable(panel: PatchPanel) -> Iterator[Cable]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield panel.lay(server.server_address[1])
        server.shutdown()
        thread.join()


def connect(cable: Cable) -> socket.socket:
    return socket.create_connection(("127.0.0.1", cable.port), timeout=LATER_S)


def answer(one: socket.socket) -> bytes:
    """Return what comes back; nothing when the other end hung up, however rudely."""
    with contextlib.suppress(ConnectionError):
        one.sendall(b"hello\n")
        return one.recv(64)
    return b""


def test_a_cable_carries_both_ways(cable: Cable) -> None:
    with connect(cable) as one:
        one.sendall(b"hello\n")
        assert one.recv(64) == b"hello\n"


def test_a_cable_that_is_out_tells_nobody_and_its_bytes_wait(
    panel: PatchPanel, cable: Cable
) -> None:
    with connect(cable) as one:
        one.sendall(b"before\n")
        assert one.recv(64) == b"before\n"
        panel.pull_out(cable)
        one.sendall(b"meanwhile\n")
        one.settimeout(SOON_S)
        with pytest.raises(TimeoutError):
            one.recv(64)
        panel.plug_in(cable)
        one.settimeout(LATER_S)
        assert one.recv(64) == b"meanwhile\n"


def test_nobody_connects_over_a_cable_that_is_out(panel: PatchPanel, cable: Cable) -> None:
    panel.pull_out(cable)
    with connect(cable) as one:
        assert answer(one) == b""
    panel.plug_in(cable)
    with connect(cable) as one:
        one.sendall(b"again\n")
        assert one.recv(64) == b"again\n"


def test_a_cable_to_nowhere_ends_the_connection(panel: PatchPanel) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with connect(panel.lay(port)) as one:
        assert answer(one) == b""
