#!/usr/bin/python3
"""Makes a terminal's identity at its first boot, from the enrolment on the boot partition if any.

The enrolment holds keys, so it leaves the boot partition as soon as the identity is made. Every
step may be repeated: power may go between any two of them.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Run = Callable[[Sequence[str]], object]


@dataclass(frozen=True)
class Places:
    """Where everything lies; another root for tests."""

    root: Path = Path("/")

    @property
    def boot(self) -> Path:
        """The boot partition."""
        return self.root / "boot/firmware"

    @property
    def enrolment(self) -> Path:
        """What an installer may have put there."""
        return self.boot / "comptoir-enrol.json"

    @property
    def identity(self) -> Path:
        """Written last by the app, so that it says the identity is whole."""
        return self.root / "keys/identity/terminal.json"

    @property
    def hostname(self) -> Path:
        """The terminal's name in its network."""
        return self.root / "keys/etc/hostname"

    @property
    def rules(self) -> Path:
        """What the firewall must let out because the enrolment names it."""
        return self.root / "keys/etc/nftables.d/40-enrolment.nft"


def write(path: Path, text: str) -> None:
    """Write a file so that after a power cut it is whole or absent."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def ports_of(enrolment: dict[str, Any]) -> list[int]:
    """Return the ports that an enrolment asks to reach, sorted: its cloud's and its peers'."""
    addresses = [str(address) for address in enrolment.get("peers", {}).values()]
    named = [address.rpartition(":")[2] for address in addresses]
    if cloud := enrolment.get("cloud"):
        named.append(str(cloud["port"]))
    return sorted({int(port) for port in named if port.isdecimal() and 0 < int(port) < 65536})


def rules_for(ports: list[int]) -> str:
    """Return the firewall's rules for these ports."""
    head = "# Where this terminal's enrolment says its peers and its cloud are.\n"
    rule = "add rule inet comptoir terminal_outbound tcp dport {} accept comment enrolment\n"
    return head + "".join(rule.format(port) for port in ports)


def name_of(identity: Path) -> str:
    """Return a host name of letters, digits and hyphens from the terminal's id."""
    terminal = str(json.loads(identity.read_text(encoding="utf-8"))["terminal"]["id"]).lower()
    safe = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in terminal)
    return f"comptoir-{safe}"[:63].rstrip("-")


def take_away(enrolment: Path, run: Run) -> None:
    """Remove the enrolment from the boot partition, which is read-only at all other times."""
    run(["mount", "--options-source=mtab", "-o", "remount,rw", str(enrolment.parent)])
    try:
        enrolment.unlink()
        run(["sync", "--file-system", str(enrolment.parent)])
    finally:
        run(["mount", "--options-source=mtab", "-o", "remount,ro", str(enrolment.parent)])


def first_boot(places: Places, run: Run) -> None:
    """Make what is still missing, then take the enrolment away."""
    given = places.enrolment.exists()
    if not places.identity.exists():
        if given:
            content = json.loads(places.enrolment.read_text(encoding="utf-8"))
            write(places.rules, rules_for(ports_of(content)))
        run(
            ["comptoir", "identity", "init", *(["--enrol", str(places.enrolment)] if given else [])]
        )
    if not places.hostname.exists():
        write(places.hostname, name_of(places.identity) + "\n")
    if given:
        take_away(places.enrolment, run)


def checked(command: Sequence[str]) -> None:
    """Run a command; CalledProcessError if it fails."""
    subprocess.run(command, check=True, timeout=240)


if __name__ == "__main__":
    try:
        first_boot(Places(), checked)
    except (OSError, ValueError, KeyError, subprocess.SubprocessError) as error:
        sys.exit(f"firstboot: {error}; mend comptoir-enrol.json on the boot partition, restart")
