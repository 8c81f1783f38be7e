"""Signs a manifest and checks it: Ed25519, with a key made at the first build or given."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from imagebuilder.errors import BuildError

HINT_KEY = "give an Ed25519 key in PEM with --key FILE"


def default_key() -> Path:
    """Return where this user's key lies: $XDG_CONFIG_HOME/comptoir/image-signing.pem."""
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home) / "comptoir" / "image-signing.pem"


def signing_key(path: Path) -> Ed25519PrivateKey:
    """Read the private key; make it, readable by its owner only, if it is the missing default."""
    if not path.exists() and path == default_key():
        _make(path)
    key = _read(path)
    if not isinstance(key, Ed25519PrivateKey):
        raise BuildError("this is no private Ed25519 key", where=str(path), hint=HINT_KEY)
    return key


def sign(manifest: Path, key: Path) -> bytes:
    """Return the 64 bytes that `openssl pkeyutl -verify -rawin` takes as well."""
    return signing_key(key).sign(manifest.read_bytes())


def verify(manifest: Path, key: Path) -> list[str]:
    """Check the signature and every artefact beside the manifest; return their names."""
    signature = manifest.with_name(manifest.name + ".sig")
    for path in (manifest, signature):
        if not path.is_file():
            raise BuildError("the file is missing", where=str(path), hint="copy all of dist/")
    try:
        _public(key).verify(signature.read_bytes(), manifest.read_bytes())
    except InvalidSignature as error:
        hint = "do not use this image; get it again from where it was built, or give its --key"
        raise BuildError(
            "the signature is not this key's", where=str(signature), hint=hint
        ) from error
    artefacts = json.loads(manifest.read_text(encoding="utf-8"))["artefacts"]
    return [_check(manifest.parent, artefact) for artefact in artefacts]


def _check(folder: Path, artefact: dict[str, Any]) -> str:
    path = folder / str(artefact["name"])
    if not path.is_file():
        raise BuildError("the file is missing", where=str(path), hint="copy all of dist/")
    with path.open("rb") as file:
        actual = hashlib.file_digest(file, "sha256").hexdigest()
    if actual != artefact["sha256"]:
        raise BuildError(
            "the file is not the one that was signed", where=str(path), hint="copy it again"
        )
    return path.name


def _public(path: Path) -> Ed25519PublicKey:
    key = _read(path)
    return key.public_key() if isinstance(key, Ed25519PrivateKey) else key


def _read(path: Path) -> Ed25519PrivateKey | Ed25519PublicKey:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BuildError("the key cannot be read", where=str(path), hint=HINT_KEY) from error
    try:
        key = (
            serialization.load_pem_public_key(data)
            if b"PUBLIC KEY" in data
            else serialization.load_pem_private_key(data, password=None)
        )
    except (ValueError, TypeError) as error:
        raise BuildError("this is no key in PEM", where=str(path), hint=HINT_KEY) from error
    if not isinstance(key, Ed25519PrivateKey | Ed25519PublicKey):
        raise BuildError("this is no Ed25519 key", where=str(path), hint=HINT_KEY)
    return key


def _make(path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    path.parent.mkdir(parents=True, exist_ok=True)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(private)
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    path.with_suffix(".pub").write_bytes(public)
