"""The broker's trust: exactly the admitted, named as OpenSSL finds them."""

import subprocess
from pathlib import Path

import pytest

from comptoir.enrolment import Enrolment, create
from comptoir.identity import Place
from comptoir.replica import TrustStore
from comptoir.replica.truststore import subject_hash


def certificate(tmp_path: Path, name: str) -> str:
    made = create(tmp_path / name, Enrolment(terminal=Place(name)), tmp_path / f"{name}.json")
    return made.card.lan_cert


class Restarts:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


@pytest.fixture
def restarts() -> Restarts:
    return Restarts()


@pytest.fixture
def store(tmp_path: Path, restarts: Restarts) -> TrustStore:
    return TrustStore(tmp_path / "peers", restarts)


@pytest.mark.parametrize("name", ["t2", "Till-9", "t0123456789abcdef"])
def test_a_file_is_named_as_openssl_looks_it_up(tmp_path: Path, name: str) -> None:
    pem = certificate(tmp_path, name)
    command = ["openssl", "x509", "-noout", "-subject_hash"]
    asked = subprocess.run(command, input=pem, capture_output=True, text=True, check=True)
    assert subject_hash(pem) == asked.stdout.strip()


def test_adding_needs_no_restart(tmp_path: Path, store: TrustStore, restarts: Restarts) -> None:
    pem = certificate(tmp_path, "t2")
    store.sync({"t2": pem})
    (file,) = (tmp_path / "peers").iterdir()
    assert file.read_text(encoding="ascii") == pem
    assert restarts.count == 0


def test_removing_asks_for_a_restart(tmp_path: Path, store: TrustStore, restarts: Restarts) -> None:
    store.sync({name: certificate(tmp_path, name) for name in ("t2", "t3")})
    store.sync({"t3": (tmp_path / "t3/lan.crt").read_text(encoding="ascii")})
    assert len(list((tmp_path / "peers").iterdir())) == 1
    assert restarts.count == 1


def test_replacing_asks_for_a_restart(
    tmp_path: Path, store: TrustStore, restarts: Restarts
) -> None:
    store.sync({"t2": certificate(tmp_path / "a", "t2")})
    store.sync({"t2": certificate(tmp_path / "b", "t2")})
    assert restarts.count == 1


def test_nothing_changed_touches_nothing(
    tmp_path: Path, store: TrustStore, restarts: Restarts
) -> None:
    listed = {"t2": certificate(tmp_path, "t2")}
    store.sync(listed)
    (file,) = (tmp_path / "peers").iterdir()
    before = file.stat().st_ino
    store.sync(listed)
    assert (file.stat().st_ino, restarts.count) == (before, 0)


def test_a_certificate_made_out_to_another_is_never_listed(
    tmp_path: Path, store: TrustStore, caplog: pytest.LogCaptureFixture
) -> None:
    store.sync({"t3": certificate(tmp_path, "t2"), "t4": "no certificate"})
    assert list((tmp_path / "peers").iterdir()) == []
    assert "made out to t2" in caplog.text


def test_the_marker_asks_who_watches_it(tmp_path: Path) -> None:
    TrustStore.with_marker(tmp_path / "peers").ask_restart("test")
    assert (tmp_path / "restart").exists()
