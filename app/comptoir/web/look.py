"""The stylesheet of this terminal: how long a millimetre is here, and the menu's colours.

Styles inside pages are forbidden by our own policy, so that these come as a stylesheet.
"""

import re

from flask import Blueprint, Response, request

from comptoir.web.services import services

blueprint = Blueprint("look", __name__)
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
NAME = re.compile(r"[\w-]{1,64}")
LOOPBACK = {"127.0.0.1", "::1"}


@blueprint.get("/look.css")
def look() -> Response:
    """Write it; only the terminal's own browser shows this screen's millimetre."""
    s = services()
    rules = []
    if request.remote_addr in LOOPBACK:
        whole, thousandths = divmod(s.settings.px_per_mm_milli, 1000)
        rules.append(f":root{{--mm:{whole}.{thousandths:03d}px}}")
    rules += [
        f'[data-category="{category.id}"]{{--hue:{category.colour}}}'
        for category in s.journal.state("menu:it").categories
        if COLOUR.fullmatch(category.colour) and NAME.fullmatch(category.id)
    ]
    return Response("\n".join(rules) + "\n", mimetype="text/css")
