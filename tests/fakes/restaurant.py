"""Terminals of a test with everything real but the box: keys, journal, broker, replica."""

import json
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from comptoir.bootstrap.desk import attest_retired, open_desk
from comptoir.bootstrap.terminal import SystemClock
from comptoir.bus import Address, wire
from comptoir.cloud_link import CloudLink, bridge_block
from comptoir.commands import Actor, AdmitTerminal, Desk, OpenCheck, RetireTerminal
from comptoir.domain.house import MANAGER, SYSTEM, Card
from comptoir.domain.records import dump
from comptoir.enrolment import Enrolment, create
from comptoir.identity import House, Identity, Place
from comptoir.journal import Journal
from comptoir.replica import Lan, Member, Pace, PeerBook, Replica, TrustStore
from comptoir.replica.renewal import Paper
from comptoir.replica.whereabouts import Named
from tests.fakes.broker import Broker, PeerDoor
from tests.fakes.listener import Listener

BOSS = Actor("boss", MANAGER)
PROGRAM = Actor(SYSTEM, SYSTEM)
SETTINGS = """\
data_dir = "{folder}"
identity_dir = "{folder}/identity"
peers_dir = "{folder}/peers"
peers_file = "{folder}/peers.json"
broker_port = {port}
vector_ms = 500
"""
PACE = Pace(heartbeat_s=0.2, vector_s=0.5, poll_s=0.1, mark_stall_s=2.0)


def until(
    true: Callable[[], object], seconds: float = 60.0, what: str = "", pause_s: float = 0.01
) -> float:
    """Wait until something is true; returns how long it took, in seconds."""
    begin = time.monotonic()
    while not true():
        if time.monotonic() - begin > seconds:
            raise AssertionError(f"not within {seconds} s: {what or true}")
        time.sleep(pause_s)
    return time.monotonic() - begin


def sell(desk: Desk, count: int) -> None:
    """Append events: checks opened."""
    for _ in range(count):
        name = uuid.uuid4().hex
        desk.run(OpenCheck(name, name, "eat_in"), BOSS)


class Terminal:
    """One terminal: what a box does, in this process, with a broker of its own."""

    def __init__(
        self,
        folder: Path,
        name: str,
        letter: str,
        pace: Pace = PACE,
        cloud: CloudLink | None = None,
    ) -> None:
        self.folder, self.name, self.pace = folder, name, pace
        enrolment = Enrolment(House("r1", "Chez Test", "EUR", "Europe/Paris"), Place(name, letter))
        self.identity: Identity = create(
            folder / "identity", enrolment, folder / "etc/comptoir/peers.json"
        )
        self.trust: dict[str, Card] = {name: self.identity.card}
        self.head_office: Card | None = None
        self.paper: Paper | None = None
        self.named: Named | None = None
        self.peers_dir = folder / "peers"
        door = PeerDoor(self.peers_dir, folder / "identity/lan.crt", folder / "identity/lan.key")
        bridge = bridge_block("r1", name, cloud) if cloud else ""
        self.broker = Broker(folder / "broker", door, bridge)
        self.journal = Journal(folder / "journal.db")
        self.journal.migrate()
        self.desk = open_desk(self.journal, self.identity)
        self.replica: Replica | None = None
        self._thread: threading.Thread | None = None
        self._listener: Listener | None = None
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def card(self) -> Card:
        return self.identity.card

    def know(self, others: "list[Terminal]", *, trusted: bool = True) -> None:
        """Write the peers' addresses, and list their cards as trusted from the start."""
        book = {o.name: f"127.0.0.1:{o.broker.lan_port}" for o in others if o is not self}
        file = self.folder / "peers.json"
        file.write_text(json.dumps(book), encoding="utf-8")
        if trusted:
            self.trust |= {o.name: o.card for o in others}

    def start(self, *, broker: bool = True) -> None:
        if broker:
            self.broker.start()
        self.replica = Replica(
            self.journal,
            Member("r1", self.name, self.trust, head_office=self.head_office),
            Lan(
                Address("127.0.0.1", self.broker.local_port),
                self.folder / "identity/lan.crt",
                self.folder / "identity/lan.key",
                PeerBook(self.folder / "peers.json"),
                TrustStore(self.peers_dir, self._restart_broker),
                paper=self.paper,
                named=self.named,
                disk=self.folder,
            ),
            self.pace,
            SystemClock(),
        )
        self._thread = threading.Thread(target=self.replica.run, name=f"replica {self.name}")
        self._thread.start()

    def safety(self) -> wire.Safety:
        """Return what the replica last told the till."""
        if self._listener is None:
            self._listener = Listener(Address("127.0.0.1", self.broker.local_port))
        return self._listener.safety()

    def heard_safe(self) -> list[int]:
        """Return every own seq of epoch 1 that the replica has reported SAFE so far."""
        heard = self._listener.heard if self._listener else []
        return [safety.own["1"] for safety in heard if "1" in safety.own]

    def linked(self) -> set[str]:
        """Return the peers whose brokers this replica is connected to."""
        return self.replica._mesh.connected() if self.replica else set()

    def tell_grown(self) -> None:
        """Say on the local bus that the journal grew, as the till does."""
        self.safety()
        if self._listener is not None:
            self._listener.say_grown(self.journal.position())

    @classmethod
    def twin_of(cls, terminal: "Terminal", journal: Path) -> Desk:
        """Return the desk of a copy of a terminal's disk that writes on by itself."""
        twin = Journal(journal)
        desk = open_desk(twin, terminal.identity)
        desk.log.open(peers_answered=True)
        return desk

    def _restart_broker(self) -> None:
        self.broker.restart()

    def start_process(self) -> None:
        """Run ``comptoir replica`` as a program of its own instead of a thread."""
        cards = [dump(card) for card in self.trust.values()]
        (self.folder / "identity/trust.json").write_text(json.dumps(cards), encoding="utf-8")
        settings = self.folder / "comptoir.toml"
        settings.write_text(
            SETTINGS.format(folder=self.folder, port=self.broker.local_port), encoding="utf-8"
        )
        with (self.folder / "replica.log").open("ab") as log:
            self.process = subprocess.Popen(
                [Path(sys.executable).with_name("comptoir"), "--settings", settings, "replica"],
                stdout=log,
                stderr=log,
            )

    def pids(self) -> list[int]:
        """Return the processes of its broker and its replica, which runs as a program."""
        assert self.process is not None
        return [self.broker.pid, self.process.pid]

    def kill_process(self) -> None:
        """End the replica's program as kill -9 does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def begin_stop(self) -> None:
        """Tell the replica to end, without waiting."""
        if self.replica is not None:
            self.replica.stop()

    def stop_replica(self) -> None:
        self.begin_stop()
        if self._thread is not None:
            self._thread.join()
            self.replica = self._thread = None

    def stop(self) -> None:
        self.stop_replica()
        self.kill_process()
        if self._listener is not None:
            self._listener.stop()
        self.broker.kill()
        self.journal.close()

    def open_log(self, *, peers_answered: bool = False) -> int:
        return self.desk.log.open(peers_answered=peers_answered)

    def sell(self, count: int = 1) -> None:
        """Append events: checks opened."""
        sell(self.desk, count)

    def admit(self, card: Card) -> None:
        self.desk.run(AdmitTerminal(uuid.uuid4().hex, card), BOSS)

    def retire(self, name: str) -> None:
        self.desk.run(RetireTerminal(uuid.uuid4().hex, name, "stolen"), BOSS)

    def attest(self) -> None:
        attest_retired(self.desk)

    def seq(self, terminal: str, epoch: int = 1) -> int:
        return self.journal.head((terminal, epoch)).seq
