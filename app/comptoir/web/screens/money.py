"""Money: where drawers, returns, the day, the clock and open questions are found."""

from flask import redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from comptoir.web import training
from comptoir.web.screens import (
    accounts,
    approval,
    clock,
    day,
    drawers,
    payment,
    questions,
    returns,
    sheets,
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
    accounts.blueprint,
    sheets.blueprint,
)


@blueprint.post("/training/begin")
def train() -> AnyResponse:
    """Begin a training, on a till of its own."""
    training.playground().begin()
    response = redirect("/floor")
    response.set_cookie(training.COOKIE, "1", httponly=True, samesite="Strict")
    return response


@blueprint.post("/training/end")
def end_training() -> AnyResponse:
    """Come back to the real till."""
    response = redirect("/floor")
    response.delete_cookie(training.COOKIE)
    return response


@blueprint.get("/money")
def show() -> str:
    """Show the ways into it."""
    return render_template("money/money.html", asked=questions.questions())
