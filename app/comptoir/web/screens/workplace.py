"""What workplaces share: a blueprint that is signed in and unforged, the check they are about."""

from flask import Blueprint

from comptoir.commands import queries
from comptoir.domain.check import Check
from comptoir.web.access import recall, refuse_forgery, require_staff
from comptoir.web.services import services


def workplace(name: str, module: str) -> Blueprint:
    """Return a blueprint whose every view has a person behind it."""
    blueprint = Blueprint(name, module)
    blueprint.before_request(recall)
    blueprint.before_request(require_staff)
    blueprint.before_request(refuse_forgery)
    return blueprint


def check_of(name: str) -> Check:
    """Return the check that an address names; raises CheckNotFound."""
    return queries.check(services().journal, name)
