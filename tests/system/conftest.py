"""One emulated terminal per board, in a restaurant with a second terminal and a cloud on this host.

The network outside is cut from the first instant: the guest reaches its peer's broker and the
cloud's broker, by the addresses of its enrolment, and nothing else.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from comptoir.cloud.postgres import PostgresStore
from comptoir.domain.house import Card
from comptoir.domain.records import dump, load
from tests.fakes.cloud import Cloud
from tests.fakes.papers import Authority
from tests.fakes.postgres import Postgres
from tests.fakes.restaurant import Terminal, until
from tests.power.recorded import RecordedBox
from tests.system.box import running

TOP = Path(__file__).parents[2]
PEER, CLOUD = "10.0.2.100", "10.0.2.101"
RESTAURANT = {"id": "r1", "name": "Chez Test", "currency": "EUR", "timezone": "Europe/Paris"}
SHARED_S_MAX = 300


@dataclass
class Street:
    """A terminal under test, with its peer and its cloud."""

    box: RecordedBox
    peer: Terminal
    cloud: Cloud

    @property
    def card(self) -> Card:
        """The card of the terminal under test."""
        return load(Card, self.box.get("/terminal"))

    def join(self) -> None:
        """Let both terminals know and admit each other, and the cloud know both."""
        card = self.card
        self.cloud.register([card, self.peer.card])
        self.peer.trust[card.terminal] = card
        book = self.peer.folder / "peers.json"
        book.write_text(f'{{"{card.terminal}": "127.0.0.1:{self.box.lan_port}"}}', "utf-8")
        self.peer.broker.start()
        self.peer.start_process()
        self.box.post("/terminals", {"card": dump(self.peer.card)})

    def wait_shared(self) -> None:
        """Wait until peer and cloud hold every event that the till has acknowledged."""
        newest = self.newest()

        def held_by(heads: Callable[[str, int], int]) -> bool:
            return all(heads("t1", epoch) >= seq for epoch, seq in newest.items())

        until(lambda: held_by(self.peer.seq), SHARED_S_MAX, f"peer holds {newest}", 0.2)
        until(lambda: held_by(self.cloud.held), SHARED_S_MAX, f"cloud holds {newest}", 0.2)

    def newest(self) -> dict[int, int]:
        """Return the last acknowledged number of each epoch."""
        newest: dict[int, int] = {}
        for epoch, seq in self.box.acknowledged:
            newest[epoch] = max(seq, newest.get(epoch, 0))
        return newest


@pytest.fixture(scope="session")
def image() -> Path:
    """The bench image of this checkout: a build with nothing changed takes seconds."""
    given = os.environ.get("BENCH_IMAGE")
    if given:
        return Path(given)
    subprocess.run(
        [TOP / "image/build", "--base", "debian", "--profile", "bench"], cwd=TOP, check=True
    )
    return TOP / "dist/comptoir-debian-bench.img.zst"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with Postgres() as server:
        yield server


# raspi3b emulates four cores on one after the other: its boot takes a quarter of an hour
@pytest.fixture(scope="session", params=["cm4", pytest.param("cm3", marks=pytest.mark.long)])
def street(
    request: pytest.FixtureRequest,
    image: Path,
    postgres: Postgres,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Street]:
    """A terminal on this board that was just flashed, enrolled and switched on."""
    folder = tmp_path_factory.mktemp(f"{request.param}-", numbered=True)
    papers = Authority(folder / "papers")
    store = PostgresStore(postgres.database())
    cloud = Cloud(folder / "cloud", store, authority=papers, also_at=(CLOUD,))
    peer = Terminal(folder / "peer", "t2", "B")
    cloud_port, lan_port = cloud.address.port, peer.broker.lan_port
    enrolment = {
        "restaurant": RESTAURANT,
        "terminal": {"id": "t1", "letter": "A", "name": "Bar"},
        "peers": {"t2": f"{PEER}:{lan_port}"},
        "cloud": {"host": CLOUD, "port": cloud_port, **_shown_to_cloud(papers)},
    }
    services = {f"{PEER}:{lan_port}": lan_port, f"{CLOUD}:{cloud_port}": cloud_port}
    box = RecordedBox(request.param, image, folder / "box", enrolment=enrolment, services=services)
    try:
        cloud.start()
        with running(box):
            box.sign_in()
            street = Street(box, peer, cloud)
            street.join()
            yield street
    finally:
        peer.stop()
        cloud.stop()


def _shown_to_cloud(papers: Authority) -> dict[str, str]:
    certificate, key = papers.issue("t1", "r1/t1")
    pem = {"ca_pem": papers.ca, "cert_pem": certificate, "key_pem": key}
    return {name: file.read_text(encoding="ascii") for name, file in pem.items()}
