"""R14: events that nobody made like this, given to a peer's replica as its broker would give them.

A house of two: what the first one sells is kept from the second, changed, and handed to it. After
each mutant the second must hold and show exactly what it did before; after all of them it must take
the true events as if nothing had been.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from comptoir.bus import Arrival, topics, wire
from comptoir.commands import OpenCheck
from comptoir.domain.envelope import GENESIS, Envelope, Sealed, decode, encode
from comptoir.domain.house import Card
from comptoir.journal import Journal, Signer
from comptoir.journal.signing import Verifier
from comptoir.replica.mesh import OWN
from tests.faults.conftest import House
from tests.faults.controls import put
from tests.faults.terminal import RESTAURANT, Terminal

REFUSED, QUARANTINED = "refused", "put in quarantine"
SOLD, FLOOD, MEBIBYTE = 5, 50, 1 << 20
FOLDED_S = 30.0
LOG, CLONED = ("t1", 1), "t9"


@dataclass
class Attacker:
    """Has what the first terminal sold, and a key of its own; ``cloned`` has a stolen one."""

    dice: Random
    true: Sequence[Sealed]
    held: Sequence[Sealed]
    author: Signer
    own: Signer
    cloned: Signer
    number: int

    def sealed(self, payload: bytes, signer: Signer) -> Sealed:
        return Sealed(payload, signer.sign(Sealed(payload, b"").digest))

    def first(self) -> Sealed:
        return self.true[0]


Mutation = Callable[[Attacker], list[bytes]]  # to the messages that arrive


def message(*events: Sealed) -> bytes:
    """Return events as they travel."""
    return wire.pack(wire.events_of(list(events)))


def flipped(dice: Random, data: bytes) -> bytes:
    """Return bytes of which one bit is another."""
    at = dice.randrange(8 * len(data))
    damaged = bytearray(data)
    damaged[at // 8] ^= 1 << at % 8
    return bytes(damaged)


def forged(by: Attacker) -> list[bytes]:
    """Sign it by another key."""
    return [message(by.sealed(by.first().payload, by.own))]


def payload_flipped(by: Attacker) -> list[bytes]:
    """Flip a bit of any event of a range."""
    at = by.dice.randrange(len(by.true))
    damaged = replace(by.true[at], payload=flipped(by.dice, by.true[at].payload))
    return [message(*by.true[:at], damaged)] if at == 0 else [message(damaged, *by.true[at + 1 :])]


def signature_flipped(by: Attacker) -> list[bytes]:
    one = by.first()
    return [message(replace(one, signature=flipped(by.dice, one.signature)))]


def signature_within(by: Attacker) -> list[bytes]:
    """Flip a bit of a signature whose event the chain behind it proves."""
    damaged = replace(by.true[0], signature=flipped(by.dice, by.true[0].signature))
    return [message(damaged, *by.true[1:])]


def changed_within(by: Attacker) -> list[bytes]:
    """Change an event, and let the true ones follow, whose chain then leads elsewhere."""
    envelope = decode(by.first().payload)
    other = replace(envelope, body=_other(envelope, "body", by.dice))  # type: ignore[arg-type]
    return [message(replace(by.first(), payload=encode(other)), *by.true[1:])]


def message_cut(by: Attacker) -> list[bytes]:
    whole = message(*by.true)
    return [whole[: by.dice.randrange(len(whole))]]


def gap(by: Attacker) -> list[bytes]:
    """Leave out the first."""
    return [message(*by.true[by.dice.randint(1, len(by.true) - 1) :])]


def too_large(by: Attacker) -> list[bytes]:
    """Let the author itself make an event of a mebibyte."""
    fields = json.loads(by.first().payload)
    fields["body"]["note"] = "x" * MEBIBYTE
    return [message(by.sealed(json.dumps(fields).encode(), by.author))]


def too_many(by: Attacker) -> list[bytes]:
    """Put more events in a message than one may hold."""
    packed = wire.Packed(by.first().payload, by.first().signature)
    return [wire.pack(wire.Events([packed] * (wire.EVENTS_MAX + 1)))]


def flood(by: Attacker) -> list[bytes]:
    """Send again and again what is held, and what is behind a hole."""
    return [message(*by.held), message(*by.true[1:])] * (FLOOD // 2)


def seq_reused(by: Attacker) -> list[bytes]:
    """Use a number twice, with the right key: the disk of a terminal was copied."""
    like = decode(by.first().payload)

    def event(text: str) -> Sealed:
        twin = replace(
            like,
            terminal=CLONED,
            epoch=by.number + 1,
            seq=1,
            prev_hash=GENESIS,
            kind="test.noted",
            body={"text": text},
        )
        return by.sealed(encode(twin), by.cloned)

    return [message(event("one")), message(event("other"))]


def _other(envelope: Envelope, name: str, dice: Random) -> object:
    value = getattr(envelope, name)
    if isinstance(value, int):
        return value + dice.randint(1, 9)
    if isinstance(value, Mapping):
        return {**value, "check": f"other {dice.random()}"}
    return f"{value or ''}{dice.randint(0, 9)}"


def changed(name: str) -> Mutation:
    """Return the mutation that changes one column and keeps the signature."""

    def change(by: Attacker) -> list[bytes]:
        envelope = decode(by.first().payload)
        other = replace(envelope, **{name: _other(envelope, name, by.dice)})  # type: ignore[arg-type]
        return [message(Sealed(encode(other), by.first().signature))]

    return change


MUTATIONS: Mapping[str, Mutation] = {
    "forged": forged,
    "bit of an event": payload_flipped,
    "bit of the signature": signature_flipped,
    "bit of a signature within a range": signature_within,
    "changed within a range": changed_within,
    "message cut": message_cut,
    "gap": gap,
    "1 MB": too_large,
    "too many": too_many,
    "flood": flood,
    "seq reused": seq_reused,
    **{f"column {name}": changed(name) for name in Envelope.__slots__},
}


class Target:
    """The house; ``faults`` says what a mutant did that it must not."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.faults: list[str] = []
        self._dice = Random(seed)
        self._cloned = Signer(Ed25519PrivateKey.from_private_bytes(CLONED.encode().ljust(32)))
        self._own = Signer.generate()
        self._house = House(folder, 2)
        self._author, self._peer = self._house.open()
        card = Card(CLONED, CLONED, CLONED, self._cloned.public, f"certificate of {CLONED}")
        self._peer.trust[CLONED] = card
        self._sell("held")
        self._house.wait(2)
        self._house.network.shut([("t1", "t2"), ("t2", "t1")])
        self._sell("kept back")
        self._house.wait(2)
        journal = self._stored(self._author)
        seq = self._stored(self._peer).head(LOG).seq
        self._held = journal.range(LOG, 1, seq, 1 << 20)
        self._true = journal.range(LOG, seq + 1, SOLD, 1 << 20)

    def _sell(self, mark: str) -> None:
        for n in range(SOLD):
            if self._author.run(OpenCheck(f"k {mark} {n}", f"{mark} {n}")) is None:
                raise AssertionError("nothing was sold: nothing is tried")

    def _stored(self, terminal: Terminal) -> Journal:
        assert terminal._stored is not None
        return terminal._stored

    def attack(self, number: int) -> str:
        """Give a mutant to the peer; returns what became of it."""
        name = list(MUTATIONS)[number % len(MUTATIONS)]
        by = Attacker(
            self._dice, self._true, self._held,
            self._author.signer, self._own, self._cloned, number,
        )  # fmt: skip
        journal = self._stored(self._peer)
        before, shown, aside = journal.head(LOG), journal.digest(), len(journal.quarantined())
        for data in MUTATIONS[name](by):
            self._arrive(data)
        taken = journal.head(LOG).seq - before.seq
        if taken or journal.digest() != shown:
            self.faults.append(f"mutant {number}, {name}: {taken} events taken")
        kept = len(journal.quarantined()) > aside
        if name == "seq reused" and not kept:
            self.faults.append(f"mutant {number}, {name}: nobody noticed")
        return QUARANTINED if kept else REFUSED

    def _arrive(self, data: bytes) -> None:
        replica = self._peer.replica
        assert replica is not None
        replica.turn(Arrival(OWN, topics.EV.at(RESTAURANT, "t1"), data))

    def close(self) -> None:
        """Hand over the true events, which must be taken as ever; then end."""
        self._arrive(message(*self._true))
        held, wanted = self._stored(self._peer).head(LOG), self._stored(self._author).head(LOG)
        if held != wanted:
            self.faults.append(f"the true events were not taken afterwards: {held}, not {wanted}")
        elif not self._folded_alike():
            self.faults.append("the peer folds the true events to something else")
        for terminal in self._house.terminals:
            terminal.stop_till()
            terminal.stop_replica()

    def _folded_alike(self) -> bool:
        """Tell whether the peer comes to the same; who thinks that much is missing folds later."""

        def alike() -> bool:
            return self._stored(self._peer).digest() == self._stored(self._author).digest()

        world = self._house.world
        return alike() or world.run(world.now_s + FOLDED_S, alike)


def any_signature() -> AbstractContextManager[None]:
    """Believe every signature."""
    return put(Verifier, "accepts", lambda *_: True)
