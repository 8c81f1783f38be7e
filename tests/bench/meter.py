"""A relay between two programs that weighs what they say."""

import contextlib
import socket
import threading

from comptoir.bus import Address

CHUNK = 65536


class Meter:
    """Forwards to a target; ``carried`` are the bytes of TCP's payload, both ways."""

    def __init__(self, target: Address) -> None:
        self.carried = 0
        self._target = target
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = Address(*self._listener.getsockname())
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        """Take nobody in any more; connections end with their programs."""
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed: that is the end
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection((self._target.host, self._target.port))
                for one, other in ((near, far), (far, near)):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        with contextlib.suppress(OSError):  # the other half ended first
            while chunk := near.recv(CHUNK):
                far.sendall(chunk)
                with self._lock:
                    self.carried += len(chunk)
        for one in (near, far):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
