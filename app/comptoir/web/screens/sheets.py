"""Prints sheets of money on the terminal's receipt printer: X, Z, drawers', accounts paid off."""

from flask import request

from comptoir.commands.sheets import PrintSheet
from comptoir.web.access import carry_out, command_id, field
from comptoir.web.screens import print_keys
from comptoir.web.screens.workplace import workplace

blueprint = workplace("sheets", __name__)
OF_CHARACTERS_MAX = 140


@blueprint.post("/sheets")
def print_sheet() -> str:
    """Print one; the key then offers another."""
    what, of = field("what"), request.form.get("of", "")[:OF_CHARACTERS_MAX]
    carry_out(PrintSheet(command_id(), what, of))
    return print_keys.pressed("/sheets", what=what, of=of)
