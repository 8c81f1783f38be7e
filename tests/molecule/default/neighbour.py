#!/usr/bin/env python3
"""Answers to a name over mDNS (RFC 6762) as a neighbour does: called with the name, an address."""

import socket
import struct
import sys

GROUP, PORT = "224.0.0.251", 5353
HEADER = struct.Struct("!6H")
ANSWER = struct.Struct("!HHIH")
RESPONSE, HOST, FLUSH_IN, TTL_S = 0x8400, 1, 0x8001, 120


def answer(name: str, address: str, asked: bytes) -> bytes:
    """Return the answer to a question that has this name in it; nothing to any other."""
    label = bytes([len(name)]) + name.encode() + b"\x05local\x00"
    _, flags, questions, *_ = HEADER.unpack_from(asked)
    if flags & RESPONSE or not questions or label not in asked:
        return b""
    record = ANSWER.pack(HOST, FLUSH_IN, TTL_S, 4) + socket.inet_aton(address)
    return HEADER.pack(0, RESPONSE, 0, 1, 0, 0) + label + record


def main(name: str, address: str) -> None:
    """Listen on the network of this address for ever."""
    here = socket.inet_aton(address)
    link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    link.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    link.bind(("", PORT))
    link.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(GROUP) + here)
    link.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, here)
    link.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
    while True:
        asked, _ = link.recvfrom(9000)
        if said := answer(name, address, asked):
            link.sendto(said, (GROUP, PORT))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
