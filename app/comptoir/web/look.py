"""The stylesheet of this terminal: how long a millimetre is here, and the menu's colours.

Styles inside pages are forbidden by our own policy, so that these come as a stylesheet.
"""

import re
from collections.abc import Iterator

from flask import Blueprint, Response

from comptoir.domain.house import Floor
from comptoir.web.own_screen import at_the_till
from comptoir.web.services import services

blueprint = Blueprint("look", __name__)
WIDE = "min-width: 621px"
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
NAME = re.compile(r"[\w-]{1,64}")


@blueprint.get("/look.css")
def look() -> Response:
    """Write it; only the terminal's own browser shows this screen's millimetre."""
    s = services()
    rules = []
    if at_the_till():
        whole, thousandths = divmod(s.settings.px_per_mm_milli, 1000)
        rules.append(f":root{{--mm:{whole}.{thousandths:03d}px}}")
    rules += [
        f'[data-category="{category.id}"]{{--hue:{category.colour}}}'
        for category in s.journal.state("menu:it").categories
        if COLOUR.fullmatch(category.colour) and NAME.fullmatch(category.id)
    ]
    rules += _places(s.journal.state("floor:it"))
    return Response("\n".join(rules) + "\n", mimetype="text/css")


def _places(plan: Floor) -> Iterator[str]:
    """Yield where tables stand in their room; on a phone they stay a list."""
    for area in plan.areas:
        placed = [one for one in area.tables if one.placed and NAME.fullmatch(one.id)]
        if not placed:
            continue
        left, top = min(one.x for one in placed), min(one.y for one in placed)
        wide = max(one.x for one in placed) - left + 1
        yield f"@media ({WIDE}) {{"
        yield f'.tiles:has([data-table="{placed[0].id}"])'
        yield f"{{grid-template-columns:repeat({wide},minmax(0,1fr))}}"
        for one in placed:
            at = f"grid-column:{one.x - left + 1};grid-row:{one.y - top + 1}"
            yield f'.tile[data-table="{one.id}"]{{{at}}}'
        yield "}"
