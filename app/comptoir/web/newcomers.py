"""New terminals in this network: one calls out who it is, the others show it to their manager."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address

import msgspec

from comptoir.commands import Desk
from comptoir.commands.newness import is_new
from comptoir.domain.errors import DomainError, EventMalformed
from comptoir.domain.house import Card
from comptoir.domain.records import dump, load
from comptoir.identity import Identity
from comptoir.pairing import Invitation
from comptoir.web.ether import BYTES_MAX, Ether

SHOWN_MAX = 8
SILENT_MS = 10_000
INVITED_MS = 10 * 60_000


class InvitedAlready(DomainError):
    """Another terminal has invited this one, and nobody has answered yet."""

    code = "invited-already"

    def __init__(self) -> None:
        super().__init__("This terminal is invited by another one. Answer on its own screen first.")


class NotNew(DomainError):
    """A terminal that somebody works with is invited nowhere."""

    code = "not-new"

    def __init__(self) -> None:
        super().__init__("This terminal is in use. Only one with which nobody has worked can join.")


class Call(msgspec.Struct, frozen=True):
    """What a new terminal calls out: its card, as an object, and the port of its till."""

    comptoir: str
    card: dict[str, str]
    port: int


NEW = "new"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A new terminal, and where its till answers."""

    card: Card
    host: str
    port: int
    seen_ms: int


class Newcomers:
    """Who calls; and this one's own calls, as long as nobody has worked with it."""

    def __init__(
        self,
        ether: Ether,
        desk: Desk,
        identity: Identity,
        port: int,
        on_news: Callable[[], None],
    ) -> None:
        self._ether = ether
        self._desk, self._identity = desk, identity
        self._on_news = on_news
        self._call = msgspec.json.encode(Call(NEW, dump(identity.card), port))
        self._new = identity.founder
        self._lock = threading.Lock()
        self._found: dict[str, Newcomer] = {}
        self._invited: tuple[Invitation, int] | None = None

    def is_new(self) -> bool:
        """Tell whether nobody has worked with this terminal, nor with another of its restaurant."""
        self._new = self._new and is_new(self._desk.log.journal, self._identity.terminal)
        return self._new

    def look(self) -> None:
        """Hear who calls, and call if this one is new; to be done every few seconds."""
        before = [one.card for one in self.found()]
        for message, host in self._ether.heard():
            self._note(message, host)
        if [one.card for one in self.found()] != before:
            self._on_news()
        if self.is_new() and len(self._call) <= BYTES_MAX:
            self._ether.call(self._call)

    def found(self) -> list[Newcomer]:
        """Return who called lately, the first first."""
        since_ms = self._desk.clock.now_ms() - SILENT_MS
        with self._lock:
            self._found = {n: one for n, one in self._found.items() if one.seen_ms > since_ms}
            return list(self._found.values())

    def invite(self, invitation: Invitation) -> None:
        """Keep an invitation for who stands before this terminal; raises NotNew, InvitedAlready."""
        if not self.is_new():
            raise NotNew
        waiting = self.invited()
        if waiting and waiting.host != invitation.host:
            raise InvitedAlready
        with self._lock:
            self._invited = invitation, self._desk.clock.now_ms() + INVITED_MS
        self._on_news()

    def invited(self) -> Invitation | None:
        """Return the invitation that waits for an answer."""
        with self._lock:
            if self._invited and self._invited[1] <= self._desk.clock.now_ms():
                self._invited = None
            return self._invited[0] if self._invited else None

    def answered(self) -> None:
        """Let the invitation go: somebody has answered it."""
        with self._lock:
            self._invited = None
        self._on_news()

    def close(self) -> None:
        """Hear nothing more."""
        self._ether.close()

    def _note(self, message: bytes, host: str) -> None:
        try:
            call = msgspec.json.decode(message, type=Call)
            card = load(Card, call.card)
            known = call.comptoir == NEW and ip_address(host).is_private
        except (msgspec.DecodeError, EventMalformed, ValueError):
            return
        now_ms = self._desk.clock.now_ms()
        with self._lock:
            others = [one for name, one in self._found.items() if name != card.terminal]
            crowded = len(others) >= SHOWN_MAX or host in {one.host for one in others}
            if known and not crowded and card.terminal != self._identity.terminal:
                self._found[card.terminal] = Newcomer(card, host, call.port, now_ms)
