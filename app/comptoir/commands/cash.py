"""Drawers and wallets: open with a float, pay in and out, drop, no-sale, count blind, close."""

from dataclasses import dataclass

from comptoir.commands.desk import SERVICE, TILLS, Command, Desk, handles, need_role
from comptoir.commands.tills import open_drawer
from comptoir.domain import events as ev
from comptoir.domain.cash import PAY_OUT, SIGNS, Denomination, Drawer, OpenDrawers
from comptoir.domain.errors import AmountRefused, DrawerRefused
from comptoir.domain.events.cash import OPEN_DRAWERS
from comptoir.domain.figures import cash_of
from comptoir.domain.takings import by_tender, postings
from comptoir.journal import Writing

DRAWERS_MAX = 3
AMOUNT_MAX = 100_000_000
DENOMINATIONS_MAX = 40
PIECES_MAX = 100_000
REASON_CHARACTERS_MAX = 200


@dataclass(frozen=True, slots=True)
class OpenDrawer(Command):
    """Open a drawer of this terminal with its float; with an ``owner``, that waiter's wallet."""

    drawer: str
    name: str
    float_: tuple[Denomination, ...] = ()
    owner: str = ""


@dataclass(frozen=True, slots=True)
class MoveCash(Command):
    """Put cash in (``pay_in``), take it out (``pay_out``), or bring it to the safe (``drop``)."""

    drawer: str
    what: str
    amount: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class KickDrawer(Command):
    """Open the drawer without a sale, and say why."""

    drawer: str
    reason: str


@dataclass(frozen=True, slots=True)
class CountDrawer(Command):
    """Say what was counted; nobody is told before what should be there."""

    drawer: str
    count: tuple[Denomination, ...]


@dataclass(frozen=True, slots=True)
class CloseDrawer(Command):
    """Be done with a drawer after its last count."""

    drawer: str


@handles(OpenDrawer, SERVICE)
def open_one(command: OpenDrawer, writing: Writing, desk: Desk) -> None:
    """Open a drawer; waiters open their own wallet, and nothing else, by themselves."""
    if command.owner != writing.stamp.actor:
        need_role(writing, TILLS, "Opening a drawer")
    drawers: OpenDrawers = writing.state(OPEN_DRAWERS)
    here = [one for one in drawers.drawers if not one.owner and one.terminal == desk.log.terminal]
    if writing.state(f"drawer:{command.drawer}").opened_by:
        raise DrawerRefused("This drawer was opened before. Open a new one for the next shift.")
    if command.owner and any(one.owner == command.owner for one in drawers.drawers):
        raise DrawerRefused(f"{command.owner} has a wallet open. Count and close it first.")
    if not command.owner and len(here) >= DRAWERS_MAX:
        raise DrawerRefused(f"{DRAWERS_MAX} drawers are open here. Close one first.")
    writing.append(
        ev.DrawerOpened(command.drawer, command.name, _pieces(command.float_), command.owner)
    )


def _pieces(count: tuple[Denomination, ...]) -> tuple[Denomination, ...]:
    values = {one.value for one in count}
    fits = len(values) == len(count) <= DENOMINATIONS_MAX and all(
        0 < one.value <= AMOUNT_MAX and 0 <= one.count <= PIECES_MAX for one in count
    )
    if not fits:
        raise AmountRefused("Count each coin and note once, none of them less than nothing.")
    return count


@handles(MoveCash, TILLS, SERVICE - TILLS)
def move(command: MoveCash, writing: Writing, desk: Desk) -> None:
    """Write cash that is no sale."""
    del desk
    drawer = open_drawer(writing, command.drawer)
    if command.what not in SIGNS:
        raise AmountRefused(f"{command.what!r} is nothing one does; use {', '.join(SIGNS)}.")
    if not 0 < command.amount <= AMOUNT_MAX:
        raise AmountRefused("Say how much, more than nothing.")
    if command.what == PAY_OUT and not command.reason.strip():
        raise AmountRefused("Say what the money was paid out for.")
    writing.append(
        ev.CashMoved(drawer.id, command.id, command.what, command.amount, _reason(command.reason))
    )


def _reason(text: str) -> str:
    return text.strip()[:REASON_CHARACTERS_MAX]


@handles(KickDrawer, TILLS, SERVICE - TILLS)
def kick(command: KickDrawer, writing: Writing, desk: Desk) -> None:
    """Write that a drawer was opened without a sale."""
    del desk
    if not command.reason.strip():
        raise AmountRefused("Say why the drawer is opened.")
    drawer = open_drawer(writing, command.drawer)
    writing.append(ev.DrawerKicked(drawer.id, _reason(command.reason)))


@handles(CountDrawer, SERVICE)
def count(command: CountDrawer, writing: Writing, desk: Desk) -> None:
    """Write a count; the last one before the closing is the one that counts."""
    del desk
    drawer = _own(writing, command.drawer)
    writing.append(ev.DrawerCounted(drawer.id, _pieces(command.count)))


@handles(CloseDrawer, SERVICE)
def close(command: CloseDrawer, writing: Writing, desk: Desk) -> None:
    """Close a drawer: what was counted, and what should have been there, stand side by side."""
    drawer = _own(writing, command.drawer)
    if not drawer.counts:
        raise DrawerRefused("Count the drawer first.")
    cash = cash_of(by_tender(postings(desk.log.journal.events(f"takings:{drawer.id}"))))
    drawers: OpenDrawers = writing.state(OPEN_DRAWERS)
    number = drawers.next_number(desk.log.terminal)
    counted = drawer.counts[-1].amount
    writing.append(ev.DrawerClosed(drawer.id, counted, drawer.expected(cash), number))


def _own(writing: Writing, name: str) -> Drawer:
    """Return an open drawer that the actor may count: their wallet, or any when at the till."""
    drawer = open_drawer(writing, name)
    if drawer.owner != writing.stamp.actor:
        need_role(writing, TILLS, "Counting this drawer")
    return drawer
