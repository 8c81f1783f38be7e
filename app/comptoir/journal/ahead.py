"""Events that came before those in front of them: what a joining terminal sells on meanwhile.

Each is signed by itself, so that it can be believed without its chain. It is folded at once, but
counts as held, is shown to peers and is served only when the chain reaches it.
"""

import sqlite3
from collections.abc import Iterable

from comptoir.domain.envelope import Sealed
from comptoir.domain.events import Event
from comptoir.journal import projections, rows, unfolded
from comptoir.journal.admission import BRANCH, FORGED, UNKNOWN, Admission, Gatekeeper
from comptoir.journal.signing import Verifier


def some(db: sqlite3.Connection) -> bool:
    """Tell whether any event waits for those in front of it."""
    return bool(db.execute("SELECT EXISTS (SELECT 1 FROM ahead)").fetchone()[0])


class Forerunner(Gatekeeper):
    """Lets events in one by one, whatever is missing in front of them."""

    def admit_each(self, batch: Iterable[Sealed]) -> Admission:
        """Store what is right and fold it; returns what happened."""
        arrivals = [(event, one) for one in batch if (event := self._read(one)) is not None]
        for event, sealed in sorted(arrivals, key=lambda arrival: arrival[0].envelope.order):
            self._take(event, sealed)
        self._expel()
        projections.refold(self._db, self._result.touched)
        unfolded.done(self._db, self._result.touched)
        return self._result

    def _take(self, event: Event, sealed: Sealed) -> None:
        envelope = event.envelope
        log = (envelope.terminal, envelope.epoch)
        card = self._card(envelope.terminal)
        if card is None:
            self._problem(UNKNOWN, event)
        elif not Verifier(card.signing_key).accepts(sealed.digest, sealed.signature):
            self._problem(FORGED, event)
        elif envelope.seq <= rows.head(self._db, log).seq:
            self._compare(log, event, sealed)
        elif (held := rows.hash_stored(self._db, log, envelope.seq)) is None:
            self._store_ahead(event, sealed)
        elif held != sealed.digest.hex():
            self._quarantine(event, sealed, BRANCH)

    def _store_ahead(self, event: Event, sealed: Sealed) -> None:
        envelope = event.envelope
        position = rows.store(self._db, event, sealed)
        self._db.execute(
            "INSERT INTO ahead VALUES (?, ?, ?)", (envelope.terminal, envelope.epoch, envelope.seq)
        )
        touched = projections.file_under_aggregates(self._db, position, event)
        self._result.touched.update(touched)
        self._result.stored += 1
        self._any_ahead = True
        self._fold_terminals(touched)
