"""R9: what is done at two terminals at once comes to one state, in whatever order it is delivered.

The same night stands at both: a check with a dish that waits, one in the kitchen and one ready, and
a second check. Each operation is done once at either terminal, not knowing of the other; then every
pair is delivered to new terminals in every order that logs allow.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from comptoir.commands import (
    Actor,
    AddLine,
    AskBill,
    Bump,
    CancelPayment,
    ChangeLine,
    Command,
    CompLine,
    Desk,
    Fire,
    FoundRestaurant,
    Hold,
    IntendPayment,
    MergeChecks,
    MoveCheck,
    OpenCheck,
    Outcome,
    PublishMenu,
    Recall,
    SetAllergy,
    SetCourse,
    SetCovers,
    SetDiscount,
    SetOrderType,
    SetQuantity,
    SetSeats,
    SetServiceCharge,
    SplitCheck,
    StopItem,
    TakePayment,
    UndoSplit,
    UnmergeCheck,
    VoidLine,
)
from comptoir.commands.day import CloseDay
from comptoir.domain.check import READY
from comptoir.domain.envelope import Sealed
from comptoir.domain.errors import DomainError
from comptoir.domain.house import Card
from comptoir.domain.menu import TAKE_AWAY, Menu
from comptoir.domain.parts import EVEN, Plan
from comptoir.journal import Journal, OwnLog, Signer
from tests.fakes.box import BOSS, NOON_MS, StandingClock
from tests.faults.service import ITEMS
from tests.faults.terminal import PROGRAM, RESTAURANT, blank

ALL, ALL_BYTES = 1000, 1 << 20


def put_in(file: Path, disk: bytes) -> None:
    """Put a disk in another's place, with nothing left of what it had not yet written through."""
    for old in file.parent.glob(f"{file.name}*"):
        old.unlink()
    file.write_bytes(disk)


@dataclass
class Site:
    """A terminal without a network: what it hears is given to it."""

    name: str
    journal: Journal
    desk: Desk
    card: Card
    clock: StandingClock
    sells = True
    stolen = False

    @classmethod
    def at(cls, file: Path, name: str, like: bytes) -> "Site":
        """Open a terminal whose disk holds a copy of another."""
        put_in(file, like)
        journal, clock = Journal(file), StandingClock(NOON_MS + ord(name[-1]))
        signer = Signer(Ed25519PrivateKey.from_private_bytes(name.encode().ljust(32)))
        log = OwnLog(journal, signer, clock, restaurant=RESTAURANT, terminal=name)
        log.open(peers_answered=True)
        card = Card(name, name, name, signer.public, f"certificate of {name}")
        return cls(name, journal, Desk(log, clock, letter=name), card, clock)

    def run(self, command: Command, actor: Actor = BOSS) -> Outcome | None:
        """Carry out a command; None when it was refused."""
        self.clock.ms += 10
        try:
            return self.desk.run(command, actor)
        except DomainError:
            return None

    def own(self, first: int = 1) -> list[Sealed]:
        return self.journal.range((self.name, 1), first, ALL, ALL_BYTES)

    def hear(self, batch: list[Sealed], trust: Mapping[str, Card]) -> None:
        self.journal.admit(batch, restaurant=RESTAURANT, trust=trust)

    def disk(self) -> bytes:
        """Close the terminal; returns what its disk holds, in one file."""
        self.journal._write_connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.journal.close()
        return self.journal.path.read_bytes()


Edit = Callable[[str], Sequence[Command]]  # ids begin with the terminal's name
CHECK, OTHER, UNSENT_LINE, SENT_LINE, READY_LINE = "c1", "c2", "l1", "l2", "l3"


def _pay(name: str, amount: int) -> Sequence[Command]:
    pay = f"{name}p"
    return (
        IntendPayment(f"{name}k1", CHECK, pay, "card", amount),
        TakePayment(f"{name}k2", CHECK, pay, amount, reference="slip"),
    )


def _split(name: str) -> SplitCheck:
    return SplitCheck(f"{name}k1", CHECK, f"{name}s", EVEN, (Plan(f"{name}a"), Plan(f"{name}b")))


EDITS: Mapping[str, Edit] = {
    "add": lambda n: [AddLine(f"{n}k", CHECK, f"{n}l", "i1", 2000)],
    "quantity": lambda n: [SetQuantity(f"{n}k", CHECK, UNSENT_LINE, 1000 * (1 + len(n)))],
    "change": lambda n: [ChangeLine(f"{n}k", CHECK, UNSENT_LINE, f"i{2 if n == 't1' else 3}")],
    "void": lambda n: [VoidLine(f"{n}k", CHECK, UNSENT_LINE, "dropped")],
    "void sent": lambda n: [VoidLine(f"{n}k", CHECK, SENT_LINE, "dropped")],
    "hold": lambda n: [Hold(f"{n}k", CHECK, (UNSENT_LINE,))],
    "course": lambda n: [SetCourse(f"{n}k", CHECK, (UNSENT_LINE,), 1 if n == "t1" else 2)],
    "seats": lambda n: [SetSeats(f"{n}k", CHECK, UNSENT_LINE, (1 if n == "t1" else 2,))],
    "fire": lambda n: [Fire(f"{n}k", CHECK)],
    "bump": lambda n: [Bump(f"{n}k", CHECK, (SENT_LINE,), READY)],
    "recall": lambda n: [Recall(f"{n}k", CHECK, (READY_LINE,))],
    "comp": lambda n: [CompLine(f"{n}k", CHECK, SENT_LINE, "late")],
    "discount": lambda n: [SetDiscount(f"{n}k", CHECK, ppm=100_000 * int(n[-1]), reason="late")],
    "discount line": lambda n: [SetDiscount(f"{n}k", CHECK, SENT_LINE, ppm=200_000, reason="x")],
    "service charge": lambda n: [SetServiceCharge(f"{n}k", CHECK, 50_000 * int(n[-1]))],
    "move": lambda n: [MoveCheck(f"{n}k", CHECK, f"{n} table")],
    "merge": lambda n: [MergeChecks(f"{n}k", CHECK, OTHER)],
    "merge away": lambda n: [MergeChecks(f"{n}k", OTHER, CHECK)],
    "merge and back": lambda n: [
        MergeChecks(f"{n}k1", CHECK, OTHER),
        UnmergeCheck(f"{n}k2", CHECK, OTHER),
    ],
    "split": lambda n: [_split(n)],
    "split and back": lambda n: [_split(n), UndoSplit(f"{n}k2", CHECK, f"{n}s")],
    "pay all": lambda n: _pay(n, 1353),
    "pay some": lambda n: _pay(n, 500),
    "ask and call off": lambda n: [
        IntendPayment(f"{n}k1", CHECK, f"{n}p", "card", 500),
        CancelPayment(f"{n}k2", CHECK, f"{n}p", "changed mind"),
    ],
    "covers": lambda n: [SetCovers(f"{n}k", CHECK, 2 + int(n[-1]))],
    "allergy": lambda n: [SetAllergy(f"{n}k", CHECK, 1, "nuts")],
    "ask bill": lambda n: [AskBill(f"{n}k", CHECK)],
    "order type": lambda n: [SetOrderType(f"{n}k", CHECK, TAKE_AWAY)],
    "stop item": lambda n: [StopItem(f"{n}k", "i0")],
    "close day": lambda n: [OpenCheck(f"{n}k1", f"{n}c"), CloseDay(f"{n}k2")],
}
BEGINNING: Sequence[Command] = (
    OpenCheck("b1", CHECK, table="1"),
    OpenCheck("b2", OTHER, table="2"),
    AddLine("b3", CHECK, SENT_LINE, "i0"),
    AddLine("b4", CHECK, READY_LINE, "i1"),
    Fire("b5", CHECK),
    Bump("b6", CHECK, (READY_LINE,), READY),
    AddLine("b7", CHECK, UNSENT_LINE, "i2"),
    AddLine("b8", OTHER, "o1", "i3"),
)


class EditRefused(AssertionError):
    """An operation that was to be tried was not taken at all."""


class Pairs:
    """Every operation done once at either terminal, and how each pair is delivered."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.base, self.trust = self._begin()
        self.done = {(n, edit): self._do(n, edit) for n in ("t1", "t2") for edit in EDITS}

    def _begin(self) -> tuple[bytes, dict[str, Card]]:
        site = Site.at(self._folder / "base.db", "t0", blank())
        site.run(PublishMenu("m", Menu("", items=ITEMS)))
        site.run(FoundRestaurant("f", "Chez Sim", "EUR", "UTC", ("en",), site.card), PROGRAM)
        for command in BEGINNING:
            if site.run(command) is None:
                raise EditRefused(f"the evening does not begin with {command}")
        return site.disk(), {"t0": site.card}

    def _do(self, name: str, edit: str) -> list[Sealed]:
        site = Site.at(self._folder / "site.db", name, self.base)
        self.trust[name] = site.card
        for command in EDITS[edit](name):
            if site.run(command) is None:
                raise EditRefused(f"{edit} at {name}: {command} is refused")
        events = site.own()
        site.disk()
        return events

    def digests(self, one: str, other: str) -> set[str]:
        """Return what new terminals fold to that hear both in every order that logs allow."""
        logs = self.done["t1", one], self.done["t2", other]
        return {self._heard(order) for order in interleaved(*logs)}

    def _heard(self, order: Sequence[Sealed]) -> str:
        file = self._folder / "heard.db"
        put_in(file, self.base)
        journal = Journal(file)
        for sealed in order:
            journal.admit([sealed], restaurant=RESTAURANT, trust=self.trust)
        digest = journal.digest()
        journal.close()
        return digest


def interleaved(one: Sequence[Sealed], other: Sequence[Sealed]) -> Iterator[list[Sealed]]:
    """Return both logs in one row, in every way that leaves each in its order."""
    size = len(one) + len(other)
    for places in combinations(range(size), len(one)):
        here, there = iter(one), iter(other)
        yield [next(here if at in places else there) for at in range(size)]
