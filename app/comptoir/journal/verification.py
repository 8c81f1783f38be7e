"""Checks a whole journal: every hash, every chain, every signature, every projection."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from comptoir.domain.envelope import GENESIS, LogId, Sealed, decode
from comptoir.domain.errors import EventMalformed
from comptoir.domain.house import Card
from comptoir.journal import projections
from comptoir.journal.signing import Verifier
from comptoir.journal.store import Journal

BATCH_EVENTS = 500
BATCH_BYTES = 1 << 20


@dataclass(slots=True)
class Verdict:
    """What was checked, and a line for each fault."""

    events: int = 0
    logs: int = 0
    faults: list[str] = field(default_factory=list)


def verify(journal: Journal, trust: Mapping[str, Card]) -> Verdict:
    """Check all logs held and that folding them anew gives the stored projections."""
    verdict = Verdict()
    for log in sorted(journal.vector()):
        verdict.logs += 1
        card = trust.get(log[0]) or journal.state(f"terminal:{log[0]}").card
        if card is None:
            verdict.faults.append(f"{_name(log)}: nobody admitted this terminal")
            continue
        _verify_log(journal, log, Verifier(card.signing_key), verdict)
    verdict.faults += [f"projection {name} differs from its events" for name in _stale(journal)]
    return verdict


def _verify_log(journal: Journal, log: LogId, verifier: Verifier, verdict: Verdict) -> None:
    previous = GENESIS
    for seq, sealed in enumerate(_all(journal, log), 1):
        verdict.events += 1
        try:
            envelope = decode(sealed.payload)
        except EventMalformed as error:
            verdict.faults.append(f"{_name(log)}/{seq}: {error}")
            return
        if (envelope.seq, envelope.prev_hash) != (seq, previous):
            verdict.faults.append(f"{_name(log)}/{seq}: the chain is broken here")
        if not verifier.accepts(sealed.digest, sealed.signature):
            verdict.faults.append(f"{_name(log)}/{seq}: the signature is not the terminal's")
        previous = sealed.digest.hex()
    if previous != journal.head(log).hash:
        verdict.faults.append(f"{_name(log)}: the head is not the last event")


def _all(journal: Journal, log: LogId) -> Iterator[Sealed]:
    first = 1
    while batch := journal.range(log, first, BATCH_EVENTS, BATCH_BYTES):
        yield from batch
        first += len(batch)


def _stale(journal: Journal) -> list[str]:
    """Return the aggregates whose stored state is not what their events fold to."""
    return projections.stale(journal.reader())


def _name(log: LogId) -> str:
    return f"{log[0]}/{log[1]}"
