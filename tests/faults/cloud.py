"""The cloud of a simulation: the real ingest and embedded store behind bridges that forget."""

from collections.abc import Iterable
from pathlib import Path

from comptoir.bus import Address, Arrival, Endpoint, ReplyTo, topics
from comptoir.cloud import EmbeddedStore, Ingest, MqttRoad
from comptoir.cloud.ingest import Gathered
from comptoir.domain.house import Card
from comptoir.replica.mesh import OWN
from tests.faults.terminal import RESTAURANT, Terminal
from tests.faults.world import World


class Cloud:
    """Takes what bridges carry; while the internet is cut they keep some of it, in RAM."""

    def __init__(self, world: World, folder: Path, cards: Iterable[Card]) -> None:
        self.world = world
        self.cut = False
        self.store = EmbeddedStore(folder)
        self.store.register(RESTAURANT, cards)
        self._terminals: list[Terminal] = []
        self._ingest = Ingest(self.store, MqttRoad(Endpoint("cloud", Address("cloud", 1), "in")))
        self._ingest._link = self  # type: ignore[assignment]  # the way down is ours

    def serve(self, terminal: Terminal) -> None:
        self._terminals.append(terminal)
        terminal.uploads = self._carry

    def _carry(self, terminal: Terminal, payload: bytes) -> None:
        dice = self.world.dice(f"bridge {terminal.name}")
        if not self.cut and dice.random() > 0.05:
            self.world.after(
                0.02 + dice.expovariate(20), f"up {terminal.name}", lambda: self._take(payload)
            )

    def _take(self, payload: bytes) -> None:
        gathered = Gathered()
        self._ingest._take(Arrival("cloud", topics.UP.at(RESTAURANT, "t"), payload), gathered)
        self._ingest.keep(gathered)

    def publish(self, topic: str, payload: bytes) -> bool:
        """Send a mark down every bridge that is up."""
        for terminal in self._terminals:
            dice = self.world.dice(f"down {terminal.name}")
            delay_s = 0.02 + dice.expovariate(20)
            self.world.after(
                delay_s,
                f"down {terminal.name}",
                lambda to=terminal: self._hand(to, topic, payload),  # type: ignore[misc]
            )
        return True

    def _hand(self, terminal: Terminal, topic: str, payload: bytes) -> None:
        if terminal.replica is not None and not self.cut:
            terminal.replica._inbox.put(Arrival(OWN, topic, payload, ReplyTo()))
            terminal._wake()

    def close(self) -> None:
        self.store.close()
