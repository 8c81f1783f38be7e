"""Which arrivals of one log may be kept: chain, signature, retirement. Pure, for any database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from comptoir.domain.envelope import Head, Sealed
from comptoir.domain.events import Event
from comptoir.domain.house import Card, Terminal
from comptoir.journal import Problem, Verifier
from comptoir.journal.admission import BRANCH, FORGED, GAP, RETIRED, UNKNOWN

Arrival = tuple[Event, Sealed]
HashAt = Callable[[int], str | None]


@dataclass(slots=True)
class Inspection:
    """The verdict: what continues the log, what is kept aside, what was wrong."""

    keep: list[Arrival] = field(default_factory=list)
    aside: list[tuple[Arrival, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def _problem(self, reason: str, event: Event) -> None:
        at = event.envelope
        self.problems.append(Problem(reason, at.terminal, at.epoch, at.seq))

    def _branch(self, arrival: Arrival, key: Verifier) -> None:
        """Keep a second branch aside when it is the author's own; anyone can write a forged one."""
        event, sealed = arrival
        if key.accepts(sealed.digest, sealed.signature):
            self.aside.append((arrival, BRANCH))
            self._problem(BRANCH, event)
        else:
            self._problem(FORGED, event)

    def run(
        self, arrivals: Sequence[Arrival], head: Head, key: Verifier, hash_at: HashAt
    ) -> list[Arrival]:
        """Return the arrivals that continue the log; others are judged on the way."""
        run: list[Arrival] = []
        for arrival in arrivals:
            event, sealed = arrival
            envelope = event.envelope
            if envelope.seq <= head.seq:
                held = run[-1][1].digest.hex() if run and envelope.seq == head.seq else None
                if (held or hash_at(envelope.seq)) not in {None, sealed.digest.hex()}:
                    self._branch(arrival, key)
            elif envelope.seq > head.seq + 1:
                self._problem(GAP, event)
                break
            elif envelope.prev_hash != head.hash:
                self._branch(arrival, key)
                break
            else:
                run.append(arrival)
                head = Head(envelope.seq, sealed.digest.hex())
        return run

    def sort(self, run: Sequence[Arrival], terminal: Terminal) -> None:
        """Keep a verified run, but what a retired terminal made after its cut-off aside."""
        for arrival in run:
            envelope = arrival[0].envelope
            if terminal.retired and envelope.seq > terminal.cutoff(envelope.epoch):
                self.aside.append((arrival, RETIRED))
                self._problem(RETIRED, arrival[0])
            else:
                self.keep.append(arrival)


def inspect(
    arrivals: Sequence[Arrival], head: Head, card: Card | None, terminal: Terminal, hash_at: HashAt
) -> Inspection:
    """Judge arrivals of one log, sorted by seq; a run needs one signature, its last."""
    found = Inspection()
    if card is None:
        found.problems.append(_first(UNKNOWN, arrivals))
        return found
    key = Verifier(card.signing_key)
    run = found.run(arrivals, head, key, hash_at)
    if run and not key.accepts(run[-1][1].digest, run[-1][1].signature):
        found.problems.append(_first(FORGED, run))
        return found
    found.sort(run, terminal)
    return found


def _first(reason: str, arrivals: Sequence[Arrival]) -> Problem:
    at = arrivals[0][0].envelope
    return Problem(reason, at.terminal, at.epoch, at.seq)
