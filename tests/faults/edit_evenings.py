"""R9's evenings: Hypothesis lets three terminals sell and hear each other in any order."""

import tempfile
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from comptoir.commands import FoundRestaurant, PublishMenu
from comptoir.domain.menu import Menu
from tests.faults.edits import Site
from tests.faults.oracle import Oracle
from tests.faults.service import ITEMS, Service
from tests.faults.simulation import IN_MEMORY
from tests.faults.terminal import PROGRAM, blank
from tests.faults.world import World

STEPS_EVENING = 50


class Evening(RuleBasedStateMachine):
    """Three terminals that sell and hear each other now and then; at the end all hear all."""

    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory(dir=IN_MEMORY)
        self.sites = [Site.at(self._file(name), name, blank()) for name in ("t1", "t2", "t3")]
        self.trust = {site.name: site.card for site in self.sites}
        self.world = World(1)
        self.service = Service(self.world, [], Oracle())
        first = self.sites[0]
        first.run(PublishMenu("m", Menu("", items=ITEMS)))
        house = ("Chez Sim", "EUR", "UTC", ("en",), first.card)
        first.run(FoundRestaurant("f", *house), PROGRAM)
        for site in self.sites[1:]:
            site.hear(first.own(), self.trust)

    def _file(self, name: str) -> Path:
        return Path(self._folder.name) / f"{name}.db"

    @rule(at=st.integers(0, 2), dice=st.integers(0, 1 << 32), ahead_ms=st.integers(0, 5000))
    def sells(self, at: int, dice: int, ahead_ms: int) -> None:
        Evening.steps += 1
        self.service.dice = Random(dice)
        self.service.terminals = [self.sites[at]]  # type: ignore[list-item]
        self.sites[at].clock.ms += ahead_ms
        self.service.step()
        self.world.run(self.world.now_s + 1)

    @rule(here=st.integers(0, 2), there=st.integers(0, 2), count=st.integers(1, 30))
    def hears(self, here: int, there: int, count: int) -> None:
        Evening.steps += 1
        log = (self.sites[there].name, 1)
        held = self.sites[here].journal.head(log).seq
        batch = self.sites[there].own(held + 1)[:count]
        self.sites[here].hear(batch, self.trust)

    def teardown(self) -> None:
        logs = {site.name: site.own() for site in self.sites}
        newcomers = [Site.at(self._file(f"n{n}"), f"n{n}", blank()) for n in range(2)]
        found = set()
        for n, site in enumerate([*self.sites, *newcomers]):
            for name in sorted(logs, reverse=bool(n % 2)):
                site.hear(logs[name], self.trust)
            found.add(site.journal.digest())
            site.disk()
        self._folder.cleanup()
        assert len(found) == 1, "the same events fold to other states"


def play(steps: int, at: int = 0) -> int:
    """Play evenings of about so many steps altogether; returns how many they were."""
    shape = settings(
        max_examples=steps // STEPS_EVENING,
        phases=[Phase.generate],  # a shorter way to the same fault is not worth a minute
        stateful_step_count=STEPS_EVENING,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    Evening.steps = 0
    run_state_machine_as_test(seed(at)(Evening), settings=shape)
    return Evening.steps
