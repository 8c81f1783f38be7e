"""A thief's box: floods the brokers of its peers under its own certificate, until it is killed.

``python -m tests.faults.netns.flooder FOLDER``: what it knows of is in the folder of the terminal.
It sends what they hold already, again and again, bytes that are no message, and large ones.
"""

import itertools
import json
import os
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any

from comptoir.bus import Address, Endpoint, Inbox, PeerTls, Transport, topics, wire
from comptoir.journal import Journal

BATCH, KIB, PAUSE_S = 100, 1024, 0.001
EACH_LARGE = 50
COUNT = "flood.count"


class Hose(Transport):
    """A link that counts the messages, and the bytes in them, that the broker took."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint, Inbox())
        self._sizes: deque[int] = deque()
        self.messages = self.bytes = 0

    def start(self) -> None:
        """Connect, and count what the broker takes."""
        super().start()
        assert self._client is not None
        self._client.on_publish = self._on_publish

    def _on_publish(self, *_: Any) -> None:
        self.messages += 1
        self.bytes += self._sizes.popleft()

    def pour(self, topic: str, what: bytes) -> bool:
        """Send if there is room; what is sent on one link is taken in that order."""
        self._sizes.append(len(what))
        taken = self.publish(topic, what)
        if not taken:
            self._sizes.pop()
        return taken


def messages(journal: Journal, terminal: str) -> list[bytes]:
    """Return what is sent in turn."""
    logs = [log for log in journal.vector() if log[0] == terminal]
    held = [wire.pack(wire.events_of(journal.range(log, 1, BATCH, 1 << 18))) for log in logs]
    return [*held, os.urandom(KIB)]


def main(folder: Path) -> None:
    """Flood until killed; how much was taken stands in a file."""
    told = json.loads((folder / "flood.json").read_text(encoding="utf-8"))
    papers = folder / "keys/identity"
    hoses = []
    for name, (host, port, pem) in told["peers"].items():
        tls = PeerTls(papers / "lan.crt", papers / "lan.key", name, pem)
        hoses.append(Hose(Endpoint(name, Address(host, port), told["me"], tls)))
        hoses[-1].start()
    journal = Journal(folder / "data/journal.db")
    each, large = messages(journal, told["me"]), os.urandom(900 * KIB)
    topic = topics.EV.at(told["restaurant"], told["me"])
    for number in itertools.count():
        what = large if number % EACH_LARGE == 0 else each[number % len(each)]
        if not sum(hose.pour(topic, what) for hose in hoses):
            time.sleep(PAUSE_S)
        if number % EACH_LARGE == 0:
            _tell(folder / COUNT, hoses)


def _tell(file: Path, hoses: list[Hose]) -> None:
    """Write down how many messages, and bytes, were taken so far."""
    new = file.with_suffix(".new")
    taken = (sum(hose.messages for hose in hoses), sum(hose.bytes for hose in hoses))
    new.write_text(json.dumps(taken), encoding="ascii")
    new.replace(file)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
