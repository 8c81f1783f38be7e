"""Who comes in to the manager's screens and the back office: managers; others read one line."""

from flask import Blueprint

from comptoir.web.access import person
from comptoir.web.figures import managers_only
from comptoir.web.screens.workplace import workplace


def managers(name: str, module: str) -> Blueprint:
    """Return a blueprint whose every view has a manager behind it."""
    blueprint = workplace(name, module)
    blueprint.before_request(_refuse_others)
    return blueprint


def _refuse_others() -> None:
    managers_only(person().role)
