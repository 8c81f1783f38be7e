"""The certificates that this terminal's broker trusts: one file each, named as OpenSSL looks it up.

Mosquitto takes up an added file at once; a removed one stays trusted until the broker restarts, so
a removal asks for that.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from comptoir import durable
from comptoir.bus import CertificateRefused, check_made_out_to, common_name

log = logging.getLogger(__name__)
SAME_HASH_MAX = 16
UTF8_STRING, SEQUENCE, SET = 0x0C, 0x30, 0x31
OID_COMMON_NAME = bytes([0x06, 0x03, 0x55, 0x04, 0x03])


def subject_hash(pem: str) -> str:
    """Return the name OpenSSL gives a certificate whose subject is one CN (x509 -subject_hash).

    The first four bytes, little-endian, of the SHA-1 over the canonical subject: lower case, spaces
    folded, UTF8String.
    """
    text = " ".join(common_name(pem).lower().split()).encode()
    pair = _der(SEQUENCE, OID_COMMON_NAME + _der(UTF8_STRING, text))
    digest = hashlib.sha1(_der(SET, pair), usedforsecurity=False).digest()
    return f"{int.from_bytes(digest[:4], 'little'):08x}"


def _der(tag: int, content: bytes) -> bytes:
    """Encode one DER value of less than 128 bytes, more than any terminal's name takes."""
    return bytes([tag, len(content)]) + content


class TrustStore:
    """A folder that holds exactly the certificates of the admitted peers."""

    def __init__(self, folder: Path, restart_broker: Callable[[], None]) -> None:
        self._folder = folder
        self._restart_broker = restart_broker

    @classmethod
    def with_marker(cls, folder: Path) -> "TrustStore":
        """Ask for a restart by touching ``restart`` beside the folder; who watches it restarts."""
        marker = folder.parent / "restart"
        return cls(folder, marker.touch)

    def ask_restart(self, why: str) -> None:
        """Ask for a restart of the broker."""
        log.warning("asking for a restart of the broker: %s", why)
        self._restart_broker()

    def sync(self, listed: Mapping[str, str]) -> None:
        """Make the folder hold these certificates (terminal to PEM) and nothing else."""
        wanted = _named(listed)
        self._folder.mkdir(parents=True, exist_ok=True)
        present = {file.name for file in self._folder.iterdir() if file.is_file()}
        changed = [
            name for name in wanted if name in present and not self._holds(name, wanted[name])
        ]
        for name, pem in wanted.items():
            if name not in present or name in changed:
                self._write(name, pem)
        gone = sorted(present - wanted.keys())
        for name in gone:
            (self._folder / name).unlink()
        if gone or changed:
            self.ask_restart("a certificate is not trusted any more")

    def _holds(self, name: str, pem: str) -> bool:
        return (self._folder / name).read_text(encoding="ascii", errors="replace") == pem

    def _write(self, name: str, pem: str) -> None:
        durable.replace(self._folder / name, pem.encode("ascii"), aside=self._folder.parent)


def _named(listed: Mapping[str, str]) -> dict[str, str]:
    """Return file name to PEM; a certificate not made out to its terminal is left out."""
    names: dict[str, str] = {}
    for terminal, pem in sorted(listed.items()):
        try:
            check_made_out_to(terminal, pem)
        except CertificateRefused as error:
            log.warning("%s; its broker sessions are refused", error)
            continue
        stem = subject_hash(pem)
        free = [n for n in range(SAME_HASH_MAX) if f"{stem}.{n}" not in names]
        names[f"{stem}.{free[0]}"] = pem
    return names
