"""Takes a new terminal into a restaurant: who asks it with which letters, and what it becomes."""

import base64
import binascii
import functools
import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path

from comptoir.domain.code_letters import code_letters
from comptoir.domain.errors import DomainError, EventMalformed
from comptoir.domain.house import Card
from comptoir.domain.records import dump, load
from comptoir.enrolment import Enrolment, write_house
from comptoir.identity import Identity, IdentityRefused
from comptoir.journal.signing import Verifier
from comptoir.signer import Signer

PURPOSE = b"comptoir pairing"


class InvitationRefused(DomainError):
    """An invitation that this terminal cannot believe; nothing changed."""

    code = "invitation-refused"
    status = 422

    def __init__(self) -> None:
        super().__init__("This is no invitation for this terminal. Invite it again from its list.")


@dataclass(frozen=True, slots=True)
class Invitation:
    """A restaurant's word that a terminal may be its own; ``host`` is the card of who invites."""

    host: Card
    enrolment: Enrolment


@functools.lru_cache(maxsize=32)
def code_of(card: Card) -> str:
    """Return the letters by which two people know that both see the same terminal: of its keys."""
    return code_letters(f"{card.signing_key} {card.lan_cert}".encode(), PURPOSE)


def sign(enrolment: Enrolment, host: Card, signer: Signer) -> dict[str, str]:
    """Return an invitation as it is sent: its text, and the signature of who invites."""
    text = json.dumps({"host": dump(host), "enrolment": dump(enrolment)})
    signature = signer.sign(_digest(text))
    return {"text": text, "signature": base64.b64encode(signature).decode()}


def read(text: str, signature: str, own: Card) -> Invitation:
    """Return an invitation that was meant for ``own`` and signed by its host, as it came."""
    try:
        said = json.loads(text)
        found = Invitation(load(Card, said["host"]), load(Enrolment, said["enrolment"]))
        signed = base64.b64decode(signature, validate=True)
    except (ValueError, KeyError, TypeError, EventMalformed, binascii.Error) as error:
        raise InvitationRefused from error
    enrolment = found.enrolment
    listed = found.host in enrolment.trust and own.terminal not in {
        c.terminal for c in enrolment.trust
    }
    meant = enrolment.terminal.id == own.terminal and enrolment.restaurant.id
    if not (listed and meant and Verifier(found.host.signing_key).accepts(_digest(text), signed)):
        raise InvitationRefused
    return found


def join(identity: Identity, enrolment: Enrolment, peers_file: Path) -> None:
    """Make a terminal that knew nobody one of another restaurant; its keys stay, and its id.

    May be done again: a power cut leaves it between two files.
    """
    place = enrolment.terminal
    wanted = {card.terminal for card in enrolment.trust} | {identity.terminal}
    if place.id != identity.terminal:
        raise IdentityRefused(f"This invitation is for {place.id}, not for {identity.terminal}.")
    if not identity.founder and set(identity.trust) != wanted:
        raise IdentityRefused("This terminal knows others already; it stays in its restaurant.")
    card = replace(identity.card, letter=place.letter, name=place.name)
    write_house(identity.directory, enrolment, card, peers_file)


def _digest(text: str) -> bytes:
    return hashlib.sha256(PURPOSE + b"\0" + text.encode()).digest()
