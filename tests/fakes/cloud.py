"""The cloud of a test: its broker, a store, an ingest worker, and the internet before it."""

import threading
from collections.abc import Iterable
from pathlib import Path

from comptoir.bus import Address, Endpoint
from comptoir.cloud import EmbeddedStore, Ingest, Store
from comptoir.domain.house import Card
from tests.fakes.broker import Broker
from tests.fakes.internet import Internet


class Cloud:
    """``address`` is the cloud as restaurants see it, through an internet that can be cut."""

    def __init__(
        self, folder: Path, store: Store | None = None, worker: type[Ingest] = Ingest
    ) -> None:
        self.broker = Broker(folder / "broker")
        self.store = store or EmbeddedStore(folder / "store")
        self.store.migrate()
        self.internet = Internet(Address("127.0.0.1", self.broker.local_port))
        self.address = self.internet.address
        self._worker = worker
        self._ingest: Ingest | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self.broker.start()
        self.start_ingest()

    def start_ingest(self) -> None:
        address = Address("127.0.0.1", self.broker.local_port)
        self._ingest = self._worker(self.store, Endpoint("cloud broker", address, "ingest"))
        self._thread = threading.Thread(target=self._ingest.run, name="ingest")
        self._thread.start()

    def stop_ingest(self) -> None:
        if self._ingest is not None and self._thread is not None:
            self._ingest.stop()
            self._thread.join()
            self._ingest = self._thread = None

    def register(self, cards: Iterable[Card]) -> None:
        self.store.register("r1", cards)

    def held(self, terminal: str, epoch: int = 1) -> int:
        head = self.store.marks(["r1"])["r1"].get((terminal, epoch))
        return head.seq if head else 0

    def events(self) -> list[tuple[str, int, int]]:
        """Return (terminal, epoch, seq) of every event stored, as they are counted."""
        assert isinstance(self.store, EmbeddedStore)
        changes = self.store.journal("r1").changes(0, 100_000)
        return sorted((c.terminal, c.epoch, c.seq) for c in changes)

    def stop(self) -> None:
        self.stop_ingest()
        self.internet.stop()
        self.broker.kill()
        self.store.close()
