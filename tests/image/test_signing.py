import json
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from imagebuilder import signing
from imagebuilder.delivery import deliver
from imagebuilder.errors import BuildError


@pytest.fixture
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return signing.default_key()


@pytest.fixture
def manifest(tmp_path: Path, key: Path) -> Path:
    result = tmp_path / "result"
    result.mkdir()
    (result / "x.img.zst").write_bytes(b"image")
    artefact = {"name": "x.img.zst", "sha256": sha256(b"image").hexdigest(), "size": 5}
    (result / "x.manifest.json").write_text(json.dumps({"artefacts": [artefact]}))
    return deliver(result, tmp_path / "dist", key)


def test_a_key_is_made_at_the_first_build_for_its_owner_only(manifest: Path, key: Path) -> None:
    assert manifest.exists()
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.with_suffix(".pub").read_text().startswith("-----BEGIN PUBLIC KEY-----")


def test_a_good_image_verifies_with_either_half_of_the_key(manifest: Path, key: Path) -> None:
    assert signing.verify(manifest, key) == ["x.img.zst"]
    assert signing.verify(manifest, key.with_suffix(".pub")) == ["x.img.zst"]


def test_openssl_verifies_it_too(manifest: Path, key: Path) -> None:
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(key.with_suffix(".pub"))]
    files = ["-rawin", "-in", str(manifest), "-sigfile", f"{manifest}.sig"]
    assert subprocess.run([*command, *files], check=False, capture_output=True).returncode == 0


@pytest.mark.parametrize("name", ["x.img.zst", "x.manifest.json", "x.manifest.json.sig"])
def test_any_changed_byte_is_found(manifest: Path, key: Path, name: str) -> None:
    path = manifest.with_name(name)
    content = bytearray(path.read_bytes())
    content[3] ^= 1
    path.write_bytes(content)
    with pytest.raises(BuildError):
        signing.verify(manifest, key)


@pytest.mark.parametrize("name", ["x.img.zst", "x.manifest.json", "x.manifest.json.sig"])
def test_a_missing_file_is_named(manifest: Path, key: Path, name: str) -> None:
    manifest.with_name(name).unlink()
    with pytest.raises(BuildError, match=f"the file is missing.*{name}"):
        signing.verify(manifest, key)


def test_another_key_does_not_verify(manifest: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", other], check=True)
    with pytest.raises(BuildError, match="not this key's"):
        signing.verify(manifest, other)


def test_a_given_key_that_is_missing_or_none_is_never_made(tmp_path: Path, key: Path) -> None:
    assert not key.exists()
    with pytest.raises(BuildError, match="cannot be read"):
        signing.signing_key(tmp_path / "typo.pem")
    (tmp_path / "text").write_text("hello")
    with pytest.raises(BuildError, match="no key in PEM"):
        signing.signing_key(tmp_path / "text")
