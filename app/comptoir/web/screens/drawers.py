"""Drawers and wallets: the float, cash in and out, the blind count, over or short at the end."""

from flask import render_template
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands.cash import CloseDrawer, CountDrawer, KickDrawer, MoveCash, OpenDrawer
from comptoir.commands.permissions import TILLS
from comptoir.commands.reports import DrawerReport, drawer_report
from comptoir.domain.cash import SIGNS, Denomination, Drawer, OpenDrawers
from comptoir.domain.errors import NotAllowed
from comptoir.domain.events.cash import OPEN_DRAWERS
from comptoir.domain.house import MANAGER
from comptoir.domain.money import exponent
from comptoir.domain.shift import Shift, Timesheet
from comptoir.web.access import carry_out, command_id, field, house, number, person
from comptoir.web.screens import print_keys
from comptoir.web.screens.floor import go
from comptoir.web.screens.questions import who_is_who
from comptoir.web.screens.tendering import typed
from comptoir.web.screens.workplace import workplace
from comptoir.web.services import services
from comptoir.web.tender import pieces

blueprint = workplace("drawers", __name__)
REASONS = {
    "pay_in": ("change", "other"),
    "pay_out": ("supplier", "expenses", "other"),
    "drop": ("safe",),
    "no_sale": ("change", "mistake", "other"),
}


def _mine(drawer: Drawer) -> bool:
    """Tell whether who is signed in may see a drawer: their wallet, or any when at the till."""
    return person().role in TILLS or drawer.owner in {"", person().id}


@blueprint.get("/drawers")
def show_all() -> str:
    """Show the drawers and wallets that are open, and those closed today."""
    s = services()
    found: OpenDrawers = s.journal.state(OPEN_DRAWERS)
    drawers: list[Drawer] = s.journal.states("drawer")
    today = s.desk.business_date()
    mine = [one for one in drawers if _mine(one) and one.terminal]
    here = [one for one in found.drawers if one.terminal == s.identity.terminal and not one.owner]
    return render_template(
        "money/drawers.html",
        opened=[one for one in mine if one.is_open],
        closed=[one for one in mine if one.closings and one.business_date == today],
        wallet=any(one.owner == person().id for one in found.drawers),
        next_name=len(here) + 1,
        **who_is_who(),
    )


@blueprint.get("/drawers/open")
def ask_float() -> str:
    """Ask for the float of a new drawer, or of one's own wallet."""
    return _counting("/drawers", owner=person().id if field("wallet", "") else "")


@blueprint.post("/drawers")
def open_one() -> AnyResponse:
    """Open it with what was counted."""
    drawer, owner = field("drawer"), field("owner", "")
    name = person().name if owner else typed("name")
    carry_out(OpenDrawer(command_id(), drawer, name, _counted(), owner))
    return go(f"/drawers/{drawer}")


def _counting(to: str, **more: object) -> str:
    currency = house().currency
    digits = exponent(currency)
    page = {"to": to, "pieces": pieces(currency, digits), "digits": digits}
    return render_template("money/counting.html", **page, **more)


def _counted() -> tuple[Denomination, ...]:
    """Return the count that the form holds."""
    currency = house().currency
    values = pieces(currency, exponent(currency))
    counts = [Denomination(value, number(f"piece-{value}", 0)) for value in values]
    return tuple(one for one in counts if one.count)


def _report(name: str) -> DrawerReport:
    report = drawer_report(services().journal, name)
    if not _mine(report.drawer):
        raise NotAllowed("This is somebody else's wallet. Ask a manager.")
    return report


@blueprint.get("/drawers/<name>")
def show(name: str) -> str:
    """Show a drawer; what should be in it only to managers, or once it is closed."""
    report = _report(name)
    return render_template(
        "money/drawer.html",
        report=report,
        drawer=report.drawer,
        closing=report.drawer.closings[0] if report.drawer.closings else None,
        told=bool(report.drawer.closings) or person().role == MANAGER,
        shift=_shift_of(report.drawer),
        **print_keys.ways(),
        **who_is_who(),
    )


def _shift_of(wallet: Drawer) -> Shift | None:
    """Return the last shift of a wallet's day that whoever is signed in may declare tips of."""
    if person().role != MANAGER and wallet.owner != person().id:
        return None
    sheet: Timesheet = services().journal.state(f"shift:{wallet.owner}")
    found = [one for one in sheet.shifts if one.business_date == wallet.business_date]
    return found[-1] if found else None


@blueprint.get("/drawers/<name>/move/<what>")
def ask_amount(name: str, what: str) -> str:
    """Ask how much goes in or out and why; of an opening without sale, only why."""
    return render_template(
        "money/move_sheet.html",
        drawer=_report(name).drawer,
        what=what,
        amount=what in SIGNS,
        reasons=REASONS.get(what, ()),
        digits=exponent(house().currency),
    )


@blueprint.post("/drawers/<name>/move")
def move(name: str) -> AnyResponse:
    """Write cash that went in or out."""
    command = MoveCash(command_id(), name, field("what"), number("amount"), typed("reason"))
    carry_out(command)
    return go(f"/drawers/{name}")


@blueprint.post("/drawers/<name>/no-sale")
def kick(name: str) -> AnyResponse:
    """Write why the drawer was opened without a sale."""
    carry_out(KickDrawer(command_id(), name, typed("reason")))
    return go(f"/drawers/{name}")


@blueprint.get("/drawers/<name>/count")
def ask_count(name: str) -> str:
    """Ask for the count, without a word of what should be there."""
    return _counting(f"/drawers/{name}/count", drawer=_report(name).drawer)


@blueprint.post("/drawers/<name>/count")
def count(name: str) -> AnyResponse:
    """Write the count."""
    carry_out(CountDrawer(command_id(), name, _counted()))
    return go(f"/drawers/{name}")


@blueprint.post("/drawers/<name>/close")
def close(name: str) -> AnyResponse:
    """Close it; then it says over or short."""
    carry_out(CloseDrawer(command_id(), name))
    return go(f"/drawers/{name}")
