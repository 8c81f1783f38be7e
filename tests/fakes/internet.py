"""The internet between a restaurant and its cloud: a TCP relay that can be cut and healed."""

import contextlib
import select
import socket
import threading
import time

from comptoir.bus import Address
from tests.fakes.ports import free_ports

CHUNK = 65536


class Internet:
    """Forwards to a target; ``cut`` drops every connection and lets none in, as a dead line does.

    ``silence`` keeps connections but carries nothing, as a router that forgot them does.
    """

    def __init__(self, target: Address) -> None:
        self._target = target
        self.address = Address("127.0.0.1", free_ports(1)[0])
        self._up = threading.Event()
        self._silent = threading.Event()
        self._ended = threading.Event()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server((self.address.host, self.address.port))
        self._listener.settimeout(0.1)
        self._up.set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self._up.clear()
        with self._lock:
            for one in self._open:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def heal(self) -> None:
        self._silent.clear()
        self._up.set()

    def silence(self) -> None:
        self._silent.set()

    def stop(self) -> None:
        self._ended.set()
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                inside, _ = self._listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            threading.Thread(target=self._relay, args=(inside,), daemon=True).start()

    def _relay(self, inside: socket.socket) -> None:
        with inside:
            if not self._up.is_set():
                return
            target = (self._target.host, self._target.port)
            with contextlib.suppress(OSError), socket.create_connection(target) as outside:
                self._carry(inside, outside)

    def _carry(self, inside: socket.socket, outside: socket.socket) -> None:
        with self._lock:
            self._open |= {inside, outside}
        try:
            while self._up.is_set():
                if self._silent.is_set():
                    time.sleep(0.02)
                    continue
                for ready in select.select([inside, outside], [], [], 0.2)[0]:
                    chunk = ready.recv(CHUNK)
                    if not chunk:
                        return
                    (outside if ready is inside else inside).sendall(chunk)
        finally:
            with self._lock:
                self._open -= {inside, outside}
