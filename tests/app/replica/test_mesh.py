"""Links to peers: opened when their certificate is right, and looked at again when it changes."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from comptoir.bus import Address, CertificateRefused, Endpoint, Inbox, Link, PeerTls
from comptoir.domain.house import Card
from comptoir.replica.member import Lan, Member
from comptoir.replica.mesh import Mesh
from comptoir.replica.peerbook import PeerBook
from comptoir.replica.truststore import TrustStore

AT, ELSEWHERE = Address("10.0.0.2", 8883), Address("10.0.0.3", 8883)
BAD, GOOD = "made out to somebody else", "made out to t2"
CARD = Card("t2", "B", "Bar", "key of t2", BAD)


class Wire:
    """Stands for a link: whether it was started and stopped."""

    connected = True

    def __init__(self, endpoint: Endpoint) -> None:
        self.link = endpoint.link
        self.stopped = False

    def start(self) -> None: ...
    def hang_up(self) -> None: ...

    def stop(self) -> None:
        self.stopped = True


class Dialler:
    """Opens links; a bad certificate is refused."""

    def __init__(self) -> None:
        self.tried: list[str] = []
        self.opened: list[Wire] = []

    def __call__(self, endpoint: Endpoint, _inbox: Inbox, _topics: Sequence[str]) -> Link:
        wire = Wire(endpoint)
        if isinstance(endpoint.tls, PeerTls):
            self.tried.append(f"{endpoint.link} at {endpoint.address}")
            if endpoint.tls.peer_pem == BAD:
                raise CertificateRefused("no certificate of t2")
            self.opened.append(wire)
        return cast("Link", wire)


@pytest.fixture
def dialler() -> Dialler:
    return Dialler()


@pytest.fixture
def mesh(dialler: Dialler, tmp_path: Path) -> Mesh:
    here = (Address("127.0.0.1", 1883), tmp_path / "lan.crt", tmp_path / "lan.key")
    store = TrustStore.with_marker(tmp_path)
    lan = Lan(*here, PeerBook(tmp_path / "peers.json"), store, connect=dialler)
    return Mesh(Member("r1", "t1", {}), lan, Inbox())


def test_a_refused_certificate_is_tried_once_and_a_new_one_again(
    mesh: Mesh, dialler: Dialler
) -> None:
    for _ in range(3):
        mesh.sync({"t2": CARD}, {"t2": AT})
    assert dialler.tried == ["t2 at 10.0.0.2:8883"]
    assert mesh.to("t2") is None
    for _ in range(3):
        mesh.sync({"t2": replace(CARD, lan_cert=GOOD)}, {"t2": AT})
    assert len(dialler.tried) == 2
    assert mesh.connected() == {"t2"}


def test_a_peer_that_moved_has_a_new_link_and_one_that_went_none(
    mesh: Mesh, dialler: Dialler
) -> None:
    good = {"t2": replace(CARD, lan_cert=GOOD)}
    mesh.sync(good, {"t2": AT})
    mesh.sync(good, {"t2": ELSEWHERE})
    assert dialler.tried == ["t2 at 10.0.0.2:8883", "t2 at 10.0.0.3:8883"]
    assert [wire.stopped for wire in dialler.opened] == [True, False]
    mesh.sync({}, {"t2": ELSEWHERE})
    assert dialler.opened[1].stopped
    assert mesh.connected() == set()
