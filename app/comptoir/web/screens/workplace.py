"""Makes the blueprint of a workplace: signed in, and nothing forged."""

from flask import Blueprint

from comptoir.web.access import recall, refuse_forgery, require_staff


def workplace(name: str, module: str) -> Blueprint:
    """Return a blueprint whose every view has a person behind it."""
    blueprint = Blueprint(name, module)
    blueprint.before_request(recall)
    blueprint.before_request(require_staff)
    blueprint.before_request(refuse_forgery)
    return blueprint
