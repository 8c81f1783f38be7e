"""A simulated terminal: the real journal, desk and replica on a fake clock, LAN and disk."""

import functools
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from comptoir.bootstrap.desk import attest_retired
from comptoir.bus import Address, Arrival, topics, wire
from comptoir.commands import Actor, Command, Desk, Outcome
from comptoir.commands.clocks_ahead import note_ahead
from comptoir.commands.desk import Around
from comptoir.commands.steered_clock import SteeredClock, newest_ms
from comptoir.domain.errors import DomainError
from comptoir.domain.house import MANAGER, SYSTEM, Card
from comptoir.journal import Journal, JournalUnusable, OwnLog, Signer
from comptoir.replica import Lan, Member, Pace, PeerBook, Replica
from comptoir.replica.mesh import OWN
from comptoir.web.settling import Answers, Settling
from tests.faults.network import FakeLink, Network
from tests.faults.world import Watch, World

PACE = Pace(
    heartbeat_s=1.0,
    vector_s=3.0,
    poll_s=1.0,
    mark_stall_s=4.0,
    uplink_window=400,
    join_events=8,  # in an evening of a minute that is much: who was away asks for the present
)
START_WAIT_S, RECOVERY_S = 4.0, 10.0
BOSS, PROGRAM = Actor("boss", MANAGER), Actor(SYSTEM, SYSTEM)
RESTAURANT = "r1"
Told = Callable[["Terminal", wire.Safety], None]
Uploads = Callable[["Terminal", bytes], None]


@functools.cache
def blank() -> bytes:
    """Return a journal's file as ``comptoir migrate`` makes it."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "journal.db")
        journal.migrate()
        journal.reader()
        journal._write_connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        journal.close()
        return journal.path.read_bytes()


class Book(PeerBook):
    """Addresses of a LAN on which everybody finds everybody."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def addresses(self) -> dict[str, Address]:
        return {name: Address("lan", 1) for name in self._network.brokers}


class Terminal:
    """One box: it can lose power, one of its programs, its disk; or be stolen."""

    def __init__(self, world: World, network: Network, name: str, folder: Path) -> None:
        self.world, self.network, self.name = world, network, name
        self.file = folder / f"{name}.db"
        self.file.write_bytes(blank())
        key = Ed25519PrivateKey.from_private_bytes(f"{world.seed}/{name}".encode().ljust(32)[:32])
        self.signer = Signer(key)
        self.card = Card(name, name, name, self.signer.public, f"certificate of {name}")
        self.trust: dict[str, Card] = {name: self.card}
        self.watch = Watch(world, noon_ms=1_795_348_800_000)
        self.broker = network.add(name)
        network.wakes[name] = self._wake
        self.told: list[Told] = []
        self.uploads: Uploads | None = None
        self.pace = PACE
        self.journal: Journal | None = None  # the till's
        self.replica: Replica | None = None
        self._stored: Journal | None = None  # the replica's
        self.desk: Desk | None = None
        self.report: wire.Safety | None = None
        self.gone = self.stolen = False
        self.disk_full = False
        self.clock_confirmed = True
        self.marks_clocks = False
        self.life = 0
        self._woken_s = -1.0
        self._paused_until_s = 0.0

    @property
    def sells(self) -> bool:
        return self.desk is not None and self.desk.log.epoch > 0 and not self._paused

    @property
    def up(self) -> bool:
        return self.broker.up

    @property
    def _paused(self) -> bool:
        return self.world.now_s < self._paused_until_s

    def power_on(self) -> None:
        if self.up or self.gone:
            return
        self.life += 1
        self.broker.up = True
        self.start_replica()
        self.start_till()

    def power_off(self) -> None:
        """Cut the power: nothing is said, nothing is closed."""
        self.stop_till()
        self.stop_replica()
        self.report = None  # the broker had it in its memory
        self.broker.up = False
        self.broker.restart()

    def pause(self, seconds: float) -> None:
        """Hang: nothing is done, and then all at once."""
        self._paused_until_s = self.world.now_s + seconds
        self.world.after(seconds, f"wake {self.name}", self._wake)

    # the replica program

    def start_replica(self) -> None:
        if self.replica is not None or not self.up:
            return
        self._stored = Journal(self.file)
        member = Member(RESTAURANT, self.name, self.trust, has_cloud=True)
        lan = Lan(
            Address("own", 1),
            self.file,
            self.file,
            Book(self.network),
            self.broker.trusted,
            self.network.connect(self.name),
            lambda: self.world.now_s,
            time_known=lambda: self.clock_confirmed,
        )
        self.replica = Replica(self._stored, member, lan, self.pace, self.watch)
        own = self.replica._mesh.own
        assert isinstance(own, FakeLink)
        own.local = self._hear
        self.replica.begin()
        self._wake()

    def stop_replica(self) -> None:
        if self.replica is not None and self._stored is not None:
            self.replica.end()
            self._stored.close()
            self.replica = self._stored = None

    def _wake(self) -> None:
        """Let the replica work now, once, however much arrives at this moment."""
        if self._woken_s == self.world.now_s:
            return
        self._woken_s = self.world.now_s
        self.world.after(0, f"turn {self.name}", self._turn)

    def _turn(self) -> None:
        self._woken_s = -1.0
        replica = self.replica
        if replica is None or self._paused:
            return
        replica.turn(replica._inbox.get(0))
        rest = 0.0 if not replica._inbox._items.empty() else max(0.001, replica.idle_s())
        life = self.life
        self.world.after(rest, f"idle {self.name}", lambda: self._idle(life, replica))

    def _idle(self, life: int, replica: Replica) -> None:
        if life == self.life and self.replica is replica and replica.idle_s() <= 0:
            self._wake()

    def _hear(self, topic: str, payload: bytes) -> None:
        """Be the till, and the bridge, that listen on the own broker."""
        if topic == topics.SAFETY.template:
            self.report = wire.unpack_json(payload, wire.Safety)
            for told in self.told:
                told(self, self.report)
        elif topic == topics.JOURNAL.template:
            self.world.after(0.002, f"news {self.name}", self._news)
        elif self.uploads is not None:
            self.uploads(self, payload)

    # the till program

    def start_till(self) -> None:
        if self.desk is not None or not self.up:
            return
        self.journal = Journal(self.file)
        clock = SteeredClock(
            self.watch,
            lambda: self.world.now_s,
            lambda: self.report.off_ms if self.report else 0,
            newest_ms(self.journal, self.name),
        )
        log = OwnLog(self.journal, self.signer, clock, restaurant=RESTAURANT, terminal=self.name)
        around = Around(
            time_known=lambda: self.report is not None and self.report.time_known,
            speaks=lambda: self.report.speaks if self.report else 1,
        )
        self.desk = Desk(log, clock, letter=self.name, around=around)
        self.report = None if self.replica is None else self.report
        if self.trust.keys() == {self.name}:
            log.open(peers_answered=False)
        else:
            self._settle(Settling(log, START_WAIT_S, RECOVERY_S), self.world.now_s)

    def _settle(self, settling: Settling, begin_s: float) -> None:
        if self.desk is None or settling._own is not self.desk.log:
            return
        answers = Answers.of(self.report)
        try:
            opened = settling.step(answers, self.world.now_s - begin_s)
        except JournalUnusable:
            opened = False
        if opened:
            self._news()
        else:
            self.world.after(0.2, f"settle {self.name}", lambda: self._settle(settling, begin_s))

    def stop_till(self, *, clean: bool = False) -> None:
        if self.desk is not None and self.journal is not None:
            if clean:
                self.desk.log.close()
            self.journal.close()
            self.desk = self.journal = None

    def _news(self) -> None:
        if self.sells and self.desk is not None:
            try:
                attest_retired(self.desk)
                if self.marks_clocks:
                    note_ahead(self.desk)
            except JournalUnusable:
                return
            self._grown()

    def _grown(self) -> None:
        if self.replica is not None:
            arrival = Arrival(OWN, topics.JOURNAL.template, b"")
            self.replica._inbox.put(arrival)
            self._wake()

    def run(self, command: Command, actor: Actor = BOSS) -> Outcome | None:
        """Carry out a command; None when it was refused."""
        if self.desk is None or not self.sells:
            return None
        try:
            outcome = self.desk.run(command, actor)
        except (DomainError, JournalUnusable):
            return None
        self.world.after(0.002, f"grown {self.name}", self._grown)
        return outcome

    # the disk

    def eye(self) -> Journal:
        """Return a look at the disk that does not disturb; close it."""
        return Journal(self.file)

    def back_up(self, to: Path) -> None:
        """Copy the disk as it is; nobody writes while this world stands still."""
        for part in ("", "-wal"):
            if (file := Path(f"{self.file}{part}")).exists():
                shutil.copy(file, f"{to}{part}")

    def replace_disk(self, by: Path | None, *, marked: bool = True) -> None:
        """Put in a new disk, or an older copy, marked as such; the terminal must be off."""
        for file in self.file.parent.glob(f"{self.file.name}*"):
            file.unlink()
        self.file.write_bytes(blank())
        for part in ("", "-wal") if by is not None else ():
            if (file := Path(f"{by}{part}")).exists():
                shutil.copy(file, f"{self.file}{part}")
        if marked:
            journal = Journal(self.file)
            with journal.transaction() as db:
                db.execute("DELETE FROM own_log")
            journal.close()

    def fill_disk(self, *, full: bool) -> None:
        """Let no page more be written, or all that there is room for."""
        self.disk_full = full
        for journal in (self.journal, self._stored):
            if journal is not None:
                db = journal._write_connection()
                (pages,) = db.execute("PRAGMA page_count").fetchone()
                db.execute(f"PRAGMA max_page_count = {pages if full else 1 << 30}")
