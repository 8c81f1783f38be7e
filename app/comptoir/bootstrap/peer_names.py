"""The name by which a peer is found on the network, as its own first boot made it."""

from comptoir.bus import Address
from comptoir.replica.whereabouts import Named
from comptoir.settings import Settings

LABEL_MAX = 63  # letters of a host's name (RFC 1035)


def named(settings: Settings) -> Named | None:
    """Return what tells a peer's address by its name, None when names are not asked for."""
    if not settings.peer_name:
        return None
    return lambda peer: Address(host_name(settings.peer_name, peer), settings.lan_port)


def host_name(pattern: str, terminal: str) -> str:
    """Return a terminal's name within a pattern, of letters, digits and hyphens."""
    letters = (one if one.isascii() and one.isalnum() else "-" for one in terminal.lower())
    name, dot, domain = pattern.replace("{id}", "".join(letters)).partition(".")
    return f"{name[:LABEL_MAX].rstrip('-')}{dot}{domain}"
