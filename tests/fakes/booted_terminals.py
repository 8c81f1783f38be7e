"""Booted terminals with the image's roles and read-only root, in a network of their own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from comptoir.enrolment import Enrolment, create, read_enrolment
from comptoir.identity import House, Place
from tests.fakes.restaurant import until

TOP = Path(__file__).parents[2]
SCRIPTS = TOP / "tests/molecule/default"
NETWORK = "10.78.0"
HOUSE = House("", "Chez Test", "EUR", "Europe/Paris")
# The packages of all roles, as of a run of their own suite: one tree in the cache is both's.
ROLES = " ".join(sorted(file.parent.name for file in (TOP / "roles").glob("*/molecule")))
CONFIRMED = "/run/systemd/timesync/synchronized"  # as if a time server had answered
PATIENCE_S = 400.0
SSH_CONFIG = """\
IdentityFile {folder}/key
IdentitiesOnly yes
UserKnownHostsFile {folder}/known_hosts
LogLevel ERROR
"""
FIXED = """\
[Match]
Name=eth0

[Link]
RequiredForOnline=no

[Network]
Address={address}/24
LinkLocalAddressing=ipv6
"""


class Terminals:
    """``make`` makes a tree, ``flash`` a board of it; ``play`` is the technician's computer.

    What a technician runs belongs into the network namespace ``net``.
    """

    def __init__(self, folder: Path, net: str) -> None:
        self.folder, self.net = folder, net
        self.ids: dict[str, str] = {}
        self._on: set[str] = set()
        (folder / "bin").mkdir()
        ssh = folder / "bin/ssh"
        ssh.write_text(f'#!/bin/sh\nexec /usr/bin/ssh -F {folder}/ssh_config "$@"\n', "ascii")
        ssh.chmod(0o755)
        (folder / "ssh_config").write_text(SSH_CONFIG.format(folder=folder), "ascii")
        _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "key"))

    def address(self, name: str) -> str:
        return f"{NETWORK}.{list(self.ids).index(name) + 1}"

    def make(self) -> None:
        """Make the tree and the network."""
        _run("ip", "netns", "add", self.net)
        self._ip("link", "set", "lo", "up")
        self._ip("link", "add", "switch", "type", "bridge")
        self._ip("address", "add", f"{NETWORK}.254/24", "dev", "switch")
        self._ip("link", "set", "switch", "up")
        inventory = TOP / "tests/molecule/inventory/hosts.yml"
        playbook = TOP / "tests/molecule/field/prepare.yml"
        command = ("ansible-playbook", "--inventory", str(inventory), str(playbook))
        _run(*command, env=self._env() | self._molecule())

    def flash(self, name: str, enrolment: Path | None = None) -> str:
        """Give a board its tree and identity, and switch it on; returns its id."""
        machine = self.folder / name
        keys = machine / "keys/upper"
        keys.mkdir(parents=True)
        (machine / "tree").symlink_to(self.folder / "machine/tree")
        about = read_enrolment(enrolment) if enrolment else Enrolment(HOUSE, Place("", "A", name))
        self.ids[name] = create(keys / "identity", about, keys / "etc/comptoir/peers.json").terminal
        fixed = keys / "etc/systemd/network/40-fixed.network"
        fixed.parent.mkdir(parents=True)
        fixed.write_text(FIXED.format(address=self.address(name)), "ascii")
        self.switch_on(name)
        return self.ids[name]

    def switch_on(self, name: str) -> None:
        _run(str(SCRIPTS / "boot-machine"), str(self.folder / name))
        self._on.add(name)
        leader = (self.folder / name / "leader").read_text(encoding="ascii").strip()
        port = f"to-{name}"
        self._ip("link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", leader)
        self._ip("link", "set", port, "master", "switch", "up")
        self.run(name, "install", "-D", "/dev/null", CONFIRMED)
        until(lambda: self.sells(name), PATIENCE_S, f"{name} sells", 1.0)

    def cut(self, name: str) -> None:
        """Take a terminal's cable and power away."""
        self._ip("link", "delete", f"to-{name}")
        _run(str(SCRIPTS / "boot-machine"), str(self.folder / name), "--off")
        self._on.remove(name)

    def let_in(self, name: str) -> None:
        """Let the technician in at a terminal, as its manager does."""
        key = (self.folder / "key.pub").read_text(encoding="ascii")
        words = ("comptoir", "visit", "grant", "-", "--technician", "Anna", "--pin", "1234")
        self.run(name, *words, said=key)
        until(lambda: self.lets_in(name), PATIENCE_S, f"{name} lets in", 1.0)

    def lets_in(self, name: str) -> bool:
        host = f"root@{self.address(name)}"
        knock = ("ssh", "-o", "StrictHostKeyChecking=accept-new", "-o", "ConnectTimeout=10", host)
        return self._outside(*knock, "true").returncode == 0

    def sells(self, name: str) -> bool:
        return self.attempt(name, "comptoir", "health").returncode == 0

    def taking_part(self, name: str) -> list[str]:
        """Return who takes part, as a terminal knows it."""
        rows = json.loads(self.run(name, "comptoir", "terminals", "list"))
        return [str(row["id"]) for row in rows if not row["retired"]]

    def attempt(self, name: str, *words: str, said: str = "") -> "subprocess.CompletedProcess[str]":
        """Run a command on a terminal, as its console would."""
        enter = [str(SCRIPTS / "enter-machine"), str(self.folder / name / "tree"), *words]
        return subprocess.run(enter, input=said, capture_output=True, text=True, check=False)

    def run(self, name: str, *words: str, said: str = "") -> str:
        done = self.attempt(name, *words, said=said)
        assert done.returncode == 0, f"{name}: {words}: {done.stderr or done.stdout}"
        return done.stdout

    def play(self, asked: str, playbook: str, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a playbook on the technician's computer, which asks one terminal."""
        inventory = TOP / "playbooks/inventory/restaurant"
        file = TOP / f"playbooks/{playbook}.yml"
        patience = ("-e", f"safe_wait_s={PATIENCE_S:.0f}")
        command = ("ansible-playbook", "-i", str(inventory), str(file), *patience, *words)
        return self._outside(*command, till=self.address(asked))

    def remove(self) -> None:
        for name in sorted(self._on):
            self.cut(name)
        for master in (self.folder / "cp").glob("*"):
            self._outside("ssh", "-o", f"ControlPath={master}", "-O", "exit", "nobody")
        _run("ip", "netns", "delete", self.net)
        for tree in ("machine", *self.ids):
            shutil.rmtree(self.folder / tree)

    def _outside(self, *command: str, till: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["ip", "netns", "exec", self.net, *command],
            cwd=self.folder, env=self._env() | {"TILL": till},
            capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def _ip(self, *words: str) -> None:
        _run("ip", "-netns", self.net, *words)

    def _molecule(self) -> dict[str, str]:
        return {
            "MACHINE_ROLES": ROLES,
            "MOLECULE_EPHEMERAL_DIRECTORY": str(self.folder),
            "MOLECULE_PROJECT_DIRECTORY": str(TOP),
            "ANSIBLE_ROLES_PATH": str(TOP / "roles"),
        }

    def _env(self) -> dict[str, str]:
        programs = (str(self.folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"])
        return os.environ | {
            "PATH": ":".join(programs),
            "PWD": str(self.folder),
            "ANSIBLE_LOCAL_TEMP": str(self.folder / "local"),
            "ANSIBLE_SSH_CONTROL_PATH_DIR": str(self.folder / "cp"),
            "ANSIBLE_NOCOLOR": "1",
            "LC_ALL": "C.UTF-8",
        }


def _run(*command: str, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, cwd=TOP, env=env, capture_output=True, text=True, check=False)
    told = done.stdout[-4000:] + done.stderr[-2000:]
    assert done.returncode == 0, f"{command}: {told}"
