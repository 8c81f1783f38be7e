"""Why a demo cannot go on; each message says what to do."""

from comptoir.domain.errors import Refusal


class DemoRefused(Refusal):
    """The base of all: one line for the person who started it."""
