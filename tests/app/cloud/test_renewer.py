"""The cloud renews for a terminal that takes part, in its restaurant's name, for nobody else."""

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from comptoir.bus import common_name, wire
from comptoir.cloud import Store
from comptoir.cloud.renewer import RenewalRefused, Renewer
from comptoir.commands import RetireTerminal
from comptoir.enrolment import Enrolment, create
from comptoir.identity import House, Place
from tests.fakes.box import BOSS, BoxMaker
from tests.fakes.bridge import Enrolled


@pytest.fixture
def enrolled(tmp_path: Path, store: Store) -> Enrolled:
    return Enrolled(tmp_path / "r1", store)


def asks(enrolled: Enrolled, wanted: wire.Renew, terminal: str = "t1", house: str = "r1") -> bytes:
    return enrolled.renewer.renewed(house, terminal, wanted)


def request(enrolled: Enrolled, client: str) -> wire.Renew:
    """Return a request that asks for another client id, signed as it should be."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(x509.Name([]))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(client)]), critical=False)
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.DER)
    )
    paper = enrolled.paper()
    return wire.Renew(made, paper._signed(wire.renewal_text("r1", "t1", made)))


def test_it_is_made_out_to_the_restaurant_by_the_renewing_authority(enrolled: Enrolled) -> None:
    made = asks(enrolled, enrolled.paper().ask())
    assert common_name(made.decode()) == "r1"
    read = x509.load_pem_x509_certificate(made)
    ca, other = (
        x509.load_pem_x509_certificate(one.authority())
        for one in (enrolled.renewing, enrolled.papers)
    )
    read.verify_directly_issued_by(ca)
    assert read.issuer != other.subject


def test_a_retired_terminal_gets_none(enrolled: Enrolled, make_box: BoxMaker) -> None:
    asked = enrolled.paper().ask()
    assert asks(enrolled, asked)
    peer = make_box("t2")
    enrolled.store.register("r1", [peer.card])
    peer.desk.run(RetireTerminal("out", "t1", "stolen"), BOSS)
    enrolled.store.admit({"r1": peer.sealed()})
    with pytest.raises(RenewalRefused, match="takes no part"):
        asks(enrolled, asked)


def test_nobody_asks_in_anothers_name(enrolled: Enrolled, tmp_path: Path) -> None:
    thief = create(tmp_path / "t2", Enrolment(House("r1"), Place("t2")), tmp_path / "peers.json")
    enrolled.store.register("r1", [thief.card])
    asked = enrolled.paper().ask()
    with pytest.raises(RenewalRefused, match="did not ask"):
        asks(enrolled, asked, "t2")
    with pytest.raises(RenewalRefused, match="takes no part"):
        asks(enrolled, asked, "t3")
    with pytest.raises(RenewalRefused, match="takes no part"):
        asks(enrolled, asked, house="r2")
    with pytest.raises(RenewalRefused, match="did not ask"):
        asks(enrolled, wire.Renew(asked.request, b""))


@pytest.mark.parametrize("client", ["r2.t1", "r1", "r1.", "comptoir-cloud", "r1.t1.x"])
def test_no_client_id_of_others_is_given(enrolled: Enrolled, client: str) -> None:
    with pytest.raises(RenewalRefused, match="no client id"):
        asks(enrolled, request(enrolled, client))


def test_what_is_no_request_is_refused(enrolled: Enrolled) -> None:
    signed = enrolled.paper()._signed(wire.renewal_text("r1", "t1", b"x"))
    with pytest.raises(RenewalRefused, match="no request"):
        asks(enrolled, wire.Renew(b"x", signed))


def test_where_the_authority_does_not_lie_nothing_is_renewed(
    tmp_path: Path, enrolled: Enrolled
) -> None:
    assert Renewer.of(tmp_path / "nowhere", enrolled.store) is None
    assert not (tmp_path / "nowhere").exists()
    assert Renewer.of(tmp_path / "r1/papers", enrolled.store) is not None
