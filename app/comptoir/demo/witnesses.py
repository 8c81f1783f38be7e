"""Who the oracle asks: the terminals that are left, over their API, and the cloud's store."""

from comptoir.api_client import TillClient, TillUnreachable
from comptoir.bootstrap.cloud import open_store
from comptoir.cloud import EmbeddedStore
from comptoir.demo import orders
from comptoir.demo.agreement import Standpoint
from comptoir.demo.founding import RESTAURANT
from comptoir.demo.promises import Fact
from comptoir.domain.records import dump
from comptoir.settings import Settings


class Survivor:
    """A living terminal."""

    def __init__(self, client: TillClient) -> None:
        self._client = client

    def holds(self, check: str) -> set[Fact]:
        """Return the facts of a check that this terminal shows; none when it does not answer."""
        try:
            answer = self._client.get(f"{orders.CHECKS}/{check}")
        except TillUnreachable:
            return set()
        return orders.held(answer.body) if answer.ok else set()

    def standpoint(self) -> Standpoint | None:
        """Return what it holds; None when it does not answer."""
        try:
            answer = self._client.get("/api/v1/status")
        except TillUnreachable:
            return None
        if not answer.ok:
            return None
        heads = tuple((h["terminal"], h["epoch"], h["seq"]) for h in answer.body["vector"])
        return Standpoint(answer.body["terminal"], heads, answer.body["digest"])


class CloudStore:
    """The cloud's embedded store, read beside the ingest that writes it."""

    def __init__(self, settings: Settings) -> None:
        store = open_store(settings)
        if not isinstance(store, EmbeddedStore):
            raise TypeError("the demo's cloud keeps the embedded store")
        self._store = store

    def events(self) -> int:
        """Return how many events the cloud holds."""
        return sum(head.seq for head in self._store.journal(RESTAURANT).vector().values())

    def holds(self, check: str) -> set[Fact]:
        """Return the facts of a check that the cloud folded."""
        state = self._store.journal(RESTAURANT).state(f"check:{check}")
        return orders.held(dump(state) | {"id": check}) if state.number else set()

    def standpoint(self) -> Standpoint:
        """Return what the cloud holds."""
        journal = self._store.journal(RESTAURANT)
        heads = tuple(sorted((*log, head.seq) for log, head in journal.vector().items()))
        return Standpoint("cloud", heads, journal.digest())

    def close(self) -> None:
        """Let the store go."""
        self._store.close()
