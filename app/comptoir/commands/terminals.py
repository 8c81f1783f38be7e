"""Who may take part: admit a terminal, retire a stolen one, attest how far its log was held."""

from dataclasses import dataclass, field

from comptoir.commands.desk import MANAGERS, PROGRAM, SECRET, Command, Desk, handles
from comptoir.commands.passphrase import PassphraseWrong, fits
from comptoir.domain import events as ev
from comptoir.domain.errors import DomainError, NotAllowed
from comptoir.domain.house import Card, Terminal
from comptoir.journal import Writing, reading

RECENT_MS = 30 * 24 * 3600 * 1000
NEVER_ADOPTED = (
    *("terminal.", "event.", "offline.", "staff.", "client.", "restaurant.", "update."),
)


class TooManyRetired(DomainError):
    """One manager may not put more than half of the terminals out."""

    code = "too-many-retired"

    def __init__(self) -> None:
        super().__init__(
            "You have retired half of the terminals. For this one, type the house's passphrase;"
            " or another manager, or head office, must report it."
        )


class NotSuspended(DomainError):
    """Nothing is to be decided about these two."""

    code = "not-suspended"

    def __init__(self) -> None:
        super().__init__("These two do not wait for a decision. Look at the terminals again.")


class NotAdoptable(DomainError):
    """What was set aside is gone, was taken over already, or says who takes part."""

    code = "not-adoptable"

    def __init__(self) -> None:
        super().__init__("This cannot be taken over, or was already. Look at the list again.")


@dataclass(frozen=True, slots=True)
class AdmitTerminal(Command):
    """Let a terminal take part, known by its card."""

    card: Card


@dataclass(frozen=True, slots=True)
class RetireTerminal(Command):
    """Report a terminal stolen, broken or replaced: it never takes part again.

    One manager retires more than half of the terminals only with the house's passphrase.
    """

    terminal: str
    reason: str
    passphrase: str = field(default="", metadata=SECRET)


@dataclass(frozen=True, slots=True)
class AttestRetired(Command):
    """Say how far this terminal holds the log of a retired one."""

    terminal: str


@dataclass(frozen=True, slots=True)
class AttestHeld(Command):
    """Say that the cloud holds the log of a retired terminal up to this seq, whose hash this is."""

    terminal: str
    epoch: int
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class DecideTerminals(Command):
    """Of two terminals that retired each other, keep one; the other is out for ever."""

    keep: str
    out: str


@dataclass(frozen=True, slots=True)
class AdoptEvent(Command):
    """Take over one event, by its hash, that a retired terminal wrote after its cut-off."""

    terminal: str
    hash: str


@handles(AdmitTerminal, MANAGERS)
def admit(command: AdmitTerminal, writing: Writing, desk: Desk) -> None:
    """Admit a terminal; a retired one comes back only under a new identity."""
    del desk
    if writing.state(f"terminal:{command.card.terminal}").retired:
        raise NotAllowed("This terminal was retired. Give it a new identity, then admit that.")
    writing.append(ev.TerminalAdmitted(command.card))


@handles(RetireTerminal, MANAGERS)
def retire(command: RetireTerminal, writing: Writing, desk: Desk) -> None:
    """Retire a terminal, and attest at once what is held of it here.

    A suspended one, too: then this terminal, a third one, has decided.
    """
    if command.terminal == desk.log.terminal:
        raise NotAllowed("A terminal cannot retire itself. Report it from another one.")
    terminal: Terminal = writing.state(f"terminal:{command.terminal}")
    if not terminal.retired and beyond_half(command.terminal, writing.stamp.actor, desk):
        _ask_passphrase(command.passphrase, writing)
    if not terminal.retired or terminal.suspended:
        writing.append(ev.TerminalRetired(command.terminal, command.reason))
    _attest(command.terminal, writing, desk)


def _ask_passphrase(typed: str, writing: Writing) -> None:
    if not typed:
        raise TooManyRetired
    if not fits(writing.state("restaurant:it"), typed):
        raise PassphraseWrong


def beyond_half(name: str, actor: str, desk: Desk) -> bool:
    """Count what this manager put out lately and this one, against those that took part."""
    journal = desk.log.journal
    states: list[Terminal] = journal.states("terminal")
    since_ms = desk.clock.now_ms() - RECENT_MS
    out = {one.id for one in states if one.retired}
    by_them = {o.id for o in states if o.retired and o.actor == actor and o.retired_ms > since_ms}
    known = {one.id for one in states if one.card} | {log[0] for log in journal.vector()}
    took_part = (known | {name, desk.log.terminal}) - out | by_them
    return 2 * (len(by_them) + 1) > len(took_part)


@handles(AttestRetired, PROGRAM)
def attest(command: AttestRetired, writing: Writing, desk: Desk) -> None:
    """Attest on hearing of a retirement: whatever is held beyond what was said before."""
    _attest(command.terminal, writing, desk)


@handles(AttestHeld, PROGRAM)
def attest_held(command: AttestHeld, writing: Writing, desk: Desk) -> None:
    """Attest what lies in a store, unless somebody has attested as much."""
    del desk
    terminal: Terminal = writing.state(f"terminal:{command.terminal}")
    if terminal.retired and command.seq > terminal.cutoff(command.epoch):
        at = (command.terminal, command.epoch, command.seq, command.hash)
        writing.append(ev.TerminalLastSeen(*at))


def _attest(name: str, writing: Writing, desk: Desk) -> None:
    terminal: Terminal = writing.state(f"terminal:{name}")
    said: dict[int, int] = {}
    for seen in terminal.last_seen:
        if seen.by == desk.log.terminal:
            said[seen.epoch] = max(seen.seq, said.get(seen.epoch, 0))
    for epoch, head in writing.heads(name).items():
        if head.seq > said.get(epoch, 0):
            writing.append(ev.TerminalLastSeen(name, epoch, head.seq, head.hash))


@handles(DecideTerminals, MANAGERS)
def decide(command: DecideTerminals, writing: Writing, desk: Desk) -> None:
    """Decide on a third terminal; nobody decides about the one they stand at."""
    keep: Terminal = writing.state(f"terminal:{command.keep}")
    out: Terminal = writing.state(f"terminal:{command.out}")
    if desk.log.terminal in {keep.id, out.id}:
        raise NotAllowed("This terminal is one of the two. Decide on a third one.")
    if not (keep.suspended and out.suspended and out.id in keep.retired_by):
        raise NotSuspended
    writing.append(ev.TerminalDecided(out.id, out=True))
    writing.append(ev.TerminalDecided(keep.id, out=False))


@handles(AdoptEvent, MANAGERS)
def adopt(command: AdoptEvent, writing: Writing, desk: Desk) -> None:
    """Write what was set aside as a fact of this terminal, with where it came from."""
    terminal: Terminal = writing.state(f"terminal:{command.terminal}")
    found = reading.late(desk.log.journal, command.terminal).get(command.hash)
    if found is None or command.hash in terminal.adopted or not adoptable(found):
        raise NotAdoptable
    at = found.envelope
    writing.append(ev.EventAdopted(at.terminal, at.epoch, at.seq, command.hash, at.kind))
    if found.body is not None:
        writing.append(found.body)


def adoptable(event: ev.Event) -> bool:
    """Tell whether an event may be taken over: it is understood, and gives nobody any rights."""
    return event.body is not None and not event.envelope.kind.startswith(NEVER_ADOPTED)
