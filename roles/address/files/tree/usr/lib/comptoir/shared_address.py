#!/usr/bin/python3
"""Answers at the one address that tablets know, while no other terminal of the restaurant does.

VRRP version 3 (RFC 5798) to the peers one by one, never preempting: who answers goes on until its
till, its programs or its cable fail. Another then takes the address within about a second. Two that
cannot hear each other both answer, which is harmless: every terminal is as good as the other.
"""

import ipaddress
import json
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any, Protocol

SETTINGS = Path("/keys/etc/comptoir/address.json")
PEERS = Path("/keys/etc/comptoir/peers.json")
HEALTH = "http://127.0.0.1:8080/healthz"

VRRP, VERSION_3_ADVERT, TTL, TTL_AT = 112, 0x31, 255, 8
INTERVAL_CS, INTERVAL_S = 30, 0.3
PRIORITY_MAX, PRIORITY_STEP, PRIORITY_MIN = 200, 10, 10
RESIGN = 0
HEADER, CHECKSUM_AT = struct.Struct("!BBBBHH"), 6
ADDRESS_BYTES = 4

HEALTH_EVERY_S, HEALTH_WITHIN_S, WELL_AFTER = 0.25, 0.7, 2
LOOK_EVERY_S = 5.0
TELL_AFTER_S = (0.0, 0.3, 1.1, 5.0)  # a neighbour believes no change within a second of the last
COMMAND_S = 5

V4 = ipaddress.IPv4Address


@dataclass(frozen=True)
class Advert:
    """Who answers at the address, and how it ranks; 0 says that it just stopped."""

    router: int
    priority: int
    address: V4


def packet(advert: Advert, source: V4, target: V4) -> bytes:
    """Return an advert's bytes, with its checksum."""
    count = 1
    head = HEADER.pack(VERSION_3_ADVERT, advert.router, advert.priority, count, INTERVAL_CS, 0)
    body = bytearray(head + advert.address.packed)
    struct.pack_into("!H", body, CHECKSUM_AT, checksum(bytes(body), source, target))
    return bytes(body)


def read(data: bytes, source: V4, target: V4) -> Advert | None:
    """Return the advert in an IP packet's payload; None for anything that is none."""
    if len(data) < HEADER.size + ADDRESS_BYTES or checksum(data, source, target):
        return None
    version, router, priority, count, _, _ = HEADER.unpack_from(data)
    if (version, count) != (VERSION_3_ADVERT, 1):
        return None
    return Advert(router, priority, V4(data[HEADER.size : HEADER.size + ADDRESS_BYTES]))


def checksum(data: bytes, source: V4, target: V4) -> int:
    """Return the Internet checksum with VRRP's pseudo-header; 0 over what carries a right one."""
    pseudo = source.packed + target.packed + struct.pack("!HH", VRRP, len(data))
    padded = pseudo + data + b"\0" * (len(data) % 2)
    total: int = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Hands(Protocol):
    """What is done with the address and the network."""

    def say(self, priority: int) -> None:
        """Tell all peers that this terminal answers, and how it ranks."""

    def take(self) -> None:
        """Answer at the address from now on."""

    def leave(self) -> None:
        """Answer at it no more."""

    def announce(self) -> None:
        """Tell the neighbourhood again where the address is."""


class Turn:
    """Whose turn it is, without preemption; times are monotonic seconds."""

    def __init__(self, me: V4, peers: Collection[V4], hands: Hands, now_s: float) -> None:
        self._me, self._hands = me, hands
        rank = sum(peer < me for peer in peers)
        self.priority = max(PRIORITY_MIN, PRIORITY_MAX - PRIORITY_STEP * rank)
        self._skew_s = (256 - self.priority) / 256 * INTERVAL_S
        self._down_s = 3 * INTERVAL_S + self._skew_s
        self.answers = self._well = False
        self._due_s = self._looked_s = now_s

    def look(self, now_s: float, *, well: bool) -> None:
        """Do what is due; to be called several times per interval."""
        if now_s - self._looked_s > self._down_s:
            self._step_down(now_s)  # it hung so long that another has taken over
        self._looked_s = now_s
        if not well:
            self._fall_ill(now_s)
        elif not self._well:
            self._well, self._due_s = True, now_s + self._down_s
        elif now_s >= self._due_s:
            if not self.answers:
                self.answers = True
                self._hands.take()
            self._hands.say(self.priority)
            self._due_s = now_s + INTERVAL_S

    def heard(self, priority: int, source: V4, now_s: float) -> None:
        """Take an advert of a peer for this address."""
        if self.answers and priority and (priority, source) > (self.priority, self._me):
            self._step_down(now_s)
            self._hands.say(RESIGN)  # the other hears it, and tells the neighbourhood where it is
        elif self.answers:
            self._hands.say(self.priority)
            self._hands.announce()
        else:
            self._due_s = now_s + (self._down_s if priority else self._skew_s)

    def end(self, now_s: float) -> None:
        """Stop, and let another take over at once."""
        self._fall_ill(now_s)

    def _fall_ill(self, now_s: float) -> None:
        self._well = False
        if self.answers:
            self._step_down(now_s)
            self._hands.say(RESIGN)

    def _step_down(self, now_s: float) -> None:
        self._due_s = now_s + self._down_s
        if self.answers:
            self.answers = False
            self._hands.leave()


class Health:
    """Asks the till of this terminal whether it answers; well again only after two answers."""

    def __init__(self, url: str) -> None:
        self._url, self._answers, self._answered_s = url, 0, 0.0

    @property
    def well(self) -> bool:
        """Tell whether the till answered lately."""
        late = time.monotonic() - self._answered_s > HEALTH_EVERY_S + 2 * HEALTH_WITHIN_S
        return self._answers >= WELL_AFTER and not late

    def watch(self) -> None:
        """Ask again and again; never returns."""
        while True:
            try:
                with urllib.request.urlopen(self._url, timeout=HEALTH_WITHIN_S):  # noqa: S310 - this machine's own till
                    self._answers, self._answered_s = self._answers + 1, time.monotonic()
            except (OSError, HTTPException):
                self._answers = 0
            time.sleep(HEALTH_EVERY_S)


@dataclass(frozen=True)
class Place:
    """Where this terminal stands: its port in the address's network, its own address, its peers."""

    port: str
    me: V4
    peers: frozenset[V4]


def place(address: ipaddress.IPv4Interface, peers: Path) -> Place | None:
    """Return where this terminal stands now; None while it has no address in that network."""
    shown = json.loads(command("ip", "-json", "-4", "address", "show"))
    for port in shown:
        for one in port["addr_info"]:
            me = V4(one["local"])
            if me in address.network and me != address.ip and one["prefixlen"] < 32:
                return Place(port["ifname"], me, frozenset(_addresses(peers) - {me}))
    return None


def _addresses(peers: Path) -> set[V4]:
    """Return the IPv4 addresses of the peers that are listed; a name may lead to one."""
    found = set()
    listed: dict[str, str] = json.loads(peers.read_text("utf-8")) if peers.exists() else {}
    for broker in listed.values():
        host = broker.rpartition(":")[0]
        try:
            answers = socket.getaddrinfo(host, None, socket.AF_INET, socket.SOCK_RAW)
        except socket.gaierror:
            continue  # no such name now, or an IPv6 address
        found |= {V4(answer[4][0]) for answer in answers}
    return found


def command(*words: str) -> str:
    """Carry out a command; returns what it says."""
    done = subprocess.run(words, capture_output=True, text=True, timeout=COMMAND_S, check=True)
    return done.stdout


def tell(words: str) -> None:
    """Write a line to the log."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


class Wire:
    """The hands of a real terminal: a raw socket, the kernel's addresses, ARP."""

    def __init__(self, address: V4, here: Place) -> None:
        self._address, self._here = address, here
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_RAW, VRRP)
        self.socket.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, TTL)
        self.socket.setblocking(False)
        self._router = int(address) & 0xFF or 1
        self._tell_at_s: list[float] = []

    def say(self, priority: int) -> None:
        for peer in sorted(self._here.peers):
            advert = Advert(self._router, priority, self._address)
            try:
                self.socket.sendto(packet(advert, self._here.me, peer), (str(peer), 0))
            except OSError as error:  # no cable, or no way: the others hear nothing, which says it
                tell(f"to {peer}: {error}")

    def take(self) -> None:
        command("ip", "address", "replace", f"{self._address}/32", "dev", self._here.port)
        tell(f"this terminal answers at {self._address}")
        self.announce()

    def leave(self) -> None:
        self._tell_at_s.clear()
        release(self._address, self._here.port)
        tell(f"this terminal answers at {self._address} no more")

    def announce(self) -> None:
        self._tell_at_s = [time.monotonic() + after_s for after_s in TELL_AFTER_S]
        self.tell_due()

    def tell_due(self) -> None:
        """Tell the neighbours by ARP where the address is, if it is time to."""
        now_s = time.monotonic()
        due = [at_s for at_s in self._tell_at_s if at_s <= now_s]
        if due:
            self._tell_at_s = [at_s for at_s in self._tell_at_s if at_s > now_s]
            with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as cable:
                cable.bind((self._here.port, 0))
                cable.send(gratuitous_arp(cable.getsockname()[4], self._address))

    def heard(self) -> tuple[Advert, V4] | None:
        """Return an advert of a peer for this address, if one came."""
        try:
            data, (source, _) = self.socket.recvfrom(2048)
        except BlockingIOError:
            return None
        size = (data[0] & 0x0F) * 4
        sender, target = V4(source), V4(data[16:20])
        advert = read(data[size:], sender, target)
        known = sender in self._here.peers and data[TTL_AT] == TTL
        ours = advert and (advert.router, advert.address) == (self._router, self._address)
        return (advert, sender) if advert and known and ours else None


def gratuitous_arp(mac: bytes, address: V4) -> bytes:
    """Return an Ethernet frame that tells everybody where an address is."""
    everybody, kind = b"\xff" * 6, b"\x08\x06"
    request = struct.pack("!HHBBH", 1, 0x0800, 6, 4, 1)
    return everybody + mac + kind + request + mac + address.packed + bytes(6) + address.packed


def release(address: V4, port: str) -> None:
    """Take the address off a port, if it is there."""
    words = ["ip", "address", "del", f"{address}/32", "dev", port]
    subprocess.run(words, capture_output=True, timeout=COMMAND_S, check=False)


def serve(address: ipaddress.IPv4Interface, peers: Path, url: str) -> None:
    """Take part until a signal ends it, anew whenever the place or the peers change."""
    health = Health(url)
    threading.Thread(target=health.watch, daemon=True).start()
    while True:
        here = place(address, peers)
        if here is None:
            time.sleep(LOOK_EVERY_S)
            continue
        release(address.ip, here.port)  # what was left when it was killed
        _take_part(address, peers, here, health)


def _take_part(address: ipaddress.IPv4Interface, peers: Path, here: Place, health: Health) -> None:
    wire = Wire(address.ip, here)
    turn = Turn(here.me, here.peers, wire, time.monotonic())
    seen = Sight(lambda: place(address, peers), here)
    try:
        while not seen.changed:
            select.select([wire.socket], [], [], INTERVAL_S / 6)
            while said := wire.heard():
                turn.heard(said[0].priority, said[1], time.monotonic())
            turn.look(time.monotonic(), well=health.well)
            wire.tell_due()
    finally:
        turn.end(time.monotonic())
        wire.socket.close()
        seen.stop()


class Sight:
    """Looks now and then whether the place changed, beside the adverts: a name may be slow."""

    def __init__(self, look: Callable[[], Place | None], here: Place) -> None:
        self._look, self._here = look, here
        self._ended = threading.Event()
        self.changed = False
        threading.Thread(target=self._watch, daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._ended.set()

    def _watch(self) -> None:
        while not self.changed and not self._ended.wait(LOOK_EVERY_S):
            try:
                self.changed = self._look() != self._here
            except (OSError, ValueError, subprocess.SubprocessError) as error:
                tell(f"where this terminal stands: {error}")


def _end(_number: int, _frame: Any) -> None:
    raise SystemExit(0)


def main(arguments: Sequence[str]) -> int:
    """Serve the address of a settings file; other files and another till are for tests."""
    settings, peers, url = [*arguments, *(str(SETTINGS), str(PEERS), HEALTH)[len(arguments) :]]
    signal.signal(signal.SIGTERM, _end)
    said = json.loads(Path(settings).read_text("utf-8"))
    serve(ipaddress.IPv4Interface(said["address"]), Path(peers), url)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
