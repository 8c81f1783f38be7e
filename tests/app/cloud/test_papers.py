"""The cloud's authority: what it makes holds in a strict handshake, and lets nobody be another."""

import contextlib
import ssl
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.x509.oid import NameOID

from comptoir.cli import main
from comptoir.cloud.papers import DAYS_LEFT, PaperRefused, Papers
from comptoir.cloud.store import RestaurantRefused
from comptoir.cloud_link import CloudLink, bridge_block
from comptoir.enrolment import read_enrolment

ROUNDS = 4


def handshake(folder: Path, server: str, client: str, asked: str) -> str:
    """Return the client's name as the server sees it, after TLS in memory, strictly checked."""
    ends = []
    for side, name in ((ssl.PROTOCOL_TLS_CLIENT, client), (ssl.PROTOCOL_TLS_SERVER, server)):
        context = ssl.SSLContext(side)
        context.verify_mode = ssl.CERT_REQUIRED
        context.verify_flags |= ssl.VERIFY_X509_STRICT  # Python 3.13's own choice
        context.load_verify_locations(folder / "ca.crt")
        context.load_cert_chain(folder / f"{name}.crt", folder / f"{name}.key")
        into, out = ssl.MemoryBIO(), ssl.MemoryBIO()
        is_server = side == ssl.PROTOCOL_TLS_SERVER
        host = None if is_server else asked
        ends.append((context.wrap_bio(into, out, is_server, host), into, out))
    (near, near_in, near_out), (far, far_in, far_out) = ends
    for _ in range(ROUNDS):
        for end, out, into in ((near, near_out, far_in), (far, far_out, near_in)):
            with contextlib.suppress(ssl.SSLWantReadError):
                end.do_handshake()
            into.write(out.read())
    shown = far.getpeercert(binary_form=True)
    assert shown is not None
    return name_in(x509.load_der_x509_certificate(shown))


def name_in(certificate: x509.Certificate) -> str:
    (name,) = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(name.value)


def test_a_server_and_a_program_know_each_other_by_name_and_by_address(tmp_path: Path) -> None:
    papers = Papers(tmp_path)
    assert papers.keep("broker", ["cloud.example", "192.0.2.7"])
    assert papers.keep("comptoir-cloud")
    for asked in ("cloud.example", "192.0.2.7"):
        assert handshake(tmp_path, "broker", "comptoir-cloud", asked) == "comptoir-cloud"
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(tmp_path, "broker", "comptoir-cloud", "other.example")


def test_no_restaurant_is_called_as_a_server(tmp_path: Path) -> None:
    papers = Papers(tmp_path)
    papers.keep("one", ["one"])
    with pytest.raises(PaperRefused, match="is a server"):
        papers.for_restaurant("one")
    assert papers.for_restaurant("two").certificate


def test_each_certificate_of_a_restaurant_has_a_client_id_of_its_own(tmp_path: Path) -> None:
    found = set()
    for number in range(2):
        file = tmp_path / f"{number}.crt"
        file.write_bytes(Papers(tmp_path / "papers").for_restaurant("r1").certificate)
        link = CloudLink("cloud.test:8883", file, file, file)
        (line,) = [
            line
            for line in bridge_block("r1", "t1", link).splitlines()
            if "remote_clientid" in line
        ]
        found.add(line)
    assert len(found) == 2
    assert all(line.startswith("remote_clientid r1.") for line in found)


def test_a_restaurant_may_not_stand_as_a_server(tmp_path: Path) -> None:
    papers = Papers(tmp_path)
    papers.keep("comptoir-cloud")
    paper = papers.for_restaurant("lyon")
    (tmp_path / "lyon.crt").write_bytes(paper.certificate)
    (tmp_path / "lyon.key").write_bytes(paper.key)
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(tmp_path, "lyon", "comptoir-cloud", "cloud.example")


def test_a_certificate_is_kept_until_it_ends_or_its_hosts_change(tmp_path: Path) -> None:
    papers = Papers(tmp_path)
    assert papers.keep("broker", ["cloud.example"], days=DAYS_LEFT + 1)
    assert not papers.keep("broker", ["cloud.example"])
    assert papers.keep("broker", ["cloud.example", "second.example"], days=DAYS_LEFT - 1)
    assert papers.keep("broker", ["cloud.example", "second.example"]), "it ends soon"


def test_a_certificate_of_another_authority_is_made_anew(tmp_path: Path) -> None:
    Papers(tmp_path).keep("broker")
    (tmp_path / "ca.crt").unlink()
    (tmp_path / "ca.key").unlink()
    assert Papers(tmp_path).keep("broker")


def test_keys_are_their_owners_alone(tmp_path: Path) -> None:
    Papers(tmp_path).keep("broker")
    assert {file.stat().st_mode & 0o777 for file in tmp_path.glob("*.key")} == {0o600}


@pytest.mark.parametrize("name", ["comptoir-cloud", "../r1", "a+b", "#", ""])
def test_no_restaurant_gets_a_certificate_in_a_name_that_is_more_than_its_own(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises((PaperRefused, RestaurantRefused)):
        Papers(tmp_path).for_restaurant(name)


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["cloud", *words])


def test_certify_says_only_what_it_made(tmp_path: Path) -> None:
    first = run("certify", "db", "--papers", str(tmp_path), "--host", "db.example")
    assert (first.exit_code, first.output) == (0, f"made {tmp_path / 'db'}.crt\n")
    assert run("certify", "db", "--papers", str(tmp_path), "--host", "db.example").output == ""


def test_an_enrolment_file_says_who_and_where_and_only_its_owner_reads_it(
    tmp_path: Path,
) -> None:
    file = tmp_path / "enrol.json"
    words = ["enrol", "lyon", str(file), "--papers", str(tmp_path), "--at", "c.example:8883",
             "--name", "Chez Lyon", "--currency", "EUR", "--timezone", "Europe/Paris"]  # fmt: skip
    done = run(*words)
    assert (done.exit_code, done.output) == (0, "")
    found = read_enrolment(file)
    assert (found.restaurant.id, found.restaurant.currency) == ("lyon", "EUR")
    assert found.cloud is not None
    assert (found.cloud.host, found.cloud.port) == ("c.example", 8883)
    assert name_in(x509.load_pem_x509_certificate(found.cloud.cert_pem.encode())) == "lyon"
    assert file.stat().st_mode & 0o777 == 0o600


def test_an_address_without_a_port_is_refused_in_words(tmp_path: Path) -> None:
    refused = run("enrol", "lyon", str(tmp_path / "e"), "--papers", str(tmp_path), "--at", "cloud")
    assert refused.exit_code == 2
    assert "write it as host:port" in refused.output
    assert not (tmp_path / "e").exists()
