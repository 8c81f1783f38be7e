"""Who looked at what and changed what, for those whose right it is to read it."""

from flask import render_template

from comptoir.web.head_office import door
from comptoir.web.head_office.services import services

blueprint = door.room("office_audit", __name__)
blueprint.before_request(door.auditors_only)
LINES_MAX = 200


@blueprint.get("/audit")
def show() -> str:
    """Show the last lines."""
    door.saw()
    sites = services().chain.sites()
    names = {name: site.name for name, site in sites.items()}
    return render_template(
        "head_office/audit.html", entries=services().people.notes(LINES_MAX), names=names
    )
