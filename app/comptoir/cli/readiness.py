"""Tells the service manager that others may start (sd_notify(3)); without one it tells nobody."""

import os
import socket


def tell_ready() -> None:
    """Say that this program's part of the start is done: systemd starts what comes after it."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):  # an abstract socket, as Linux names it
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.sendto(b"READY=1", address)
