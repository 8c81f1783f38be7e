"""The wire to a printer: a network address, or a USB or serial port of this terminal.

All do the same: send bytes within a time, receive some within a time, end. An address that begins
with ``/dev/`` is a port; with a speed it is a serial one.
"""

import contextlib
import os
import select
import socket
import termios
import time
import tty
from typing import Protocol

from comptoir.domain.printing import Printer

CONNECT_S_MAX = 2.0
READ_BYTES_MAX = 4096


class Cable(Protocol):
    """A wire in use; OSError when it is out, TimeoutError when the other end takes too long."""

    def send(self, data: bytes, seconds: float) -> None:
        """Send all of it."""

    def receive(self, most: int, seconds: float) -> bytes:
        """Return some bytes; none when the other end hung up."""

    def drain(self) -> None:
        """Throw away what was said unasked; as much as one read holds."""

    def close(self) -> None:
        """Let go."""


def plug(printer: Printer) -> Cable:
    """Return the wire to a printer; raises OSError when there is none, or nobody at its end."""
    if printer.attached:
        return Port(printer.host, printer.baud)
    return Network(printer.host, printer.port)


class Network:
    """A TCP connection."""

    def __init__(self, host: str, port: int) -> None:
        try:
            self._socket = socket.create_connection((host, port), CONNECT_S_MAX)
        except UnicodeError as error:
            raise OSError(str(error)) from error

    def send(self, data: bytes, seconds: float) -> None:
        """Send all of it."""
        self._socket.settimeout(seconds)
        self._socket.sendall(data)

    def receive(self, most: int, seconds: float) -> bytes:
        """Return some bytes; none when the printer hung up."""
        self._socket.settimeout(seconds)
        return self._socket.recv(most)

    def drain(self) -> None:
        """Throw away what was said unasked."""
        self._socket.setblocking(False)
        with contextlib.suppress(OSError):
            self._socket.recv(READ_BYTES_MAX)

    def close(self) -> None:
        """Hang up."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
        self._socket.close()


class Port:
    """A USB printer's file (``usblp``), or a serial line of so many bits per second."""

    def __init__(self, path: str, baud: int) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
        if baud:
            try:
                _raw(self._file, baud)
            except BaseException:
                os.close(self._file)
                raise

    def send(self, data: bytes, seconds: float) -> None:
        """Send all of it."""
        end, left = time.monotonic() + seconds, memoryview(data)
        while left:
            self._wait(select.POLLOUT, end)
            with contextlib.suppress(BlockingIOError):
                left = left[os.write(self._file, left) :]

    def receive(self, most: int, seconds: float) -> bytes:
        """Return some bytes; a USB printer with nothing to say may answer with none of them."""
        end = time.monotonic() + seconds
        while True:
            self._wait(select.POLLIN, end)
            with contextlib.suppress(BlockingIOError):
                if said := os.read(self._file, most):
                    return said
                time.sleep(PAUSE_S)

    def drain(self) -> None:
        """Throw away what was said unasked."""
        with contextlib.suppress(OSError):
            os.read(self._file, READ_BYTES_MAX)

    def close(self) -> None:
        """Let go of the port."""
        os.close(self._file)

    def _wait(self, event: int, end: float) -> None:
        left_s = end - time.monotonic()
        poll = select.poll()
        poll.register(self._file, event)
        found = poll.poll(max(0.0, left_s) * 1000)
        if left_s <= 0 or not found:
            raise TimeoutError
        if not found[0][1] & event:
            raise OSError("the printer is unplugged")


PAUSE_S = 0.01


def _raw(file: int, baud: int) -> None:
    """Pass every byte as it is, eight bits, at this speed; the printer may say stop (XON/XOFF)."""
    try:
        tty.setraw(file)
        speed = getattr(termios, f"B{baud}")
        settings = termios.tcgetattr(file)
        settings[0] |= termios.IXON
        settings[2] |= termios.CLOCAL | termios.CREAD
        settings[4] = settings[5] = speed
        termios.tcsetattr(file, termios.TCSANOW, settings)
    except (termios.error, AttributeError) as error:
        raise OSError(f"no serial line of {baud} bits per second: {error}") from error
