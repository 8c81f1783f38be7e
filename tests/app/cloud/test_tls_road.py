"""The uplink under TLS, as in service: bridge and ingest with papers of the cloud's authority."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.bus import Address, CloudTls, Endpoint
from comptoir.cloud import EmbeddedStore, Ingest
from comptoir.replica import CloudLink
from tests.fakes.broker import Broker, free_ports
from tests.fakes.papers import Authority
from tests.fakes.restaurant import PACE, Terminal, until

TLS_LISTENER = """\
listener {port} 127.0.0.1
allow_anonymous true
require_certificate true
cafile {ca}
certfile {certificate}
keyfile {key}
"""


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "papers")


@pytest.fixture
def cloud(tmp_path: Path, authority: Authority) -> Iterator[Address]:
    port = free_ports(1)[0]
    certificate, key = authority.issue("server", "cloud")
    listener = TLS_LISTENER.format(port=port, ca=authority.ca, certificate=certificate, key=key)
    broker = Broker(tmp_path / "cloud", extra=listener)
    broker.start()
    yield Address("127.0.0.1", port)
    broker.kill()


@pytest.fixture
def store(tmp_path: Path, cloud: Address, authority: Authority) -> Iterator[EmbeddedStore]:
    made = EmbeddedStore(tmp_path / "store")
    made.migrate()
    tls = CloudTls(authority.ca, *authority.issue("client", "ingest"))
    ingest = Ingest(made, Endpoint("cloud broker", cloud, "ingest", tls))
    thread = threading.Thread(target=ingest.run)
    thread.start()
    yield made
    ingest.stop()
    thread.join()
    made.close()


def till_at(folder: Path, link: CloudLink) -> Terminal:
    till = Terminal(folder, "t1", "A", PACE, link)
    till.know([till])
    till.start()
    till.open_log()
    return till


def test_events_reach_the_cloud_and_the_mark_comes_back(
    tmp_path: Path, cloud: Address, store: EmbeddedStore, authority: Authority
) -> None:
    certificate, key = authority.issue("t1", "r1/t1")
    till = till_at(tmp_path / "t1", CloudLink(cloud, authority.ca, certificate, key))
    store.register("r1", [till.card])
    till.sell(5)
    until(lambda: till.safety().cloud == {"t1/1": 5}, 20, "the mark at the till")
    till.stop()


def test_a_bridge_talks_to_no_cloud_of_another_authority(
    tmp_path: Path, cloud: Address, store: EmbeddedStore, authority: Authority
) -> None:
    certificate, key = authority.issue("t1", "r1/t1")
    other = Authority(tmp_path / "other")
    till = till_at(tmp_path / "t1", CloudLink(cloud, other.ca, certificate, key))
    store.register("r1", [till.card])
    till.sell(1)
    with pytest.raises(AssertionError, match="not within"):
        until(lambda: till.safety().cloud, 3)
    till.stop()
