"""Offline: the manager's switch, what is taken meanwhile, and when it is over."""

from dataclasses import dataclass

from comptoir.commands.desk import MANAGERS, PROGRAM, Command, Desk, handles, need_manager
from comptoir.domain.check import INTENDED, TAKEN, Check, Payment
from comptoir.domain.errors import AmountRefused
from comptoir.domain.events.offline import AwayEnded, OfflineLimitsSet
from comptoir.domain.events.terminals import OfflineSet
from comptoir.domain.offline import OFFLINE, Away, Charge, Offline
from comptoir.journal import Journal, Writing

REASON_CHARACTERS_MAX = 200
LIMIT_MAX = 100_000_000
SHORT_MS = 60_000
BACK_MS = 7 * 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class SetOffline(Command):
    """Keep the whole restaurant off the internet, or let it back."""

    offline: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SetOfflineLimits(Command):
    """Say up to what card and account are taken offline without a manager, in minor units."""

    each_max: int
    total_max: int


@dataclass(frozen=True, slots=True)
class EndAway(Command):
    """Say that the cloud, which did not answer since then, does again."""

    since_ms: int
    until_ms: int


@handles(SetOffline, MANAGERS)
def set_offline(command: SetOffline, writing: Writing, desk: Desk) -> None:
    """Turn the switch on every terminal that hears of it; turned already, nothing is written."""
    del desk
    state: Offline = writing.state(OFFLINE)
    if state.on != command.offline:
        reason = command.reason.strip()[:REASON_CHARACTERS_MAX]
        writing.append(OfflineSet(command.offline, reason))


@handles(SetOfflineLimits, MANAGERS)
def set_limits(command: SetOfflineLimits, writing: Writing, desk: Desk) -> None:
    """Set the limits on all terminals."""
    del desk
    if not 0 <= command.each_max <= command.total_max <= LIMIT_MAX:
        raise AmountRefused("One payment is not more than all together. Type both limits again.")
    writing.append(OfflineLimitsSet(command.each_max, command.total_max))


@handles(EndAway, PROGRAM)
def end_away(command: EndAway, writing: Writing, desk: Desk) -> None:
    """Write when the cloud was missed, unless it was short and nothing was taken."""
    name = _named(desk, command.since_ms)
    away: Away = writing.state(f"away:{name}")
    if away.charges or command.until_ms - command.since_ms >= SHORT_MS:
        writing.append(AwayEnded(name, command.since_ms, command.until_ms))


def _named(desk: Desk, since_ms: int) -> str:
    return f"{desk.log.terminal}-{since_ms}"


def taken_away(writing: Writing, desk: Desk, amount: int) -> str:
    """Return the name of the time without the cloud that it is now, empty when it is not.

    Above a limit a manager must approve that ``amount`` is taken and nobody outside is asked.
    """
    state: Offline = writing.state(OFFLINE)
    since_ms = state.since_ms if state.on else desk.away_since_ms()
    if not since_ms:
        return ""
    name = _named(desk, since_ms)
    away: Away = writing.state(f"away:{name}")
    standing = (_standing(writing.state(f"check:{one.check}"), one) for one in away.charges)
    total = amount + sum(payment.with_tip for payment in standing if payment)
    if amount > state.each_max or total > state.total_max:
        need_manager(writing, "Taking so much offline")
    return name


def _standing(check: Check, charge: Charge) -> Payment | None:
    """Return the payment of a charge, unless it was called off."""
    for payment in check.payments:
        if payment.id == charge.payment and payment.status in {INTENDED, TAKEN}:
            return payment
    return None


def offline(journal: Journal) -> Offline:
    """Return how the switch stands."""
    state: Offline = journal.state(OFFLINE)
    return state


@dataclass(frozen=True, slots=True)
class TakenAway:
    """Money that was taken while nobody outside could be asked."""

    number: str
    terminal: str
    charge: Charge
    payment: Payment


def taken_lately(journal: Journal, now_ms: int) -> list[TakenAway]:
    """Return what was taken offline in the last week and stands, newest first."""
    states: list[Away] = journal.states("away")
    found = []
    for away in states:
        for one in away.charges:
            check: Check = journal.state(f"check:{one.check}")
            payment = _standing(check, one)
            if payment and one.at_ms > now_ms - BACK_MS:
                found.append(TakenAway(check.number, away.terminal, one, payment))
    return sorted(found, key=lambda taken: taken.charge.at_ms, reverse=True)
