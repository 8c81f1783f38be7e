"""The key that signs updates, and its certificate, which terminals bear to know it by.

RSA, because its signature of the same bytes is always the same: so is the bundle. The certificate
is valid at any date, for a module without a clock may believe that it is 1970.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs7

from imagebuilder.errors import BuildError
from imagebuilder.signing import default_key

BITS = 3072
FROM, TO = datetime(1970, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)
HINT = "give an RSA key in PEM with --update-key FILE, its certificate beside it as FILE.crt"


def default() -> Path:
    """Return where this user's key for updates lies, beside the one for images."""
    return default_key().with_name("update-signing.pem")


def certificate_of(key: Path) -> Path:
    """Return where the certificate of a key lies: beside it."""
    return key.with_suffix(".crt")


def ensure(key: Path) -> None:
    """Make key and certificate if they are the missing default; BuildError if they are no pair."""
    if not key.exists() and key == default():
        _make(key)
    private, certificate = _load(key)
    if private.public_key() != certificate.public_key():
        raise BuildError("key and certificate are no pair", where=str(key), hint=HINT)


def sign(content: bytes, key: Path) -> bytes:
    """Return the signed message (CMS, DER) that holds `content`; the same for the same bytes."""
    private, certificate = _load(key)
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    scheme = padding.PKCS1v15()
    signed = builder.add_signer(certificate, private, hashes.SHA256(), rsa_padding=scheme)
    flags = [pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.NoAttributes]
    return signed.sign(serialization.Encoding.DER, flags)


def _load(key: Path) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    try:
        # a second of arithmetic each time, to find out that a key of ours is one
        private = serialization.load_pem_private_key(
            key.read_bytes(), password=None, unsafe_skip_rsa_key_validation=True
        )
        certificate = x509.load_pem_x509_certificate(certificate_of(key).read_bytes())
    except OSError as error:
        name = str(error.filename or key)
        raise BuildError("the key for updates cannot be read", where=name, hint=HINT) from error
    except (ValueError, TypeError) as error:
        raise BuildError("this is no key in PEM", where=str(key), hint=HINT) from error
    if not isinstance(private, rsa.RSAPrivateKey):
        raise BuildError("this is no RSA key", where=str(key), hint=HINT)
    return private, certificate


def _make(path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Comptoir updates")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FROM)
        .not_valid_after(TO)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    certificate_of(path).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(private)
