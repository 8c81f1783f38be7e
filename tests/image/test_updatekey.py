import subprocess
from pathlib import Path

import pytest

from imagebuilder import updatekey
from imagebuilder.errors import BuildError


@pytest.fixture
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(updatekey, "BITS", 2048)  # quicker to make, and signs alike
    updatekey.ensure(updatekey.default())
    return updatekey.default()


def test_a_key_is_made_once_for_its_owner_only_with_a_certificate_valid_at_any_date(
    key: Path,
) -> None:
    before = key.read_bytes()
    updatekey.ensure(key)
    assert key.read_bytes() == before
    assert key.stat().st_mode & 0o777 == 0o600
    dates = ["openssl", "x509", "-noout", "-dates", "-in", str(updatekey.certificate_of(key))]
    told = subprocess.run(dates, check=True, capture_output=True, text=True).stdout
    assert "notBefore=Jan  1 00:00:00 1970" in told
    assert "notAfter=Dec 31 00:00:00 2099" in told


def test_the_same_bytes_get_the_same_signature(key: Path) -> None:
    assert updatekey.sign(b"some", key) == updatekey.sign(b"some", key)
    assert updatekey.sign(b"some", key) != updatekey.sign(b"more", key)


def test_a_given_key_that_is_missing_or_none_is_never_made(key: Path, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="cannot be read"):
        updatekey.ensure(tmp_path / "typo.pem")
    updatekey.certificate_of(tmp_path / "text.pem").write_bytes(b"hello")
    (tmp_path / "text.pem").write_text("hello")
    with pytest.raises(BuildError, match="no key in PEM"):
        updatekey.ensure(tmp_path / "text.pem")
    assert key.exists()


def test_a_key_beside_a_strangers_certificate_is_refused(key: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x"]
    out = ["-keyout", str(other), "-out", str(updatekey.certificate_of(key))]
    subprocess.run([*request, *out], check=True, capture_output=True)
    with pytest.raises(BuildError, match="no pair"):
        updatekey.ensure(key)
