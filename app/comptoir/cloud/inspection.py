"""Which arrivals of one log may be kept: chain, signature, retirement. Pure, for any database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from comptoir.domain.envelope import Envelope, Head, Sealed, decode
from comptoir.domain.events import Event
from comptoir.domain.house import Card, Terminal
from comptoir.journal import Problem, Verifier, event_of
from comptoir.journal.admission import BRANCH, FORGED, GAP, RETIRED, UNKNOWN
from comptoir.journal.signing import proven

OF_TERMINALS = "terminal."


class Arrival(NamedTuple):
    """An event as it came, its envelope read, its hash taken once."""

    envelope: Envelope
    sealed: Sealed
    digest: bytes

    @property
    def hash(self) -> str:
        """Return the hash, hex."""
        return self.digest.hex()

    def fact(self) -> Event | None:
        """Return the event if it says who takes part; no other body matters here."""
        return event_of(self.sealed.payload) if self.of_terminals else None

    @property
    def of_terminals(self) -> bool:
        """Tell whether the event is about a terminal."""
        return self.envelope.kind.startswith(OF_TERMINALS)


HashAt = Callable[[int], str | None]


def read(sealed: Sealed) -> Arrival:
    """Read the envelope and nothing more; raises EventMalformed.

    A body that does not fit its kind is kept, as terminals keep it.
    """
    return Arrival(decode(sealed.payload), sealed, sealed.digest)


@dataclass(slots=True)
class Inspection:
    """The verdict: what continues the log, what is kept aside, what was wrong."""

    keep: list[Arrival] = field(default_factory=list)
    aside: list[tuple[Arrival, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def _problem(self, reason: str, arrival: Arrival) -> None:
        self.problems.append(problem(reason, arrival))

    def branch(self, arrival: Arrival, key: Verifier) -> None:
        """Keep a second branch aside when it is the author's own; anyone can write a forged one."""
        if key.accepts(arrival.digest, arrival.sealed.signature):
            self.aside.append((arrival, BRANCH))
            self._problem(BRANCH, arrival)
        else:
            self._problem(FORGED, arrival)

    def run(
        self, arrivals: Sequence[Arrival], head: Head, key: Verifier, hash_at: HashAt
    ) -> tuple[list[Arrival], Arrival | None]:
        """Return the arrivals that continue the log, and the first that the chain does not lead to.

        Others are judged on the way.
        """
        run: list[Arrival] = []
        for arrival in arrivals:
            envelope = arrival.envelope
            if envelope.seq <= head.seq:
                held = run[-1].hash if run and envelope.seq == head.seq else None
                if (held or hash_at(envelope.seq)) not in {None, arrival.hash}:
                    self.branch(arrival, key)
            elif envelope.seq > head.seq + 1:
                self._problem(GAP, arrival)
                break
            elif envelope.prev_hash != head.hash:
                return run, arrival
            else:
                run.append(arrival)
                head = Head(envelope.seq, arrival.hash)
        return run, None

    def sort(self, run: Sequence[Arrival], terminal: Terminal) -> None:
        """Keep a verified run, but what a retired terminal made after its cut-off aside."""
        for arrival in run:
            envelope = arrival.envelope
            if terminal.retired and envelope.seq > terminal.cutoff(envelope.epoch):
                self.aside.append((arrival, RETIRED))
                self._problem(RETIRED, arrival)
            else:
                self.keep.append(arrival)


def inspect(
    arrivals: Sequence[Arrival], head: Head, card: Card | None, terminal: Terminal, hash_at: HashAt
) -> Inspection:
    """Judge arrivals of one log, sorted by seq, as terminals do."""
    found = Inspection()
    if card is None:
        found.problems.append(problem(UNKNOWN, arrivals[0]))
        return found
    key = Verifier(card.signing_key)
    run, parted = found.run(arrivals, head, key, hash_at)
    count = proven([(arrival.envelope, arrival.sealed) for arrival in run], key)
    found.sort(run[:count], terminal)
    if count < len(run):
        found.problems.append(problem(FORGED, run[count]))
    elif parted is not None:
        found.branch(parted, key)
    return found


def problem(reason: str, arrival: Arrival) -> Problem:
    """Return what was wrong with an arrival, and where it stands in its log."""
    at = arrival.envelope
    return Problem(reason, at.terminal, at.epoch, at.seq)
