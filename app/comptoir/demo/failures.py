"""Why a demo cannot go on; each message says what to do."""


class DemoRefused(Exception):
    """The base of all: one line for the person who started it."""
