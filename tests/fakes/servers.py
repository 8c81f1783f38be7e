"""Three booted servers of a cloud on a network of their own, which playbooks/cloud.yml sets up."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.fakes.cloud_brokers import ROLE

TOP = Path(__file__).parents[2]
SCRIPTS = TOP / "tests/molecule/default"
NAMES = ("one", "two", "three")
NETWORK = "10.77.0"
SWITCH = f"{NETWORK}.254"


class Servers:
    """``make`` boots them; ``cut`` takes one's power away, ``boot`` gives it back.

    All that is started between belongs into the namespace ``net``; there their names are known.
    """

    def __init__(self, folder: Path, net: str) -> None:
        self.folder, self.net = folder, net
        self.papers = folder / "papers"

    def address(self, name: str) -> str:
        return f"{NETWORK}.{NAMES.index(name) + 1}"

    def make(self) -> None:
        self._lay_switch()
        (self.folder / "hosts.json").write_text(json.dumps(self._inventory()), encoding="utf-8")
        for name in NAMES:
            self._play(
                "tests/molecule/cloud/prepare.yml",
                f"server_dir={self.folder / name}",
                '{"left_out": []}',
            )
            self._know_all(self.folder / name / "tree/etc")
            self._link(name)

    def set_up(self) -> str:
        """Run the playbook; returns its recap."""
        return self._play("playbooks/cloud.yml").partition("PLAY RECAP")[2]

    def run(self, name: str, *words: str) -> str:
        """Run a command on one of them; returns what it prints."""
        tree = self.folder / name / "tree"
        done = subprocess.run(
            [SCRIPTS / "enter-machine", tree, *words], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{name}: {words}: {done.stderr or done.stdout}"
        return done.stdout

    def cut(self, name: str) -> None:
        subprocess.run([SCRIPTS / "boot-machine", self.folder / name, "--off"], check=True)

    def boot(self, name: str) -> None:
        subprocess.run([SCRIPTS / "boot-machine", self.folder / name], check=True)
        self._link(name)

    def remove(self) -> None:
        for name in NAMES:
            self.cut(name)
        subprocess.run(["ip", "netns", "delete", self.net], check=True)
        for file in ("hosts", ""):
            at = Path("/etc/netns") / self.net / file
            at.unlink() if file else at.rmdir()

    def _lay_switch(self) -> None:
        subprocess.run(["ip", "netns", "add", self.net], check=True)
        self._ip("link", "set", "lo", "up")
        self._ip("link", "add", "switch", "type", "bridge")
        self._ip("address", "add", f"{SWITCH}/24", "dev", "switch")
        self._ip("link", "set", "switch", "up")
        known = Path("/etc/netns") / self.net
        known.mkdir(parents=True)
        self._know_all(known)

    def _know_all(self, folder: Path) -> None:
        lines = ["127.0.0.1 localhost"]
        lines += [f"{self.address(name)} {name}" for name in NAMES]
        (folder / "hosts").write_text("\n".join(lines) + "\n", encoding="ascii")

    def _link(self, name: str) -> None:
        """Lay a cable between the switch and a server that has just booted."""
        leader = (self.folder / name / "leader").read_text(encoding="ascii").strip()
        port = f"to-{name}"
        self._ip("link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", leader)
        self._ip("link", "set", port, "master", "switch", "up")
        inside = ["nsenter", "--target", leader, "--net", "ip"]
        subprocess.run(
            [*inside, "address", "add", f"{self.address(name)}/24", "dev", "eth0"], check=True
        )
        subprocess.run([*inside, "link", "set", "eth0", "up"], check=True)

    def _ip(self, *words: str) -> None:
        subprocess.run(["ip", "-netns", self.net, *words], check=True)

    def _play(self, playbook: str, *said: str) -> str:
        more = [word for one in said for word in ("--extra-vars", one)]
        program = Path(sys.executable).with_name("ansible-playbook")
        done = subprocess.run(
            [program, "--inventory", self.folder / "hosts.json", playbook, *more],
            cwd=TOP,
            env=os.environ
            | {
                "ANSIBLE_ROLES_PATH": str(ROLE.parent.resolve()),
                "ANSIBLE_PIPELINING": "1",
                "ANSIBLE_NOCOLOR": "1",
                "PATH": f"{program.parent}:{os.environ['PATH']}",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
        return done.stdout

    def _inventory(self) -> dict[str, Any]:
        servers = {
            name: {
                "ansible_connection": "community.general.chroot",
                "ansible_chroot_exe": str(SCRIPTS / "enter-machine"),
                "ansible_host": str(self.folder / name / "tree"),
                "ansible_python_interpreter": "/usr/bin/python3",
                "cloud_names": [self.address(name)],
            }
            for name in NAMES
        }
        office = {"one": {"cloud_app_office": True}, "two": {"cloud_app_office": False}}
        everywhere = {
            "ansible_python_interpreter": sys.executable,
            "cloud_broker_kind": "rabbitmq",
            "cloud_papers": str(self.papers),
            "machine_scripts": str(SCRIPTS),
            "roles_folder": str(ROLE.parent.resolve()),
        }
        groups = {
            "cloud_broker": {"hosts": {name: {} for name in NAMES}},
            "cloud_store": {"hosts": {name: {} for name in NAMES}},
            "cloud_app": {"hosts": office},
        }
        hosts = servers | {"tree": {"ansible_connection": "local"}}
        return {"all": {"hosts": hosts, "children": groups, "vars": everywhere}}
