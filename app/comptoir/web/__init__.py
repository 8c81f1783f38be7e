"""The till's web side: screens for people, an API for programs, live news for both."""

from comptoir.web.application import create_app
from comptoir.web.changes import Changes
from comptoir.web.safety import SafetyBoard
from comptoir.web.server import Server
from comptoir.web.services import Services

__all__ = ["Changes", "SafetyBoard", "Server", "Services", "create_app"]
