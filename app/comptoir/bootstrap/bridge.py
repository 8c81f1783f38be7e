"""Builds the broker's way to the cloud; runs before the broker at every boot, so it stays light."""

from comptoir import identity as identities
from comptoir.cloud_link import CloudLink, bridge_block
from comptoir.settings import Settings


def bridge_config(settings: Settings) -> str:
    """Return the broker's connection to the cloud; empty when this terminal has no cloud."""
    identity = identities.read(settings.identity_dir)
    link = CloudLink.read(identity.directory, settings.renewed_file)
    return bridge_block(identity.restaurant.id, identity.terminal, link) if link else ""
