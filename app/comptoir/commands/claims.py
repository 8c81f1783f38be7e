"""Money is asked for at one place at a time: an intent that stands elsewhere is in the way.

An intent stands while its terminal lives, and not for ever: who meant to take money and went away
must not keep the guests. Of a dead terminal's intents people are asked, and nobody waits for them.
"""

from collections.abc import Callable
from typing import Any

from comptoir.commands.desk import Desk
from comptoir.domain.accounts import Account
from comptoir.domain.check import Check, Payment
from comptoir.domain.claims import before, in_the_way
from comptoir.domain.errors import BeingPaid
from comptoir.domain.house import Staff, Terminal
from comptoir.domain.tender import CASH

FRESH_MS = 2 * 60 * 1000
BY_HAND_MS = 5 * 1000  # somebody's own cash: longer than any answer is waited for
State = Callable[[str], Any]


def require_free(state: State, desk: Desk, owing: Check | Account, wanted: Payment) -> None:
    """Raise BeingPaid when others take the money that ``wanted`` is for, or just took it."""
    claims = [
        claim
        for claim in before(owing.payments, wanted.id)
        if _stands(claim, desk, wanted.taken_by)
    ]
    other = in_the_way(owing, wanted.amount, wanted.part, claims)
    if other is not None:
        raise BeingPaid(_where(state, desk, other))


def _stands(claim: Payment, desk: Desk, asking: str) -> bool:
    age_ms = desk.clock.now_ms() - claim.intended_ms
    if age_ms >= FRESH_MS:
        return False
    if claim.terminal != desk.log.terminal:
        return claim.terminal in desk.alive()
    # a card that did not work is followed by cash, from the same hand
    return claim.taken_by != asking or (claim.tender == CASH and age_ms < BY_HAND_MS)


def _where(state: State, desk: Desk, other: Payment) -> str:
    """Return the name of the terminal, or here the name of the person."""
    if other.terminal == desk.log.terminal:
        staff: Staff = state(f"staff:{other.taken_by}")
        return staff.name or other.taken_by
    return place_of(state, other.terminal)


def place_of(state: State, name: str) -> str:
    """Return what a terminal is called in the house."""
    terminal: Terminal = state(f"terminal:{name}")
    return terminal.card.name if terminal.card and terminal.card.name else name
