"""The key that prints a receipt or a sheet: on the terminal's printer, else on the browser's."""

from flask import render_template

from comptoir.commands import queries
from comptoir.web.own_screen import at_the_till
from comptoir.web.services import services


def ways() -> dict[str, bool]:
    """Return what ``print_keys.html`` asks: a printer for this terminal's receipts, a browser's."""
    s = services()
    own = queries.printing(s.journal).receipt_printer(s.identity.terminal)
    return {"prints": own is not None, "paper": not at_the_till()}


def pressed(to: str, **fields: str) -> str:
    """Return the key that was pressed to print, as it is afterwards: for a copy."""
    return render_template("money/print_key.html", print_to=to, print_fields=fields, printing=True)
