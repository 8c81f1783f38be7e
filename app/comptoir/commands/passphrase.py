"""The house's passphrase: printed once, kept in the safe, asked for where a PIN is not enough.

Only its argon2id hash is in the journal. It has 60 random bits, so that nobody who steals a
terminal, and with it the hash, finds it out.
"""

from dataclasses import dataclass, field

from comptoir.commands.desk import MANAGERS, SECRET, Command, Desk, handles
from comptoir.commands.pins import hash_pin, pin_fits
from comptoir.domain import events as ev
from comptoir.domain.errors import AmountRefused, NotAllowed
from comptoir.domain.house import Restaurant
from comptoir.journal import Writing

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none looks like another
CHARACTERS, GROUP = 12, 4
TYPED_MAX = 40
_READ_AS = str.maketrans("OIL", "011", " -")  # the last two are left out


class PassphraseWrong(NotAllowed):
    """It is not the house's passphrase."""

    code = "passphrase-wrong"

    def __init__(self) -> None:
        super().__init__("This is not the passphrase of the house. Read it from the sheet again.")


@dataclass(frozen=True, slots=True)
class SetPassphrase(Command):
    """Give the house a passphrase; a new one needs the old one."""

    passphrase: str = field(metadata=SECRET)
    old: str = field(default="", metadata=SECRET)


@handles(SetPassphrase, MANAGERS)
def set_passphrase(command: SetPassphrase, writing: Writing, desk: Desk) -> None:
    """Keep its hash."""
    del desk
    house: Restaurant = writing.state("restaurant:it")
    if house.passphrase_hash and not fits(house, command.old):
        raise PassphraseWrong
    typed = read(command.passphrase)
    if len(typed) != CHARACTERS or not set(typed) <= set(LETTERS):
        raise AmountRefused(f"A passphrase is {CHARACTERS} letters and digits. Make one here.")
    writing.append(ev.PassphraseSet(hash_pin(typed)))


def fits(house: Restaurant, typed: str) -> bool:
    """Tell whether what was typed is the house's passphrase; a house without one has none."""
    return bool(house.passphrase_hash) and pin_fits(house.passphrase_hash, read(typed))


def read(typed: str) -> str:
    """Return what was typed as it was printed: without spaces, and O for 0 forgiven."""
    return typed[:TYPED_MAX].upper().translate(_READ_AS)


def written(random: bytes) -> str:
    """Return a passphrase from at least 12 random bytes, as it is printed."""
    letters = "".join(LETTERS[byte % len(LETTERS)] for byte in random[:CHARACTERS])
    return "-".join(letters[at : at + GROUP] for at in range(0, CHARACTERS, GROUP))
