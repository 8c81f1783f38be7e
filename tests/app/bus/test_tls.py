"""Certificates: exactly the listed one, made out to exactly that terminal."""

import ssl
from pathlib import Path

import pytest

from comptoir.bus import CertificateRefused, PeerTls, check_made_out_to, common_name
from comptoir.enrolment import Enrolment, create
from comptoir.identity import Place


@pytest.fixture
def pem(tmp_path: Path) -> str:
    return create(tmp_path / "t2", Enrolment(terminal=Place("t2")), tmp_path / "p").card.lan_cert


def test_a_certificate_is_known_by_its_common_name(pem: str) -> None:
    assert common_name(pem) == "t2"
    check_made_out_to("t2", pem)


def test_a_certificate_made_out_to_another_is_refused(pem: str) -> None:
    with pytest.raises(CertificateRefused, match="made out to t2"):
        check_made_out_to("t3", pem)


def test_what_is_no_certificate_is_refused() -> None:
    with pytest.raises(CertificateRefused, match="no certificate"):
        common_name("nonsense")


def test_only_the_listed_certificate_is_accepted(pem: str, tmp_path: Path) -> None:
    tls = PeerTls(tmp_path / "t2/lan.crt", tmp_path / "t2/lan.key", "t2", pem)
    other = create(tmp_path / "x", Enrolment(terminal=Place("t2")), tmp_path / "p2").card.lan_cert
    assert tls.accepts(ssl.PEM_cert_to_DER_cert(pem))
    assert not tls.accepts(ssl.PEM_cert_to_DER_cert(other))
    assert not tls.accepts(None)


def test_a_link_to_a_wrong_certificate_is_not_even_built(pem: str, tmp_path: Path) -> None:
    tls = PeerTls(tmp_path / "t2/lan.crt", tmp_path / "t2/lan.key", "t3", pem)
    with pytest.raises(CertificateRefused):
        tls.context()
