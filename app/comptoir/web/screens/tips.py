"""Tips to offer: a manager chooses the shares that guests are asked for."""

from flask import render_template, request
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands.tips import PRESETS_MAX, SetTipPresets, tip_presets
from comptoir.web.access import FieldRefused, carry_out, command_id
from comptoir.web.screens.floor import go
from comptoir.web.screens.workplace import workplace
from comptoir.web.services import services

blueprint = workplace("tips", __name__)
SHARES_PPM = tuple(percent * 10_000 for percent in (3, 5, 8, 10, 12, 15, 18, 20, 22, 25))


@blueprint.get("/tips")
def ask() -> str:
    """Show the shares to choose from; one that was set elsewhere is among them."""
    chosen = tip_presets(services().journal)
    return render_template(
        "money/tips_sheet.html",
        chosen=chosen,
        shares=sorted({*SHARES_PPM, *chosen}),
        most=PRESETS_MAX,
    )


@blueprint.post("/tips")
def choose() -> AnyResponse:
    """Offer these from now on."""
    said = request.form.getlist("share")
    if not all(one.isascii() and one.isdigit() and len(one) <= len("1000000") for one in said):
        raise FieldRefused("share")
    carry_out(SetTipPresets(command_id(), tuple(int(one) for one in said)))
    return go("/money")
