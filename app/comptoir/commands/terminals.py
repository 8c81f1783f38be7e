"""Who may take part: admit a terminal, retire a stolen one, attest how far its log was held."""

from dataclasses import dataclass

from comptoir.commands.desk import MANAGERS, PROGRAM, Command, Desk, handles
from comptoir.domain import events as ev
from comptoir.domain.errors import NotAllowed
from comptoir.domain.house import Card, Terminal
from comptoir.journal import Writing


@dataclass(frozen=True, slots=True)
class AdmitTerminal(Command):
    """Let a terminal take part, known by its card."""

    card: Card


@dataclass(frozen=True, slots=True)
class RetireTerminal(Command):
    """Report a terminal stolen, broken or replaced: it never takes part again."""

    terminal: str
    reason: str


@dataclass(frozen=True, slots=True)
class AttestRetired(Command):
    """Say how far this terminal holds the log of a retired one."""

    terminal: str


@handles(AdmitTerminal, MANAGERS)
def admit(command: AdmitTerminal, writing: Writing, desk: Desk) -> None:
    """Admit a terminal; a retired one comes back only under a new identity."""
    del desk
    if writing.state(f"terminal:{command.card.terminal}").retired:
        raise NotAllowed("This terminal was retired. Give it a new identity, then admit that.")
    writing.append(ev.TerminalAdmitted(command.card))


@handles(RetireTerminal, MANAGERS)
def retire(command: RetireTerminal, writing: Writing, desk: Desk) -> None:
    """Retire a terminal, and attest at once what is held of it here."""
    if command.terminal == desk.log.terminal:
        raise NotAllowed("A terminal cannot retire itself. Report it from another one.")
    if not writing.state(f"terminal:{command.terminal}").retired:
        writing.append(ev.TerminalRetired(command.terminal, command.reason))
    _attest(command.terminal, writing, desk)


@handles(AttestRetired, PROGRAM)
def attest(command: AttestRetired, writing: Writing, desk: Desk) -> None:
    """Attest on hearing of a retirement; once per epoch of the retired terminal."""
    _attest(command.terminal, writing, desk)


def _attest(name: str, writing: Writing, desk: Desk) -> None:
    terminal: Terminal = writing.state(f"terminal:{name}")
    done = {seen.epoch for seen in terminal.last_seen if seen.by == desk.log.terminal}
    for epoch, head in writing.heads(name).items():
        if epoch not in done:
            writing.append(ev.TerminalLastSeen(name, epoch, head.seq, head.hash))
