"""A terminal's enrolment at a cloud of a test: its identity, both authorities, a moved clock."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from comptoir.bridge_paper import BridgePaper
from comptoir.cloud import EmbeddedStore, Store
from comptoir.cloud.papers import RENEWER, Paper, Papers
from comptoir.cloud.renewer import FOLDER, Renewer
from comptoir.enrolment import Cloud, Enrolment, create
from comptoir.identity import House, Identity, Place

BEGIN = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
DAY_MS = 86_400_000


def way(ca: bytes, paper: Paper, host: str, port: int = 8883) -> Cloud:
    """Return what an enrolment says of a cloud."""
    return Cloud(host, port, ca.decode(), paper.certificate.decode(), paper.key.decode())


class Enrolled:
    """``t1`` of ``r1``, whose bridge the cloud lets in; ``days`` moves the time for all of them."""

    def __init__(self, folder: Path, store: Store | None = None, port: int = 8883) -> None:
        self.now = BEGIN
        self.papers = Papers(folder / "papers", now=lambda: self.now)
        self.renewing = Papers(folder / "papers" / FOLDER, RENEWER, lambda: self.now)
        self.renewing.authority()
        paper = self.papers.for_restaurant("r1")
        cloud = way(self.papers.authority(), paper, "127.0.0.1", port)
        enrolment = Enrolment(House("r1"), Place("t1"), cloud=cloud)
        self.identity: Identity = create(folder / "identity", enrolment, folder / "peers.json")
        self.renewed = folder / "keys/renewed.pem"
        self.renewed.parent.mkdir()
        self.store = store or EmbeddedStore(folder / "store")
        self.store.migrate()
        self.store.register("r1", [self.identity.card])
        self.renewer = Renewer(self.renewing, self.store)

    def paper(self) -> BridgePaper:
        """Return the certificate as a program sees it that starts now."""
        return BridgePaper(self.identity, self.renewed)

    def pass_days(self, days: float) -> None:
        self.now += timedelta(days=days)

    @property
    def now_ms(self) -> int:
        return (self.now - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)

    def left_days(self, paper: BridgePaper) -> float:
        """Return for how many days the bridge is still let in."""
        return (paper.ends_ms() - self.now_ms) / DAY_MS
