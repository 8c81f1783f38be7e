"""Builds the devices program: what prints."""

from comptoir.bootstrap.terminal import SystemClock
from comptoir.bus import Address, Endpoint
from comptoir.devices import Devices, Look
from comptoir.identity import Identity
from comptoir.journal import Journal
from comptoir.settings import Settings


def open_devices(journal: Journal, identity: Identity, settings: Settings) -> Devices:
    """Return the devices program of this terminal."""
    broker = Endpoint(
        "own broker", Address(settings.broker_host, settings.broker_port), "comptoir-devices"
    )
    look = Look(settings.print_font, settings.receipt_url)
    return Devices(journal, identity.terminal, SystemClock(), broker, look)
