"""The cloud of a test: its broker, a store, an ingest worker, and the internet before it."""

import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from comptoir.bus import Address, CloudTls, Endpoint
from comptoir.cloud import EmbeddedStore, Ingest, MqttRoad, Store
from comptoir.cloud.renewer import Renewer
from comptoir.domain.house import Card
from tests.fakes.broker import Broker
from tests.fakes.internet import Internet
from tests.fakes.papers import Authority
from tests.fakes.ports import free_ports

LISTENER = """\
listener {port} 127.0.0.1
allow_anonymous true
require_certificate true
cafile {ca}
certfile {certificate}
keyfile {key}
"""


class Cloud:
    """``address`` is the cloud as restaurants see it, through an internet that can be cut.

    With an authority it lets in only who shows a certificate of it, as in service; ``also_at``
    are addresses, besides this machine's own, at which restaurants find it.
    """

    def __init__(
        self,
        folder: Path,
        store: Store | None = None,
        worker: type[Ingest] = Ingest,
        authority: Authority | None = None,
        also_at: Sequence[str] = (),
    ) -> None:
        self._tls: CloudTls | None = None
        port, listener = 0, ""
        if authority is not None:
            port = free_ports(1)[0]
            certificate, key = authority.issue("server", "cloud", *also_at)
            listener = LISTENER.format(port=port, ca=authority.ca, certificate=certificate, key=key)
            self._tls = CloudTls(authority.ca, *authority.issue("ingest", "ingest"))
        self.broker = Broker(folder / "broker", extra=listener)
        self._door = Address("127.0.0.1", port or self.broker.local_port)
        self.store = store or EmbeddedStore(folder / "store")
        self.store.migrate()
        self.internet = Internet(self._door)
        self.address = self.internet.address
        self.renewer: Renewer | None = None
        self._worker = worker
        self._ingest: Ingest | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self.broker.start()
        self.start_ingest()

    def start_ingest(self) -> None:
        endpoint = Endpoint("cloud broker", self._door, "ingest", self._tls)
        self._ingest = self._worker(self.store, MqttRoad(endpoint), self.renewer)
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
