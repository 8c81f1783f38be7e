"""What one commit must know of its restaurants, read for all of them at once."""

import functools
import json
from collections.abc import Collection
from dataclasses import dataclass, field

from comptoir.cloud.database import Connection
from comptoir.cloud.inspection import Arrival, read
from comptoir.domain.envelope import Head, LogId, Sealed
from comptoir.domain.events import Event, aggregates_of
from comptoir.domain.fold import fold
from comptoir.domain.house import Card, Terminal
from comptoir.domain.records import load
from comptoir.journal import event_of
from comptoir.journal.admission import RETIRED

CARDS_CACHED_MAX = 20_000


@dataclass(slots=True)
class Known:
    """One restaurant: its logs' heads, first cards, terminals' events, who waits in quarantine."""

    heads: dict[LogId, Head] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
    facts: list[Event] = field(default_factory=list)
    waiting: list[Arrival] = field(default_factory=list)

    def card(self, terminal: Terminal) -> Card | None:
        """Return the card under which a terminal is known: from the start, or admitted since."""
        return self.cards.get(terminal.id) or terminal.card

    def terminal(self, name: str) -> Terminal:
        """Return a terminal as the restaurant's events have it."""
        aggregate = f"terminal:{name}"
        about = [event for event in self.facts if aggregate in aggregates_of(event)]
        terminal: Terminal = fold(aggregate, sorted(about, key=lambda e: e.envelope.order))
        return terminal


def lock(db: Connection, names: Collection[str]) -> dict[str, Known]:
    """Let one worker at a time write these restaurants; returns those that are registered.

    Taken in one order by everybody, so that no two workers wait for each other.
    """
    rows = db.execute(
        "SELECT id FROM restaurant WHERE id = ANY(%s) ORDER BY id FOR UPDATE", (sorted(names),)
    )
    known = {name: Known() for (name,) in rows}
    if known:
        _read(db, known)
    return known


def look(db: Connection, name: str) -> Known:
    """Return what is known of one restaurant now; nothing of one that is not registered."""
    known = Known()
    _read(db, {name: known})
    return known


def _read(db: Connection, known: dict[str, Known]) -> None:
    """Four questions in one round trip."""
    names = list(known)
    with db.pipeline():
        heads = db.execute(
            "SELECT restaurant, terminal, epoch, seq, hash FROM head WHERE restaurant = ANY(%s)",
            (names,),
        )
        cards = db.execute(
            "SELECT restaurant, terminal, card::text FROM card WHERE restaurant = ANY(%s)",
            (names,),
        )
        facts = db.execute(
            "SELECT restaurant, payload FROM event"
            " WHERE restaurant = ANY(%s) AND kind LIKE 'terminal.%%'",
            (names,),
        )
        aside = db.execute(
            "SELECT restaurant, payload, signature FROM quarantine"
            " WHERE restaurant = ANY(%s) AND reason = %s ORDER BY terminal, epoch, seq",
            (names, RETIRED),
        )
    for name, terminal, epoch, seq, digest in heads:
        known[name].heads[terminal, epoch] = Head(seq, digest)
    for name, terminal, text in cards:
        known[name].cards[terminal] = _card(text)
    for name, payload in facts:
        known[name].facts.append(event_of(bytes(payload)))
    for name, payload, signature in aside:
        known[name].waiting.append(read(Sealed(bytes(payload), bytes(signature))))


@functools.lru_cache(CARDS_CACHED_MAX)
def _card(text: str) -> Card:
    return load(Card, json.loads(text))
