"""One run: a restaurant, an evening of disasters, then quiet, then the oracle."""

import shutil
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from comptoir.domain.envelope import Head, LogId
from comptoir.journal import Journal, reading
from tests.faults.cloud import Cloud
from tests.faults.disasters import NEWCOMER_EVERY, Disasters
from tests.faults.evening import WHOLE, Evening
from tests.faults.memory import remembering
from tests.faults.network import Network
from tests.faults.oracle import Counts, Oracle
from tests.faults.service import Service
from tests.faults.terminal import Terminal
from tests.faults.world import World

QUIET_S = 90.0
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a disk that is fast and never kept
IN_MEMORY = SHARED_MEMORY if SHARED_MEMORY.is_dir() else None


@dataclass
class Run:
    """A run of one seed; ``trace`` names what happened, for the same seed always the same."""

    seed: int
    folder: Path
    evening: Evening = WHOLE
    world: World = field(init=False)
    network: Network = field(init=False)
    oracle: Oracle = field(init=False)
    disasters: Disasters = field(init=False)
    service: Service = field(init=False)
    cloud: Cloud | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.world = World(self.seed)
        self.network = Network(self.world)
        self.oracle = Oracle(copies=2)
        names = [f"t{n + 1}" for n in range(self.evening.nodes)]
        terminals = [Terminal(self.world, self.network, n, self.folder) for n in names]
        late = terminals.pop() if self._newcomer else None
        cards = {one.name: one.card for one in terminals}
        for terminal in terminals:
            terminal.trust |= cards
        if self.seed % 2 == 0:
            self.cloud = Cloud(self.world, self.folder / "cloud", cards.values())
            self.oracle.cloud = self.cloud.store.journal("r1")
        for terminal in terminals:
            self._add(terminal)
        self.service = Service(self.world, self.oracle.terminals, self.oracle)
        scene = (self.world, self.network, self.oracle, self.cloud, self.folder)
        self.disasters = Disasters(*scene, left_min=self.evening.left_min)
        self.service.found(terminals[0])
        if late is not None:
            late.trust |= cards
            self.world.after(self.evening.newcomer_s, "newcomer", lambda: self._join(late))

    @property
    def _newcomer(self) -> bool:
        return self.evening.newcomers and self.seed % NEWCOMER_EVERY == 0

    def _add(self, terminal: Terminal) -> None:
        self.oracle.watch(terminal)
        if self.cloud is not None:
            self.cloud.serve(terminal)
        terminal.power_on()

    def _join(self, terminal: Terminal) -> None:
        self.disasters.note(f"{terminal.name} joins")
        self._add(terminal)
        self.disasters.admit(terminal)

    @property
    def survivors(self) -> list[Terminal]:
        return [one for one in self.oracle.terminals if not (one.gone or one.stolen)]

    def play(self) -> Counts:
        evening, end_s = self.evening, self.evening.end_s
        self.world.run(evening.warm_s)
        self.service.begin(evening.rate_s, end_s)
        self.disasters.begin(evening.disaster_s, end_s)
        self.world.run(end_s)
        self.disasters.heal()
        calm = self.world.run(end_s + QUIET_S, self._calm)
        if not calm:
            self.oracle.fault(f"not calm {QUIET_S:.0f} s after all was healed: {self._unrest()}")
        self.oracle.judge(self.survivors)
        return self.oracle.counts

    def _calm(self) -> bool:
        return not self._unrest()

    def _unrest(self) -> str:
        self.oracle.count_branches()
        for terminal in self.survivors:
            if not terminal.sells or terminal._stored is None or terminal.report is None:
                return f"{terminal.name} does not sell"
        stored = [one._stored for one in self.survivors if one._stored is not None]
        first, *others = [self.oracle.unbranched(journal) for journal in stored]
        if any(other != first for other in others):
            return "vectors differ"
        for terminal in self.survivors:
            assert terminal.report is not None
            for log, head in first.items():
                if terminal.report.safe.get(f"{log[0]}/{log[1]}", 0) < head.seq:
                    return f"{terminal.name} does not say that {log} {head.seq} is SAFE"
        if why := self._branches_unknown(stored):
            return why
        if self.oracle.cloud is not None and self.oracle.unbranched(self.oracle.cloud) != first:
            return "the cloud is behind"
        return ""

    def _branches_unknown(self, stored: list[Journal]) -> str:
        forks = [reading.forks(journal) for journal in stored]
        if any(self.oracle.findable - fork.keys() for fork in forks):
            return "a second branch is not known everywhere"
        parts = {tuple((log, head.seq) for log, head in sorted(fork.items())) for fork in forks}
        if len(parts) > 1:
            return "not all know where a branch parts"
        held = {
            tuple(sorted(_unfrozen(one, fork))) for one, fork in zip(stored, forks, strict=True)
        }
        return "not all hold what nobody froze" if len(held) > 1 else ""

    def close(self) -> None:
        for terminal in self.oracle.terminals:
            terminal.stop_till()
            terminal.stop_replica()
        if self.cloud is not None:
            self.cloud.close()


def _unfrozen(journal: Journal, forks: Collection[LogId]) -> Iterator[tuple[LogId, Head]]:
    """Return the heads of logs whose second branch, if there is one, nobody has met."""
    return ((log, head) for log, head in journal.vector().items() if log not in forks)


@dataclass
class Verdict:
    """What a seed came to."""

    seed: int
    counts: Counts
    faults: list[str]
    log: list[str]


def run(seed: int, evening: Evening = WHOLE) -> Verdict:
    """Play one seed on a disk in memory."""
    folder = Path(tempfile.mkdtemp(prefix="comptoir-faults-", dir=IN_MEMORY))
    try:
        with remembering():
            one = Run(seed, folder, evening)
            try:
                counts = one.play()
            finally:
                one.close()
        return Verdict(seed, counts, one.oracle.faults, one.disasters.log)
    finally:
        shutil.rmtree(folder)
