"""House accounts: what each comes to, and from which checks."""

from flask import render_template

from comptoir.commands.money_queries import accounts
from comptoir.commands.permissions import TILLS
from comptoir.domain.check import Check
from comptoir.domain.errors import NotAllowed
from comptoir.web.access import person
from comptoir.web.screens.questions import who_is_who
from comptoir.web.screens.workplace import workplace
from comptoir.web.services import services

blueprint = workplace("accounts", __name__)


@blueprint.before_request
def _tills_only() -> None:
    if person().role not in TILLS:
        raise NotAllowed(f"A {person().role} may not see this. Ask a manager.")


@blueprint.get("/accounts")
def show() -> str:
    """Show every account with its charges, the newest first."""
    journal = services().journal
    found = accounts(journal)
    names = {charge.check for one in found for charge in one.charges}
    checks: dict[str, Check] = {name: journal.state(f"check:{name}") for name in names}
    return render_template("money/accounts.html", accounts=found, checks=checks, **who_is_who())
