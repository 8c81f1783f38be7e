"""A new passphrase for the house: the same one for the same command, from this terminal alone."""

import hashlib

from comptoir.commands.passphrase import written
from comptoir.web.services import services


def made(command: str) -> str:
    """Return what is shown once: 60 bits that only this terminal's key gives for this command."""
    purpose = f"comptoir passphrase\0{command}".encode()
    secret = services().signer.sign(hashlib.sha256(purpose).digest())
    return written(hashlib.sha256(secret).digest())
