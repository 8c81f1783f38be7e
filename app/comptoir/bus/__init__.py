"""MQTT between terminals, inside one, and to the cloud: transport, topics, wire messages.

A broker only carries messages for the living. Nothing is ever safe because a broker said so.
"""

from comptoir.bus.links import Address, AddressRefused, Arrival, Inbox, Link, LinkUp, ReplyTo
from comptoir.bus.tls import CertificateRefused, CloudTls, PeerTls, check_made_out_to, common_name
from comptoir.bus.transport import Endpoint, Transport

__all__ = [
    "Address",
    "AddressRefused",
    "Arrival",
    "CertificateRefused",
    "CloudTls",
    "Endpoint",
    "Inbox",
    "Link",
    "LinkUp",
    "PeerTls",
    "ReplyTo",
    "Transport",
    "check_made_out_to",
    "common_name",
]
