"""Builds the enrolment of a restaurant's next terminal, from what this one knows of all."""

from contextlib import closing
from string import ascii_uppercase

from comptoir import identity as identities
from comptoir.bootstrap.terminal import open_journal
from comptoir.commands import queries
from comptoir.enrolment import Enrolment
from comptoir.identity import House, IdentityRefused, Place
from comptoir.replica import PeerBook
from comptoir.replica.roster import Roster
from comptoir.settings import Settings


def enrol_another(
    settings: Settings, name: str, letter: str, host: str, terminal: str = ""
) -> Enrolment:
    """Return what makes another terminal one of this restaurant, once it is admitted; no key.

    Without a ``letter`` it gets the first that no terminal ever had. ``host`` is where this
    terminal is reached; without it the new one is told of the others alone. ``terminal`` is the
    id of one that has its keys already; admitted before, it is called what it was called then.
    """
    identity = identities.read(settings.identity_dir)
    with closing(open_journal(settings)) as journal:
        house, known = queries.restaurant(journal), queries.terminals(journal)
    cards = dict(Roster.of(identity.trust, known).admitted)
    if before := cards.pop(terminal, None):
        name, letter = before.name, before.letter
    others = {one.id: one.card for one in known if one.card and one.id != terminal} | cards
    taken = {card.letter for card in others.values()}
    chosen = letter or next((one for one in ascii_uppercase if one not in taken), "")
    if not chosen or letter in taken:
        raise IdentityRefused(f"Letter {letter or 'A to Z'} is another terminal's. Choose another.")
    book = PeerBook(settings.peers_file).addresses()
    peers = {one: f"{at.host}:{at.port}" for one, at in book.items() if one in cards}
    if host:
        peers[identity.terminal] = f"{host}:{settings.lan_port}"
    return Enrolment(
        House(identity.restaurant.id, house.name, house.currency, house.timezone),
        Place(terminal, chosen, name),
        tuple(cards[one] for one in sorted(cards)),
        dict(sorted(peers.items())),
    )
