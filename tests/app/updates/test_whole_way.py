"""``comptoir updates`` as it is built for a terminal, beside a cloud that gives: RAUC is played.

Real are the program's own wiring, its broker, the cloud's door and its papers, tap and orders.
"""

import hashlib
import http.client
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from comptoir import identity as identities
from comptoir.bootstrap import cloud_bundles
from comptoir.bootstrap import updates as built
from comptoir.bootstrap.desk import open_desk
from comptoir.bootstrap.terminal import migrate, open_journal
from comptoir.bus import Address, Arrival, Endpoint, Inbox, Transport, topics, wire
from comptoir.cloud import EmbeddedStore
from comptoir.cloud.papers import Papers
from comptoir.commands import FoundRestaurant
from comptoir.commands.updates import OfferUpdate, WantUpdate, updates
from comptoir.domain.updates import KEPT
from comptoir.enrolment import Cloud, Enrolment, create
from comptoir.identity import House, Identity, Place
from comptoir.settings import Settings
from comptoir.updates import Program
from comptoir.updates.bundles import Held, sum_of, whole
from comptoir.updates.store import Shelf
from comptoir.web.updates import command_of
from tests.fakes.box import BOSS
from tests.fakes.broker import Broker
from tests.fakes.bundles import KIND, bundle, root
from tests.fakes.ports import free_ports
from tests.fakes.restaurant import until
from tests.fakes.updating import PROGRAM

HERE, CLOUD = "127.0.0.1", "127.0.0.2"  # two addresses, for the port is the same
SOON_S_MAX = 300
PART = 40_000


class Till:
    """Stands for till and replica: writes down what is reported, and says that all is well."""

    def __init__(self, identity: Identity, settings: Settings) -> None:
        self.journal = open_journal(settings)
        self.desk = open_desk(self.journal, identity)
        self.desk.log.open(peers_answered=False)
        about = ("Chez Test", "EUR", "Europe/Paris", ("en",), identity.card)
        self.desk.run(FoundRestaurant("f", *about), PROGRAM)
        self._inbox = Inbox()
        broker = Endpoint("own broker", Address(HERE, settings.broker_port), "till")
        self._link = Transport(broker, self._inbox, [topics.UPDATING.template])
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work)

    def start(self) -> None:
        self._link.start()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()
        self._link.stop()
        self.journal.close()

    def _work(self) -> None:
        well = wire.pack_json(wire.Safety({}, {}, {}, [], 1))
        while not self._stopping.is_set():
            self._link.publish(topics.SAFETY.template, well, retain=True)
            item = self._inbox.get(0.5)
            if isinstance(item, Arrival):
                report = wire.unpack_json(item.payload, wire.UpdateReport)
                self.desk.run(command_of(report), PROGRAM)

    def offer(self, held: Held) -> None:
        """Offer a bundle, to be had at once."""
        about = held.about
        what = (about.bundle, about.compatible, about.version, about.size)
        self.desk.run(OfferUpdate("o", *what), BOSS)
        self.desk.run(WantUpdate("w", about.bundle), BOSS)

    def outcome(self) -> str:
        """Return how this terminal's turn ended, if it did."""
        turn = updates(self.journal).mine("t1")
        return turn.outcome if turn else ""


class Running:
    """A program in a thread."""

    def __init__(self, program: Program | cloud_bundles.Giving) -> None:
        self._program = program
        self._thread = threading.Thread(target=program.run)
        self._thread.start()

    def stop(self) -> None:
        self._program.stop()
        self._thread.join()


@pytest.fixture
def papers(tmp_path: Path) -> Papers:
    made = Papers(tmp_path / "tls")
    made.keep("server", [CLOUD])
    return made


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    broker = Broker(tmp_path / "broker")
    broker.start()
    port, tap = free_ports(2)
    (tmp_path / "system.conf").write_text(f"[system]\ncompatible={KIND}\n")
    (tmp_path / "orders").mkdir()
    yield Settings(
        data_dir=tmp_path / "data",
        identity_dir=tmp_path / "identity",
        peers_file=tmp_path / "peers.json",
        renewed_file=tmp_path / "renewed.pem",
        broker_port=broker.local_port,
        update_port=port,
        update_tap_port=tap,
        update_orders=tmp_path / "orders",
        update_result=tmp_path / "result.json",
        update_note=tmp_path / "note.json",
        rauc_config=tmp_path / "system.conf",
    )
    broker.kill()


@pytest.fixture
def till(settings: Settings, papers: Papers) -> Iterator[Till]:
    paper = papers.for_restaurant("r1")
    pem = (papers.authority().decode(), paper.certificate.decode(), paper.key.decode())
    enrolment = Enrolment(House("r1"), Place("t1"), cloud=Cloud(CLOUD, 8883, *pem))
    identity = create(settings.identity_dir, enrolment, settings.peers_file)
    migrate(settings)
    made = Till(identity, settings)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def cloud(tmp_path: Path, settings: Settings, till: Till, papers: Papers) -> Iterator[Settings]:
    """A cloud that knows the terminal, and gives what lies on its shelf."""
    del papers, till
    there = replace(settings, data_dir=tmp_path / "cloud", cloud_tls_dir=str(tmp_path / "tls"))
    store = EmbeddedStore(there.data_dir / "cloud")
    store.migrate()
    store.register("r1", [identities.read(settings.identity_dir).card])
    giving = Running(cloud_bundles.open_giving(store, there, CLOUD))
    yield there
    giving.stop()
    store.close()


def read_as_rauc(settings: Settings, name: str, size: int) -> bytes:
    """Read a bundle from the tap in parts, the last first."""
    talk = http.client.HTTPConnection(HERE, settings.update_tap_port, timeout=SOON_S_MAX)
    parts = {}
    for first in reversed(range(0, size, PART)):
        said = {"Range": f"bytes={first}-{min(first + PART, size) - 1}"}
        talk.request("GET", f"/{name}.raucb", headers=said)
        answer = talk.getresponse()
        assert answer.status == 206
        parts[first] = answer.read()
    talk.close()
    return b"".join(parts[first] for first in sorted(parts))


def order(settings: Settings, name: str) -> dict[str, object]:
    """Wait for an order, and take it as root's helper does."""
    file = settings.update_orders / name
    until(file.exists, SOON_S_MAX, name)
    said = dict(json.loads(file.read_text()))
    file.unlink()
    return said


def test_what_the_cloud_gives_is_read_by_rauc_tried_kept_and_can_be_given_on(
    settings: Settings, till: Till, cloud: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, boot = root(), tmp_path / "boot-id"
    boot.write_text("one")
    monkeypatch.setattr(built, "EVERYWHERE", HERE)
    monkeypatch.setattr(built, "BOOT_ID", boot)
    made = bundle(content)
    shelf = cloud.data_dir / "bundles" / f"{hashlib.sha256(made).hexdigest()}.raucb"
    shelf.write_bytes(made)
    held = whole(shelf)
    identity = identities.read(settings.identity_dir)

    program = Running(built.open_updates(till.journal, identity, settings))
    try:
        till.offer(held)
        said = order(settings, "install.json")
        assert said["bundle"] == held.about.bundle
        got = read_as_rauc(settings, held.about.bundle, held.about.size)
        assert hashlib.sha256(got).hexdigest() == held.about.bundle
        slot = tmp_path / "root-b"
        slot.write_bytes(content)
        result = {"number": said["number"], "ok": True, "why": "", "slot": str(slot)}
        settings.update_result.write_text(json.dumps(result))
        order(settings, "restart.json")
    finally:
        program.stop()

    boot.write_text("two")
    settings.update_note.write_text(json.dumps({"outcome": KEPT, "why": ""}))
    program = Running(built.open_updates(till.journal, identity, settings))
    try:
        until(lambda: till.outcome() == KEPT, SOON_S_MAX, "it is kept")
    finally:
        program.stop()
    kept = Shelf(settings.data_dir / "updates")
    kept.refresh()
    given = kept.find(held.about.bundle)
    assert given is not None
    assert sum_of(given) == held.about.bundle
