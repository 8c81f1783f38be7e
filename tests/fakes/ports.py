"""Ports for a test's own servers, below those that connections are given.

From among those a connection could take a server's port while it is down, even one to that server.
"""

import random
import socket
from collections import deque

from comptoir.demo.layout import LOCALHOST

ANYWHERE, IN_A_ROW = range(10_000, 20_000), 20_000
_dice = random.SystemRandom()  # Hypothesis sets the other one back
_given: deque[int] = deque(maxlen=1000)


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on at this moment, and none that was just given."""
    found: list[int] = []
    while len(found) < count:
        port = _dice.choice(ANYWHERE)
        if port not in _given and _may_listen(port):
            _given.append(port)
            found.append(port)
    return found


def first_port(count: int) -> int:
    """Return a port that is free with the ones after it."""
    start = _dice.randrange(IN_A_ROW, IN_A_ROW + 10_000)  # workers are neighbours by their pids
    for port in range(start, start + 2000, count):
        if all(_free(port + n) for n in range(count)):
            return port
    raise AssertionError("no free ports in a row")


def _free(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex((LOCALHOST, port)) != 0


def _may_listen(port: int) -> bool:
    with socket.socket() as one:
        try:
            one.bind(("", port))
        except OSError:
            return False
    return True
