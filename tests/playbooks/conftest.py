"""A till with a technician's way in: playbooks and inventory run as they do, over a fake of ssh."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.app.conftest import make_box
from tests.fakes.till import HostTill

__all__ = ["make_box"]

PROJECT = Path(__file__).parents[2]
PLAYBOOKS = PROJECT / "playbooks"
INVENTORY = PLAYBOOKS / "inventory/restaurant"
AT_ONCE = ("-e", "safe_wait_s=0")  # for who is refused anyhow
# What OpenSSH's client would run on the terminal runs here; `refusal` is what it says instead.
SSH = """#!/bin/sh
[ ! -e {folder}/refusal ] || { cat {folder}/refusal >&2; exit 255; }
while [ $# -gt 0 ]; do
    case $1 in -o | -p | -i | -l) shift 2 ;; -*) shift ;; *) break ;; esac
done
[ $# -gt 0 ] || exit 0
echo "$1" >>{folder}/reached
export SITE_HOST="${1#*@}"
shift
exec sh -c "$*"
"""
# Another host than `till-a.test` has settings of its own.
COMPTOIR = """#!/bin/sh
at={folder}/$SITE_HOST.toml
[ -e "$at" ] || at={folder}/comptoir.toml
exec {python} -m comptoir --settings "$at" "$@"
"""
# The till runs in the test's own process, which does what is asked of systemd here.
SYSTEMCTL = """#!/bin/sh
echo "$*" >{folder}/asked.part
mv {folder}/asked.part {folder}/asked
while [ -e {folder}/asked ]; do sleep 0.1; done
"""


@dataclass
class Site:
    """A terminal `till-a.test` that is reached by ssh, and a technician's computer."""

    folder: Path
    till: HostTill
    asked_of_systemd: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        peers_file = str(self.folder / "peers.json")
        self.till.write_settings(self.folder / "comptoir.toml", peers_file=peers_file)
        (self.folder / "bin").mkdir()
        for name, text in (("ssh", SSH), ("comptoir", COMPTOIR), ("systemctl", SYSTEMCTL)):
            script = self.folder / "bin" / name
            filled = text.replace("{folder}", str(self.folder))
            script.write_text(filled.replace("{python}", sys.executable), encoding="utf-8")
            script.chmod(0o755)

    def serve_systemd(self, over: threading.Event) -> None:
        """Stop and start the till as `systemctl` is asked to."""
        asked, port = self.folder / "asked", 0
        while not over.is_set():
            if asked.exists():
                words = asked.read_text().split()
                self.asked_of_systemd.append(words[0])
                if words[0] == "stop":
                    port = self.till.cut()
                else:
                    self.till.serve(port)
                asked.unlink()
            time.sleep(0.05)

    def run(self, *words: str, terminal: str = "till-a.test") -> "subprocess.CompletedProcess[str]":
        """Run a command on the technician's computer."""
        folders = (str(self.folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"])
        env = os.environ | {
            "PATH": ":".join(folders),
            "PWD": str(self.folder),
            "TILL": terminal,
            "ANSIBLE_SSH_CONTROL_PATH_DIR": str(self.folder / "cp"),
            "ANSIBLE_LOCAL_TEMP": str(self.folder / "local"),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_RETRY_FILES_ENABLED": "0",
            "LC_ALL": "C.UTF-8",
        }
        return subprocess.run(
            words, cwd=self.folder, env=env, capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def play(self, name: str, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a playbook on the restaurant that the inventory finds."""
        spots = f"backup_at={self.folder / 'spot'} restore_at={self.folder / 'spot'}"
        spots += f" book_file={self.folder / 'peers.json'}"
        playbook = (str(PLAYBOOKS / f"{name}.yml"), "-e", spots)
        return self.run("ansible-playbook", "-i", str(INVENTORY), *playbook, *words)

    def hold_safe(self, *peers: str) -> None:
        """Play the replica: these peers live, and have everything."""
        vector = self.till.journal.vector().items()
        self.till.tell({f"{log[0]}/{log[1]}": head.seq for log, head in vector}, peers=peers)

    def refuse(self, said: str) -> None:
        """Let ssh say this, and nothing else."""
        (self.folder / "refusal").write_text(said)


def changes(told: str, terminal: str = "t1") -> int:
    """Return how much a play changed on a terminal; it must not have failed there."""
    found = re.search(rf"^{terminal} .* changed=(\d+) .* failed=0 ", told, re.MULTILINE)
    assert found, told
    return int(found[1])


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    till = HostTill(tmp_path / "till", sample="shop", safe_wait_ms=0)
    made, over = Site(tmp_path, till), threading.Event()
    systemd = threading.Thread(target=made.serve_systemd, args=(over,))
    systemd.start()
    yield made
    over.set()
    systemd.join()
    till.stop()
