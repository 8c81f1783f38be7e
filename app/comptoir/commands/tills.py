"""Where money goes: whose drawer or wallet is open at this terminal."""

from comptoir.commands.desk import Desk
from comptoir.domain.cash import Drawer, OpenDrawers
from comptoir.domain.errors import DrawerNotOpen
from comptoir.domain.events.cash import OPEN_DRAWERS
from comptoir.journal import Writing


def drawer_here(writing: Writing, desk: Desk) -> str:
    """Return the actor's wallet, else this terminal's drawer; empty when none is open."""
    drawers: OpenDrawers = writing.state(OPEN_DRAWERS)
    return drawers.of(writing.stamp.actor, desk.log.terminal)


def open_drawer(writing: Writing, name: str) -> Drawer:
    """Return a drawer that is open; raises DrawerNotOpen."""
    drawer: Drawer = writing.state(f"drawer:{name}")
    if not drawer.is_open:
        raise DrawerNotOpen(drawer.name or name)
    return drawer
