"""A new passphrase for the house: random, and the same one when a command is sent again.

The random key lives as long as this program and is never on disk: who steals a terminal, with its
keys and its journal, learns no passphrase from it.
"""

import hashlib
import hmac
import secrets

from comptoir.commands.passphrase import PassphraseWrong, fits, written
from comptoir.domain.house import Restaurant
from comptoir.web.services import services

_OF_THIS_RUN = secrets.token_bytes(32)


def made(command: str) -> str:
    """Return a new passphrase for a command's id."""
    return written(hmac.digest(_OF_THIS_RUN, command.encode(), hashlib.sha256))


def kept(passphrase: str) -> str:
    """Return what was made, to be shown once, if it is what the house keeps.

    It is not when a command comes again after this program was started anew: nobody knows that one.
    """
    house: Restaurant = services().journal.state("restaurant:it")
    if not fits(house, passphrase):
        raise PassphraseWrong
    return passphrase
