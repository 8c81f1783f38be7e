"""A thief's box: floods the brokers of its peers under its own certificate, until it is killed.

``python -m tests.faults.netns.flooder FOLDER``: what it knows of is in the folder of the terminal.
It sends what they hold already, again and again, bytes that are no message, and large ones.
"""

import itertools
import json
import os
import sys
import time
from pathlib import Path

from comptoir.bus import Address, Endpoint, Inbox, PeerTls, Transport, topics, wire
from comptoir.journal import Journal

BATCH, KIB, PAUSE_S = 100, 1024, 0.001
EACH_LARGE = 50
COUNT = "flood.count"


def messages(journal: Journal, terminal: str) -> list[bytes]:
    """Return what is sent in turn."""
    logs = [log for log in journal.vector() if log[0] == terminal]
    held = [wire.pack(wire.events_of(journal.range(log, 1, BATCH, 1 << 18))) for log in logs]
    return [*held, os.urandom(KIB)]


def main(folder: Path) -> None:
    """Flood until killed; how many messages were sent stands in a file."""
    told = json.loads((folder / "flood.json").read_text(encoding="utf-8"))
    papers = folder / "keys/identity"
    links = []
    for name, (host, port, pem) in told["peers"].items():
        tls = PeerTls(papers / "lan.crt", papers / "lan.key", name, pem)
        endpoint = Endpoint(name, Address(host, port), told["me"], tls)
        links.append(Transport(endpoint, Inbox()))
        links[-1].start()
    journal = Journal(folder / "data/journal.db")
    each, large = messages(journal, told["me"]), os.urandom(900 * KIB)
    topic, sent = topics.EV.at(told["restaurant"], told["me"]), 0
    for number in itertools.count():
        what = large if number % EACH_LARGE == 0 else each[number % len(each)]
        taken = sum(link.publish(topic, what) for link in links)
        sent += taken
        if not taken:
            time.sleep(PAUSE_S)
        if number % EACH_LARGE == 0:
            (folder / COUNT).write_text(str(sent), encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
