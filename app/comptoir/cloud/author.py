"""The head office's own log in every restaurant: what it publishes is signed, stored, then told.

The cloud is an author among the terminals. Its events reach them as any other log does: pushed to
those who listen, pulled by those who see in the mark that there is more.
"""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from comptoir.bus import topics, wire
from comptoir.cloud.mirror import BYTES_MAX, EVENTS_MAX, HEAD_OFFICE, Mirror
from comptoir.cloud.store import Store
from comptoir.commands import Actor, Command, Desk
from comptoir.commands.desk import SYSTEM_ACTOR, Around
from comptoir.commands.overview import terminals
from comptoir.commands.terminals import AttestHeld
from comptoir.domain.envelope import Sealed, Vector
from comptoir.domain.errors import Refusal
from comptoir.domain.events import FIRST_LANGUAGE, SPEAKS
from comptoir.domain.house import MANAGER, Card, Terminal
from comptoir.journal import Clock, Journal, OwnLog, Signer

LETTER = "H"
TURNS_MAX = 50
PUSHED_EVENTS_MAX = 200


Commands = Callable[[Journal, Vector], Sequence[Command]]


class PublishRefused(Refusal):
    """The store did not take what the head office wrote; nothing of it reached a terminal."""


class Voice(Protocol):
    """Carries messages to the cloud's broker."""

    def publish(self, topic: str, payload: bytes) -> bool:
        """Send a message if the link is up; tells whether it was taken."""
        ...


def card_of(signer: Signer) -> Card:
    """Return the card under which terminals know the head office."""
    return Card(HEAD_OFFICE, LETTER, "Head office", signer.public, "")


class Author:
    """Writes one restaurant at a time; a second head office waits at the store."""

    def __init__(
        self, store: Store, mirror: Mirror, signer: Signer, clock: Clock, voice: Voice
    ) -> None:
        self._store = store
        self._mirror = mirror
        self._signer = signer
        self._clock = clock
        self._voice = voice
        self._lock = threading.Lock()

    def publish(self, restaurant: str, command: Command, who: str) -> bool:
        """Carry a command out, keep it in the store, tell the terminals.

        Tells whether the broker took it: else they find it when they next ask for the mark.
        """
        actor = Actor(f"{HEAD_OFFICE}:{who}", MANAGER)
        return self._write(restaurant, actor, lambda _journal, _mark: [command])

    def attest(self, restaurant: str) -> bool:
        """Say how far the store holds retired terminals' logs, if further than anybody said.

        What the cloud alone holds of them was SAFE too. It is about the terminals of which the copy
        knows that they are retired. Tells whether there was anything to say.
        """
        with self._mirror.journal(restaurant) as journal:
            if not _unattested(journal, self._store.marks([restaurant]).get(restaurant, {})):
                return False
        self._write(restaurant, SYSTEM_ACTOR, _unattested)
        self._mirror.try_again(restaurant)
        return True

    def _write(self, restaurant: str, actor: Actor, commands: Commands) -> bool:
        """Carry out what is found to be done once all is copied; keep it, tell the terminals."""
        with self._lock, self._store.writing(restaurant):
            if HEAD_OFFICE not in self._store.cards(restaurant):
                self._store.register(restaurant, [card_of(self._signer)])
            mark = self._caught_up(restaurant)
            with self._mirror.journal(restaurant) as journal:
                log = OwnLog(
                    journal, self._signer, self._clock, restaurant=restaurant, terminal=HEAD_OFFICE
                )
                log.open(peers_answered=True, peers_head=_newest(mark))
                around = Around(speaks=lambda: self._understood(restaurant, journal))
                desk = Desk(log, self._clock, letter=LETTER, around=around)
                for command in commands(journal, mark):
                    desk.run(command, actor)
                log.close()
                sent = self._keep(restaurant, journal, mark)
            return self._tell(restaurant, sent)

    def _understood(self, restaurant: str, journal: Journal) -> int:
        """Return the newest language of events that every terminal which takes part understands.

        One that never said which speaks the first, as far as anybody knows.
        """
        told = self._store.health([restaurant]).get(restaurant, {})
        listed = terminals(journal, self._store.cards(restaurant))
        names = {one.id for one in listed if not one.retired} - {HEAD_OFFICE}
        spoken = [told[name].health.speaks if name in told else FIRST_LANGUAGE for name in names]
        return min([SPEAKS, *spoken])

    def _caught_up(self, restaurant: str) -> Vector:
        """Copy all that the store has; returns how far that is."""
        for _ in range(TURNS_MAX):
            mark = self._store.marks([restaurant]).get(restaurant, {})
            if self._mirror.follow(restaurant, mark)[1]:
                return mark
        raise PublishRefused(f"{restaurant}: the copy is not up to date yet. Try again shortly.")

    def _keep(self, restaurant: str, journal: Journal, mark: Vector) -> list[Sealed]:
        """Have the store commit all of the own log that it lacks; returns it."""
        new: list[Sealed] = []
        for log, head in sorted(journal.vector().items()):
            first = mark[log].seq + 1 if log in mark else 1
            while log[0] == HEAD_OFFICE and first <= head.seq:
                part = journal.range(log, first, EVENTS_MAX, BYTES_MAX)
                new += part
                first += len(part)
        receipt = self._store.admit({restaurant: new})[restaurant]
        if receipt.problems:
            raise PublishRefused(f"{restaurant}: not published ({receipt.problems[0].reason}).")
        return new

    def _tell(self, restaurant: str, sent: list[Sealed]) -> bool:
        """Push the events and the mark; both can be lost without harm."""
        told = True
        for first in range(0, len(sent), PUSHED_EVENTS_MAX):
            part = wire.events_of(sent[first : first + PUSHED_EVENTS_MAX])
            told &= self._voice.publish(topics.DOWN.at(restaurant), wire.pack(part))
        heads = self._store.marks([restaurant])[restaurant]
        mark = wire.Mark(wire.head_list(heads), time.time_ns() // 1_000_000, SPEAKS)
        return self._voice.publish(topics.MARK.at(restaurant), wire.pack(mark)) and told


def _unattested(journal: Journal, mark: Vector) -> list[Command]:
    """Return what is to be said of retired terminals' logs that nobody attested as far."""
    found: list[Command] = []
    for (name, epoch), head in sorted(mark.items()):
        terminal: Terminal = journal.state(f"terminal:{name}")
        if terminal.retired and head.seq > terminal.cutoff(epoch):
            key = f"attest-{HEAD_OFFICE}-{name}-{epoch}-{head.seq}"
            found.append(AttestHeld(key, name, epoch, head.seq, head.hash))
    return found


def _newest(mark: Vector) -> tuple[int, int]:
    own = [(log[1], head.seq) for log, head in mark.items() if log[0] == HEAD_OFFICE]
    return max(own, default=(0, 0))
