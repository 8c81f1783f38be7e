"""What goes wrong: power, programs, disks, clocks, the LAN, the internet, thieves."""

from collections.abc import Callable
from pathlib import Path

from comptoir.commands import Actor, AdmitTerminal, Desk, OpenCheck, RetireTerminal
from comptoir.commands.offline import SetOffline
from comptoir.domain.envelope import LogId
from comptoir.domain.house import MANAGER
from comptoir.journal import Journal, OwnLog
from tests.faults.cloud import Cloud
from tests.faults.network import Network, Weather
from tests.faults.oracle import Oracle
from tests.faults.terminal import BOSS, RESTAURANT, Terminal
from tests.faults.world import World

NEWCOMER_EVERY = 3  # seeds in which a terminal joins during the evening
Disaster = Callable[[Terminal], None]


class Disasters:
    """Strikes now and then; ``heal`` ends everything that can be mended."""

    def __init__(
        self,
        world: World,
        network: Network,
        oracle: Oracle,
        cloud: Cloud | None,
        folder: Path,
        *,
        left_min: int,
    ) -> None:
        self.world, self.network, self.oracle, self.cloud = world, network, oracle, cloud
        self.folder = folder
        self._left_min = left_min
        self.terminals = oracle.terminals
        self.dice = world.dice("disasters")
        self.log: list[str] = []
        self.over = False
        self._count = 0
        self._backups: dict[str, Path] = {}
        self._kinds: list[tuple[Disaster, int]] = [
            (self.power, 6),
            (self.replica_dies, 3),
            (self.till_dies, 3),
            (self.till_restarts, 1),
            (self.hang, 3),
            (self.split, 5),
            (self.one_way, 3),
            (self.flap, 2),
            (self.storm, 3),
            (self.clock, 3),
            (self.full_disk, 2),
            (self.new_disk, 2),
            (self.old_disk, 3),
            (self.back_up, 4),
            (self.theft, 2),
            (self.retire_living, 1),
            (self.death, 1),
            (self.internet, 2),
            (self.offline, 1),
            (self.broker, 2),
            (self.twin, 1),
        ]

    def begin(self, every_s: float, until_s: float) -> None:
        def again() -> None:
            if self.world.now_s < until_s:
                self.strike()
                self.world.after(self.dice.expovariate(1 / every_s), "disaster", again)

        self.world.after(every_s, "disaster", again)

    def strike(self) -> None:
        kinds, weights = zip(*self._kinds, strict=True)
        kind = self.dice.choices(kinds, weights)[0]
        left = [one for one in self.terminals if not one.gone]
        terminal = self.dice.choice(left)
        self.note(f"{kind.__name__} {terminal.name}")
        kind(terminal)

    def note(self, text: str) -> None:
        self.log.append(f"{self.world.now_s:.1f} {text}")

    def _later(self, seconds: float, action: Callable[[], None]) -> None:
        self._count += 1
        self.world.after(seconds, f"later {self._count}", lambda: None if self.over else action())

    def _short(self) -> float:
        return self.dice.uniform(0.2, 6)

    def power(self, terminal: Terminal) -> None:
        terminal.power_off()
        self._later(self._short(), terminal.power_on)

    def replica_dies(self, terminal: Terminal) -> None:
        terminal.stop_replica()
        self._later(self._short(), terminal.start_replica)

    def till_dies(self, terminal: Terminal) -> None:
        terminal.stop_till()
        self._later(self._short(), terminal.start_till)

    def till_restarts(self, terminal: Terminal) -> None:
        terminal.stop_till(clean=True)
        self._later(self._short(), terminal.start_till)

    def hang(self, terminal: Terminal) -> None:
        terminal.pause(self._short())

    def split(self, terminal: Terminal) -> None:
        """Part the restaurant in two."""
        here = {one.name for one in self.terminals if self.dice.random() < 0.5} | {terminal.name}
        there = {one.name for one in self.terminals} - here
        self.network.shut([(a, b) for a in sorted(here) for b in sorted(there)])
        self.network.shut([(b, a) for a in sorted(here) for b in sorted(there)])
        self._later(self.dice.uniform(1, 10), self.network.heal)

    def one_way(self, terminal: Terminal) -> None:
        others = [one.name for one in self.terminals if one is not terminal]
        self.network.shut([(terminal.name, other) for other in others])
        self._later(self.dice.uniform(1, 10), self.network.heal)

    def flap(self, terminal: Terminal) -> None:
        for n in range(4):
            self._later(n * 1.0, lambda: self.one_way(terminal))

    def storm(self, _: Terminal) -> None:
        """Lose a fifth of the messages, delay, repeat and reorder the rest."""
        self.network.weather = Weather(0.2, 0.1, 0.1, 0.2)
        self._later(self.dice.uniform(2, 10), lambda: setattr(self.network, "weather", Weather()))

    def clock(self, terminal: Terminal) -> None:
        hour_ms = 3_600_000
        off_ms = self.dice.choice([-24 * hour_ms, -hour_ms, -5000, 0, 60_000, hour_ms, 0])
        terminal.watch.off_ms = off_ms
        if self.dice.random() < 0.2:
            terminal.watch.dead()

    def full_disk(self, terminal: Terminal) -> None:
        terminal.fill_disk(full=True)
        self._later(self._short(), lambda: terminal.fill_disk(full=False))

    def new_disk(self, terminal: Terminal) -> None:
        if self.oracle.may_lose(terminal):
            self.oracle.lost_disk(terminal)
            terminal.power_off()
            terminal.replace_disk(None)
            self._wakes_up(terminal)

    def back_up(self, terminal: Terminal) -> None:
        file = self.folder / f"{terminal.name}.backup"
        for old in self.folder.glob(f"{file.name}*"):
            old.unlink()
        terminal.back_up(file)
        self._backups[terminal.name] = file

    def old_disk(self, terminal: Terminal) -> None:
        """Put a backup back."""
        backup = self._backups.get(terminal.name)
        if backup is not None and self.oracle.may_lose(terminal):
            self.oracle.lost_disk(terminal)
            terminal.power_off()
            terminal.replace_disk(backup)
            self._wakes_up(terminal)

    def _wakes_up(self, terminal: Terminal) -> None:
        """Power on after a while; often nobody is there, or only one who knows little."""
        if self.dice.random() < 0.6:
            self._away([terminal])
        self._later(self._short() / 2, terminal.power_on)

    def _away(self, some: list[Terminal]) -> None:
        """Cut some off from all others, for longer than a starting till waits."""
        here = {one.name for one in some}
        there = [one.name for one in self.terminals if one.name not in here]
        self.network.shut([way for a in sorted(here) for b in there for way in ((a, b), (b, a))])
        self._later(self.dice.uniform(6, 14), self.network.heal)

    def death(self, terminal: Terminal) -> None:
        """Break one for good; nobody retires it."""
        if self._enough_left() and self.oracle.may_lose(terminal):
            self.oracle.lost_disk(terminal)
            terminal.power_off()
            terminal.gone = True

    def theft(self, terminal: Terminal) -> None:
        """Take one away; somebody reports it a little later.

        Before, it was cut off together with one other, which alone has what it sold last.
        """
        friends = [one for one in self.terminals if one is not terminal and not one.gone]
        if self.dice.random() < 0.7:
            self._away([terminal, self.dice.choice(friends)])
        self._later(self._short(), lambda: self._stolen(terminal))

    def _stolen(self, terminal: Terminal) -> None:
        if not terminal.gone and self._enough_left() and self.oracle.may_lose(terminal):
            self.oracle.lost_disk(terminal)
            terminal.power_off()
            terminal.gone = terminal.stolen = True
            self._later(self._short() / 2, lambda: self.report_stolen(terminal))

    def retire_living(self, terminal: Terminal) -> None:
        """Retire one that is on and sells."""
        if self._enough_left() and self.oracle.may_lose(terminal):
            self.oracle.lost_disk(terminal)
            terminal.stolen = True
            self.report_stolen(terminal)

    def report_stolen(self, terminal: Terminal) -> None:
        selling = [one for one in self.terminals if one.sells and not one.stolen]
        self._count += 1
        command = RetireTerminal(f"stolen{self._count}", terminal.name, "stolen")
        boss = Actor(f"boss of {terminal.name}", MANAGER)  # one alone may not put out half
        if not selling or self.dice.choice(selling).run(command, boss) is None:
            self.world.after(1.0, "report", lambda: self.report_stolen(terminal))

    def _enough_left(self) -> bool:
        return sum(not (one.gone or one.stolen) for one in self.terminals) > self._left_min

    def internet(self, _: Terminal) -> None:
        if self.cloud is not None:
            cloud = self.cloud
            cloud.cut = True
            self._later(self.dice.uniform(2, 15), lambda: setattr(cloud, "cut", False))

    def offline(self, terminal: Terminal) -> None:
        """Let a manager keep all off the internet, and let them back at another terminal."""
        self._count += 1
        terminal.run(SetOffline(f"off{self._count}", offline=True, reason="too slow"))
        self._later(self._short(), self._online)

    def _online(self) -> None:
        selling = [one for one in self.terminals if one.sells and not one.stolen]
        self._count += 1
        command = SetOffline(f"on{self._count}", offline=False)
        if not selling or self.dice.choice(selling).run(command) is None:
            self.world.after(1.0, "online", self._online)

    def broker(self, terminal: Terminal) -> None:
        terminal.broker.restart()

    def twin(self, terminal: Terminal) -> None:
        """Let a copy of a disk write on by itself; some peers hear of it.

        Not where somebody is admitted: what a cloned terminal admitted must be admitted again.
        """
        newcomers = self.world.seed % NEWCOMER_EVERY == 0
        if newcomers or terminal.desk is None or not terminal.desk.log.epoch or terminal.stolen:
            return
        self._count += 1
        file = self.folder / f"twin{self._count}.db"
        terminal.back_up(file)
        log = (terminal.name, terminal.desk.log.epoch)
        self._later(self._short(), lambda: self._twin_sells(terminal, log, file))

    def _twin_sells(self, terminal: Terminal, log: LogId, file: Path) -> None:
        """Write events under numbers that the terminal may use too, and give them to one peer."""
        peers = [p for p in self.terminals if p._stored is not None and p is not terminal]
        hearing = [p for p in peers if not (p.gone or p.stolen or p.disk_full)]
        if not hearing or terminal.gone or terminal.stolen:
            return
        peer = self.dice.choice(hearing)
        twin = Journal(file)
        mine = OwnLog(
            twin, terminal.signer, terminal.watch, restaurant=RESTAURANT, terminal=terminal.name
        )
        mine.open(peers_answered=True)
        desk = Desk(mine, terminal.watch, letter=terminal.name)
        for n in range(self.dice.randint(1, 3)):
            desk.run(OpenCheck(f"twin{self._count}.{n}", f"tc{self._count}.{n}"), BOSS)
        batch = twin.range(log, 1, 1000, 1 << 20)
        twin.close()
        assert peer._stored is not None
        assert peer.replica is not None
        self.oracle.watch_branch(log, batch)
        peer._stored.admit(batch, restaurant=RESTAURANT, trust=peer.trust)
        peer.replica._exchange.grown()  # as if it had come by the LAN

    def admit(self, newcomer: Terminal) -> None:
        """Let a new terminal take part, once somebody can say so."""
        selling = [one for one in self.terminals if one.sells and not one.stolen]
        done = selling and self.dice.choice(selling).run(
            AdmitTerminal(f"admit-{newcomer.name}", newcomer.card)
        )
        if not done:
            self.world.after(1.0, "admit", lambda: self.admit(newcomer))

    def heal(self) -> None:
        """Mend what can be mended, and strike no more."""
        self.over = True
        self.note("healed")
        self.network.heal()
        self.network.weather = Weather()
        if self.cloud is not None:
            self.cloud.cut = False
        for terminal in self.terminals:
            if terminal.gone:
                continue
            terminal._paused_until_s = 0.0
            terminal.fill_disk(full=False)
            terminal.power_on()
            terminal.start_replica()
            terminal.start_till()
            terminal.watch.off_ms = 0
        for seconds in (12.0, 30.0):  # when all have heard of every switch that was turned
            self.world.after(seconds, "online", self._online)
