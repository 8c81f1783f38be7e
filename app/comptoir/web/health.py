"""``/healthz``: whether this till sells, for health gates; quick, no sign-in."""

import msgspec
from flask import Blueprint, Response

from comptoir.web.services import services

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Read the journal's end, and say what is known of copies."""
    s = services()
    standing = s.safety.standing(s.journal.vector())
    answer = {
        "ok": s.desk.log.epoch > 0,
        "version": s.version,
        "restaurant": s.identity.restaurant.id,
        "terminal": s.identity.terminal,
        "epoch": s.desk.log.epoch,
        "position": s.journal.position(),
        "safe": s.safety.report.safe if s.safety.report else {},
        "unsafe": standing.unsafe if standing.known else None,
        "peers": list(standing.peers),
        "cloud_behind": standing.cloud_behind if standing.cloud else None,
    }
    status = 200 if answer["ok"] else 503
    return Response(msgspec.json.encode(answer), status, mimetype="application/json")
