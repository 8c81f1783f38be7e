"""Money: where drawers, returns, the day, the clock and open questions are found."""

from flask import render_template

from comptoir.web.screens import (
    approval,
    clock,
    day,
    drawers,
    payment,
    questions,
    returns,
    tendering,
)
from comptoir.web.screens.workplace import workplace

blueprint = workplace("money", __name__)
BLUEPRINTS = (
    blueprint,
    payment.blueprint,
    tendering.blueprint,
    questions.blueprint,
    returns.blueprint,
    approval.blueprint,
    drawers.blueprint,
    day.blueprint,
    clock.blueprint,
)


@blueprint.get("/money")
def show() -> str:
    """Show the ways into it."""
    return render_template("money/money.html", asked=questions.questions())
