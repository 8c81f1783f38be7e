"""Ports in a row, for a restaurant whose tills stand next to each other."""

import os
import socket

from comptoir.demo.layout import LOCALHOST


def first_port(count: int) -> int:
    """Return a port that is free with the ones after it."""
    start = 20_000 + os.getpid() % 10_000  # below the range from which connections take theirs
    for port in range(start, start + 2000, count):
        if all(_free(port + n) for n in range(count)):
            return port
    raise AssertionError("no free ports in a row")


def _free(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex((LOCALHOST, port)) != 0
