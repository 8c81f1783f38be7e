"""Datagrams to whoever hears them on this network, with or without a router."""

import logging
import socket
import struct
from collections.abc import Iterator

EVERYBODY = "255.255.255.255"
BYTES_MAX = 1400  # of an Ethernet frame, so that none is taken apart
HEARD_MAX = 32  # at a time; more is noise
IP_PKTINFO = 8  # <linux/in.h>; by it a datagram leaves by one interface, whatever the routes say
LOOPBACK = "lo"

log = logging.getLogger(__name__)


def address_toward(host: str) -> str:
    """Return the own address from which packets to ``host`` leave; empty without a way there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect((host, 9))  # no packet leaves
        except OSError:
            return ""
        return str(way.getsockname()[0])


class Ether:
    """Calls out on every interface and hears what others call; port 0 does neither."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def call(self, message: bytes) -> None:
        """Send a message to all; an interface without a cable or an address is passed over."""
        if not (self._port and self._open()):
            return
        for index, name in socket.if_nameindex():
            if name != LOOPBACK:
                self._send(message, index)

    def heard(self) -> Iterator[tuple[bytes, str]]:
        """Return what came since the last time, each with the address of who sent it."""
        if not (self._port and (ether := self._open())):
            return
        for _ in range(HEARD_MAX):
            try:
                message, at = ether.recvfrom(BYTES_MAX)
            except BlockingIOError:
                return
            except OSError as error:
                log.warning("port %d: %s", self._port, error)
                return
            yield message, str(at[0])

    def close(self) -> None:
        """Hear nothing more."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _open(self) -> socket.socket | None:
        if self._socket is None:
            made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            made.setblocking(False)
            for option in (socket.SO_REUSEADDR, socket.SO_BROADCAST):
                made.setsockopt(socket.SOL_SOCKET, option, 1)
            try:
                made.bind(("", self._port))
            except OSError as error:
                log.warning("port %d cannot be heard: %s", self._port, error)
                made.close()
                return None
            self._socket = made
        return self._socket

    def _send(self, message: bytes, index: int) -> None:
        way = (socket.IPPROTO_IP, IP_PKTINFO, struct.pack("=I4s4s", index, b"", b""))
        try:
            if self._socket:
                self._socket.sendmsg([message], [way], 0, (EVERYBODY, self._port))
        except OSError as error:
            log.debug("interface %d: %s", index, error)
