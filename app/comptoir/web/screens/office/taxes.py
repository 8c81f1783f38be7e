"""Taxes: the pack of the place, its rates, and which of them each dish has."""

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from comptoir import packs
from comptoir.commands import ApplyTaxPack, SetTerms, queries
from comptoir.domain.menu import ORDER_TYPES
from comptoir.web.access import carry_out, command_id, house
from comptoir.web.screens.floor import go
from comptoir.web.screens.manager.door import managers
from comptoir.web.screens.office import forms
from comptoir.web.screens.office.menu import menu
from comptoir.web.services import services

blueprint = managers("office_taxes", __name__)
COINS = (0, 5, 10)


@blueprint.get("/office/taxes")
def show() -> str:
    """Show the rates in force, how sums are rounded, and the packs of this currency."""
    now = menu()
    terms = queries.terms(services().journal)
    used = {
        tax.id: sum(any(tax.id in item.taxes.get(k, ()) for k in ORDER_TYPES) for item in now.items)
        for tax in now.taxes
    }
    every = (packs.load(region) for region in packs.regions())
    return render_template(
        "office/taxes.html",
        here="taxes",
        menu=now,
        used=used,
        untaxed=sum(not any(item.taxes.values()) for item in now.items),
        state=terms,
        packs=[pack for pack in every if pack.currency == house().currency],
        coins=COINS,
        done="done" in request.args,
    )


@blueprint.get("/office/taxes/packs/<region>")
def look(region: str) -> str:
    """Show a pack's rates with their sources, before it is taken over."""
    return render_template("office/pack_sheet.html", pack=packs.load(region))


@blueprint.post("/office/taxes/packs/<region>")
def apply(region: str) -> AnyResponse:
    """Put a pack's taxes on the menu and its terms in force."""
    carry_out(ApplyTaxPack(command_id(), region))
    return go("/office/taxes?done=1")


@blueprint.post("/office/taxes/terms")
def terms() -> AnyResponse:
    """Say how checks opened from now on are rounded."""
    coin = forms.whole("cash_rounding", _("Smallest coin"))
    carry_out(SetTerms(command_id(), forms.text("mode"), forms.text("scope"), coin))
    return go("/office/taxes?done=1")
