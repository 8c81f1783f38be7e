"""The floor: every table with its state, the checks to take away, new checks."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import OpenCheck, queries
from comptoir.domain.check import FIRED, OPEN, READY, UNSENT, Check
from comptoir.domain.house import Table
from comptoir.domain.menu import EAT_IN, TAKE_AWAY
from comptoir.web.access import carry_out, command_id, field, number, person
from comptoir.web.presentation import minutes
from comptoir.web.screens.workplace import workplace
from comptoir.web.services import services

blueprint = workplace("floor", __name__)
LATE_MINUTES = 20
COVERS_OFFERED = range(1, 13)


@dataclass(frozen=True, slots=True)
class Tile:
    """A table or a check as the floor shows it; ``state`` is a key of the words."""

    label: str
    state: str
    checks: tuple[Check, ...]
    minutes: int
    late: bool
    table: str = ""
    seats: int = 0

    @property
    def due(self) -> int:
        """Return what is still to pay, minor units."""
        return sum(check.due for check in self.checks)

    @property
    def covers(self) -> int:
        """Return how many guests sit here."""
        return sum(check.covers for check in self.checks)


@dataclass(frozen=True, slots=True)
class Room:
    """An area and its tables."""

    name: str
    tiles: tuple[Tile, ...]


def state_of(checks: Sequence[Check]) -> str:
    """Return what matters most about a table's checks."""
    if not checks:
        return "free"
    if any(check.state != OPEN and check.due < 0 for check in checks):
        return "overpaid"
    statuses = {line.status for check in checks for line in check.live_lines}
    asked = any(check.asked_ms and check.due > 0 for check in checks)
    paid = all(check.due == 0 and check.live_lines for check in checks)
    matters = (
        (READY in statuses, "ready"),
        (asked, "asked"),
        (UNSENT in statuses, "ordering"),
        (FIRED in statuses, "cooking"),
        (paid, "paid"),
        (bool(statuses), "served"),
    )
    return next((state for true, state in matters if true), "seated")


def _tile(label: str, checks: Sequence[Check], now_ms: int, table: Table | None = None) -> Tile:
    fired = [line.fired_ms for check in checks for line in check.live_lines if line.status == FIRED]
    return Tile(
        label=label,
        state=state_of(checks),
        checks=tuple(checks),
        minutes=minutes(max((c.changed_ms for c in checks), default=now_ms), now_ms),
        late=bool(fired) and minutes(min(fired), now_ms) >= LATE_MINUTES,
        table=table.id if table else "",
        seats=table.seats if table else 0,
    )


def rooms(now_ms: int) -> list[Room]:
    """Return the areas of the floor plan, in its order."""
    by_area: dict[str, list[Tile]] = {}
    names: dict[str, str] = {}
    for one in queries.floor(services().journal):
        names[one.area.id] = one.area.name
        tile = _tile(one.table.label, one.checks, now_ms, one.table)
        by_area.setdefault(one.area.id, []).append(tile)
    return [Room(names[area], tuple(tiles)) for area, tiles in by_area.items()]


def elsewhere(now_ms: int) -> list[Tile]:
    """Return the open checks that stand at no table of the plan."""
    journal = services().journal
    tables = {one.table.id for one in queries.floor(journal)}
    checks = [check for check in queries.open_checks(journal) if check.table not in tables]
    return [_tile(check.number, [check], now_ms) for check in checks]


@blueprint.get("/floor")
def show() -> str:
    """Show the floor."""
    return render_template("floor.html", **_state())


@blueprint.get("/floor/tiles")
def tiles() -> str:
    """Return the tiles alone, for live pages."""
    return render_template("floor_tiles.html", **_state())


def _state() -> dict[str, object]:
    s = services()
    now_ms = s.clock.now_ms()
    names = {one.id: one.name for one in queries.staff(s.journal)}
    mine = request.args.get("mine") == "yes"
    seen, slips = rooms(now_ms), elsewhere(now_ms)
    if mine:
        own = (Room(room.name, tuple(_of_me(room.tiles))) for room in seen)
        seen, slips = [room for room in own if room.tiles], _of_me(slips)
    return {"rooms": seen, "elsewhere": slips, "names": names, "mine": mine}


def _of_me(tiles: Sequence[Tile]) -> list[Tile]:
    """Return the tiles with a check of who is signed in."""
    me = person().id
    return [tile for tile in tiles if any(check.server == me for check in tile.checks)]


@blueprint.get("/tables/<table>")
def at_table(table: str) -> str:
    """Ask what to do at a table: its checks, or a new one for so many guests."""
    found = [one for one in queries.floor(services().journal) if one.table.id == table]
    return render_template("table_sheet.html", found=found, covers_offered=COVERS_OFFERED)


@blueprint.post("/checks")
def open_check() -> AnyResponse:
    """Open a check and go to it."""
    check, table = field("check"), field("table", "")
    order_type = field("order_type", EAT_IN if table else TAKE_AWAY)
    carry_out(OpenCheck(command_id(), check, order_type, table, number("covers", 0)))
    return go(f"/checks/{check}")


def go(where: str) -> AnyResponse:
    """Send the browser to another page, also from within a tap."""
    if "HX-Request" in request.headers:
        return AnyResponse(status=204, headers={"HX-Redirect": where})
    return redirect(where)
