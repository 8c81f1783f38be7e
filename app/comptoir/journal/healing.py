"""Finds events that the disk changed after they were stored, and puts the true ones back.

A row is right when its bytes hash to what the next event of its log says, or the head, and its
signature is the one that the next event names. What is put back comes from whoever holds it.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from comptoir.domain.envelope import Sealed
from comptoir.domain.errors import EventMalformed
from comptoir.domain.events import Event
from comptoir.domain.house import Card
from comptoir.journal import projections, rows
from comptoir.journal.admission import Gatekeeper
from comptoir.journal.decoding import event_of
from comptoir.journal.signing import Verifier
from comptoir.journal.store import Journal

_AFTER = (
    "SELECT terminal, epoch, seq, hlc, kind, command, hash, payload, signature FROM entry"
    " WHERE (terminal, epoch, seq) > (?, ?, ?) ORDER BY terminal, epoch, seq LIMIT ?"
)
_AT = (
    "SELECT terminal, epoch, seq, hlc, kind, command, hash, payload, signature FROM entry"
    " WHERE (terminal, epoch, seq) = (?, ?, ?)"
)


class Place(NamedTuple):
    """An event's place in this journal's logs; also how far a look through them has come."""

    terminal: str = ""
    epoch: int = 0
    seq: int = 0


class _Row(NamedTuple):
    terminal: str
    epoch: int
    seq: int
    hlc: int
    kind: str
    command: str | None
    hash: str
    payload: bytes
    signature: bytes

    @property
    def place(self) -> Place:
        return Place(self.terminal, self.epoch, self.seq)

    @property
    def sealed(self) -> Sealed:
        return Sealed(self.payload, self.signature)

    @property
    def event(self) -> Event | None:
        """Return the event if the bytes still are what the columns say."""
        try:
            event = event_of(self.payload)
        except EventMalformed:
            return None
        envelope = event.envelope
        told = (*_place(event), envelope.hlc, envelope.kind, envelope.command)
        same = told == self[:6] and self.sealed.digest.hex() == self.hash
        return event if same else None


def look(journal: Journal, after: Place, count_max: int) -> tuple[list[Place], Place]:
    """Look at the next events; returns those that were changed, and where to go on.

    The first place once all were looked at.
    """
    db = journal.reader()
    found = _read(db, after, count_max)
    end = found[-1].place if len(found) == count_max else Place()
    return [row.place for row in found if not _right(db, row)], end


def _read(db: sqlite3.Connection, after: Place, count_max: int) -> list[_Row]:
    return [_Row(*row) for row in db.execute(_AFTER, (*after, count_max))]


def _right(db: sqlite3.Connection, row: _Row) -> bool:
    digest, mark = _told(db, row)
    return row.event is not None and row.hash == digest and mark in {None, row.sealed.mark}


def _told(db: sqlite3.Connection, row: _Row) -> tuple[str, str | None]:
    """Return the hash and the signature's mark that the log says; the row's own if nobody does."""
    head = rows.head(db, (row.terminal, row.epoch))
    if row.seq == head.seq:
        return head.hash, None
    following = _read(db, row.place, 1)
    if not following or following[0].place != row.place._replace(seq=row.seq + 1):
        return row.hash, None
    event = following[0].event
    if event is None:
        return row.hash, None
    return event.envelope.prev_hash, event.envelope.prev_signature


class _Healer(Gatekeeper):
    """Puts events back in the places of those that were changed."""

    def put_back(self, batch: Iterable[Sealed]) -> Iterator[Place]:
        for sealed in batch:
            event = self._read(sealed)
            row = None if event is None else self._row(_place(event))
            if event is not None and row is not None and self._belongs(event, sealed, row):
                self._put(event, sealed)
                yield row.place

    def _row(self, place: Place) -> _Row | None:
        found = self._db.execute(_AT, place).fetchone()
        return _Row(*found) if found else None

    def _belongs(self, event: Event, sealed: Sealed, row: _Row) -> bool:
        """Tell whether this is what was there, and it is not there any more."""
        card = self._card(event.envelope.terminal)
        digest = sealed.digest
        if card is None or not Verifier(card.signing_key).accepts(digest, sealed.signature):
            return False
        return digest.hex() == _told(self._db, row)[0] and not _right(self._db, row)

    def _put(self, event: Event, sealed: Sealed) -> None:
        envelope, digest = event.envelope, sealed.digest.hex()
        told = (envelope.hlc, envelope.kind, envelope.command, digest)
        self._db.execute(
            "UPDATE event SET hlc = ?, kind = ?, command = ?, hash = ?, payload = ?, signature = ?,"
            " file = NULL"
            " WHERE (terminal, epoch, seq) = (?, ?, ?)",
            (*told, sealed.payload, sealed.signature, *_place(event)),
        )
        query = "SELECT position FROM event WHERE (terminal, epoch, seq) = (?, ?, ?)"
        (position,) = self._db.execute(query, _place(event)).fetchone()
        names = projections.file_under_aggregates(self._db, position, event)
        projections.refold_readable(self._db, names)


def mend(
    journal: Journal, batch: Iterable[Sealed], *, restaurant: str, trust: Mapping[str, Card]
) -> list[Place]:
    """Put events back where they were changed; returns where. Any other changes nothing."""
    with journal.transaction() as db:
        return list(_Healer(db, restaurant, trust).put_back(batch))


def _place(event: Event) -> Place:
    envelope = event.envelope
    return Place(envelope.terminal, envelope.epoch, envelope.seq)
