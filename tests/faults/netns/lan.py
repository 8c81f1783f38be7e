"""The restaurant's network on one computer: a namespace for each terminal, and cables to pull.

The namespace in which this runs is the LAN's switch, the router to the cloud, and the room from
which guests reach each terminal's own screen (a second cable that no fault touches).
"""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

LAN, KIOSK, CLOUD = "10.77.0", "10.78", "10.79.0"
ROUTER, CLOUD_AT = f"{LAN}.254", f"{CLOUD}.2"
COMMAND_S = 10
ASK = """\
import socket, sys
try:
    socket.create_connection((sys.argv[1], 9), timeout=0.5)
except ConnectionRefusedError:
    print("refused")
except OSError:
    print("silent")
"""
FORWARDING = Path("/proc/sys/net/ipv4/ip_forward")  # of this namespace alone
RULES = """\
add table bridge cut
add chain bridge cut forward { type filter hook forward priority filter; }
add table ip cut
add chain ip cut forward { type filter hook forward priority 0; }
"""


def run(*command: str, text: str = "") -> str:
    """Carry out a command; its words are in the error when it fails."""
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, timeout=COMMAND_S, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


class Space:
    """A network namespace, held by a process that does nothing else."""

    def __init__(self) -> None:
        waiting = ["unshare", "--net", "sh", "-c", "echo here; exec sleep infinity"]
        self._holder = subprocess.Popen(waiting, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        if self._holder.stdout is None or self._holder.stdout.readline() != b"here\n":
            raise RuntimeError("unshare --net made no namespace")
        self.pid = str(self._holder.pid)
        self.run("ip", "link", "set", "lo", "up")

    @property
    def inside(self) -> list[str]:
        """Return what to put before a command so that it runs in here."""
        return ["nsenter", "--target", self.pid, "--net", "--"]

    def run(self, *command: str) -> str:
        return run(*self.inside, *command)

    def close(self) -> None:
        self._holder.kill()
        self._holder.wait()
        if self._holder.stdout is not None:
            self._holder.stdout.close()


class Lan:
    """A switch, a router, and a cable to each terminal; terminals are numbered from 1."""

    def __init__(self, count: int) -> None:
        self.terminals = {number: Space() for number in range(1, count + 1)}
        self.cloud = Space()
        run("nft", "-f", "-", text=RULES)
        run("ip", "link", "set", "lo", "up")
        run("ip", "link", "add", "lan", "type", "bridge")
        run("ip", "address", "add", f"{ROUTER}/24", "dev", "lan")
        run("ip", "link", "set", "lan", "up")
        for number, space in self.terminals.items():
            self._wire(number, space)
        self._cable("wan", self.cloud, f"{CLOUD}.1/24", f"{CLOUD_AT}/24")
        self.cloud.run("ip", "route", "add", "default", "via", f"{CLOUD}.1")
        FORWARDING.write_text("1", encoding="ascii")
        self._require_cuts()

    def _require_cuts(self) -> None:
        """Try a cut: on kernels that pass bridged packets elsewhere it may cut nothing."""
        if len(self.terminals) > 1:
            self.part([1])
            cut = not self._passes(1, 2)
            self.heal()
            if not (cut and self._passes(1, 2)):
                raise RuntimeError("nft does not cut what passes between the terminals")

    def _passes(self, one: int, other: int) -> bool:
        asked = self.terminals[one].run(sys.executable, "-c", ASK, at(other))
        return asked == "refused\n"

    def _wire(self, number: int, space: Space) -> None:
        self._cable(f"v{number}", space, "", f"{at(number)}/24")
        run("ip", "link", "set", f"v{number}", "master", "lan")
        space.run("ip", "route", "add", "default", "via", ROUTER)
        self._cable(f"k{number}", space, f"{KIOSK}.{number}.2/24", f"{screen(number)}/24")

    def _cable(self, name: str, space: Space, here: str, there: str) -> None:
        end = f"{name}e"
        run("ip", "link", "add", name, "type", "veth", "peer", "name", end, "netns", space.pid)
        if here:
            run("ip", "address", "add", here, "dev", name)
        run("ip", "link", "set", name, "up")
        space.run("ip", "address", "add", there, "dev", end)
        space.run("ip", "link", "set", end, "up")

    def pull(self, number: int) -> None:
        """Pull a terminal's cable out of the switch."""
        run("ip", "link", "set", f"v{number}", "down")

    def plug(self, number: int) -> None:
        run("ip", "link", "set", f"v{number}", "up")

    def shut(self, ways: Iterable[tuple[int, int]]) -> None:
        """Let nothing pass in these directions, from one terminal to another."""
        rules = [f'add rule bridge cut forward iifname "v{a}" oifname "v{b}" drop' for a, b in ways]
        run("nft", "-f", "-", text="\n".join(rules) + "\n")

    def part(self, here: Iterable[int]) -> None:
        """Part the terminals in two groups that do not hear each other."""
        one = set(here)
        other = self.terminals.keys() - one
        self.shut([way for a in one for b in other for way in ((a, b), (b, a))])

    def lose(self, percent: int) -> None:
        """Lose a share of all packets between terminals."""
        rule = f"add rule bridge cut forward numgen random mod 100 < {percent} drop\n"
        run("nft", "-f", "-", text=rule)

    def heal(self) -> None:
        run("nft", "flush", "chain", "bridge", "cut", "forward")
        for number in self.terminals:
            self.plug(number)

    def internet(self, *, on: bool) -> None:
        """Cut the way to the cloud, or restore it; nobody is told."""
        run("nft", "flush", "chain", "ip", "cut", "forward")
        if not on:
            for side in ("iifname", "oifname"):  # only these: what is bridged passes here as well
                run("nft", "add", "rule", "ip", "cut", "forward", side, "wan", "drop")

    def router(self, *, on: bool) -> None:
        """Take the router away: its address is gone, and the way out with it."""
        run("ip", "address", "add" if on else "del", f"{ROUTER}/24", "dev", "lan")

    def close(self) -> None:
        for number in self.terminals:
            run("ip", "link", "del", f"v{number}")
            run("ip", "link", "del", f"k{number}")
        run("ip", "link", "del", "wan")
        run("ip", "link", "del", "lan")
        run("nft", "flush", "ruleset")
        for space in (*self.terminals.values(), self.cloud):
            space.close()


def at(number: int) -> str:
    """Return a terminal's address on the LAN."""
    return f"{LAN}.{number}"


def screen(number: int) -> str:
    """Return the address at which a terminal's own screen is reached."""
    return f"{KIOSK}.{number}.1"
