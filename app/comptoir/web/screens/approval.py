"""The approval dialog: a manager's PIN or badge lets a refused command pass, on the same screen."""

from flask import Response, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from comptoir.domain.errors import NotAllowed
from comptoir.web import approvals
from comptoir.web.access import COMMAND_ID, FieldRefused
from comptoir.web.screens.sign_in import deny, whose
from comptoir.web.screens.workplace import workplace

blueprint = workplace("approval", __name__)


@blueprint.get("/approval")
def ask() -> AnyResponse:
    """Ask for a manager."""
    return make_response(render_template("money/approval.html"))


@blueprint.post("/approval")
def approve() -> AnyResponse:
    """Give the approval of one command to who typed a manager's PIN or showed their badge."""
    command = request.form.get("command", "")
    if not COMMAND_ID.fullmatch(command):
        raise FieldRefused("command")
    badge = request.form.get("badge", "")[:64]
    manager = whose(request.form.get("pin", "")[:8], badge=badge, what="approve")
    try:
        token = approvals.token(approvals.issue(manager, command))
    except NotAllowed as refusal:
        deny("approve", manager.id, refusal.code)
        raise
    return Response(status=204, headers={approvals.HEADER: token})
