"""A port of this computer with a fake printer at the other end of its cable."""

import contextlib
import os
import select
import socket
import threading
import tty

from tests.fakes.printer import FakePrinter

CHUNK_BYTES, LOOK_S = 1024, 0.05


class FakeCable:
    """A pseudo-terminal, ``path``, whose other end speaks with a fake printer byte for byte.

    As a serial line it stands as Linux opens one, cooked and echoing, for the program to set; as a
    USB printer's file it passes bytes as they are, for ``usblp`` has no settings.
    """

    def __init__(self, printer: FakePrinter, *, serial: bool) -> None:
        self._printer = printer
        self._end, self._port = os.openpty()  # held open here, or a port nobody has open hangs up
        self.path = os.ttyname(self._port)
        if not serial:
            tty.setraw(self._port)
        self._plugged = threading.Event()
        self._plugged.set()
        self._thread = threading.Thread(target=self._pass_on)
        self._thread.start()

    def unplug(self) -> None:
        """Pull the cable: the port is gone for whoever has it open."""
        self._plugged.clear()
        self._thread.join()
        with contextlib.suppress(OSError):
            os.close(self._port)
            os.close(self._end)

    def _pass_on(self) -> None:
        while self._plugged.is_set():
            with contextlib.suppress(OSError):
                self._talk(socket.create_connection(("127.0.0.1", self._printer.port)))

    def _talk(self, printer: socket.socket) -> None:
        with printer:
            while self._plugged.is_set():
                line = printer.fileno()
                ready, _, _ = select.select([line, self._end], [], [], LOOK_S)
                if line in ready:
                    said = printer.recv(CHUNK_BYTES)
                    if not said:
                        return
                    os.write(self._end, said)
                if self._end in ready:
                    printer.sendall(os.read(self._end, CHUNK_BYTES))
