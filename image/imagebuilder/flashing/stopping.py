"""Ctrl-C while units are written: a word to each of them, not an exception anywhere."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def stop_on_signal() -> Iterator[threading.Event]:
    """Give an event that Ctrl-C sets, as do a closed terminal and `kill`."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in ENDINGS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
