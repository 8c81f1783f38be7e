"""Whose browser asks: the terminal's own screen, which has no keyboard, or one on the network."""

from flask import request

LOOPBACK = {"127.0.0.1", "::1"}


def at_the_till() -> bool:
    """Tell whether the page is on the terminal's own screen."""
    return request.remote_addr in LOOPBACK
