"""The program of role address on a real network, beside keepalived: one standard, one address."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

pytestmark = pytest.mark.system
SCRIPT = Path("roles/address/files/tree/usr/lib/comptoir/shared_address.py").absolute()
SHARED, SOON_S = "10.77.1.250", 30.0
SPACES = ("here", "there")
TILL = """\
from http.server import BaseHTTPRequestHandler, HTTPServer
class Till(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_):
        pass
HTTPServer(("0.0.0.0", 8080), Till).serve_forever()
"""
KEEPALIVED = """\
global_defs {
  vrrp_version 3
}
vrrp_instance till {
  interface PORT
  state BACKUP
  nopreempt
  virtual_router_id 250
  priority 150
  advert_int 0.3
  unicast_src_ip 10.77.1.2
  unicast_peer {
    10.77.1.1
  }
  virtual_ipaddress {
    10.77.1.250/32
  }
}
"""


class Street:
    """Two terminals on one cable: ours in the first, in the second ours or keepalived."""

    def __init__(self, folder: Path, ends: ExitStack) -> None:
        self.folder, self._ends = folder, ends
        self._pids: list[str] = []
        for _ in SPACES:
            holder = self._start(["unshare", "--net", "sh", "-c", "echo; exec sleep infinity"])
            assert holder.stdout is not None
            holder.stdout.readline()
            self._pids.append(str(holder.pid))
        peer = ("type", "veth", "peer", "name", "eth", "netns", self._pids[1])
        self.run(0, "ip", "link", "add", "eth", *peer)
        for n in (0, 1):
            self.run(n, "ip", "address", "add", f"10.77.1.{n + 1}/24", "dev", "eth")
            self.run(n, "ip", "link", "set", "lo", "up")
            self.run(n, "ip", "link", "set", "eth", "up")

    def _inside(self, n: int, *words: str) -> list[str]:
        return ["nsenter", "--target", self._pids[n], "--net", "--", *words]

    def _start(self, words: list[str]) -> subprocess.Popen[bytes]:
        program = self._ends.enter_context(subprocess.Popen(words, stdout=subprocess.PIPE))
        self._ends.callback(program.kill)
        return program

    def run(self, n: int, *words: str) -> str:
        done = subprocess.run(self._inside(n, *words), capture_output=True, check=True, timeout=30)
        return done.stdout.decode()

    def till(self, n: int) -> subprocess.Popen[bytes]:
        return self._start(self._inside(n, sys.executable, "-c", TILL))

    def ours(self, n: int) -> subprocess.Popen[bytes]:
        settings, peers = self.folder / "address.json", self.folder / f"peers{n}.json"
        settings.write_text(json.dumps({"address": f"{SHARED}/24"}), encoding="utf-8")
        peers.write_text(json.dumps({"other": f"10.77.1.{2 - n}:8883"}), encoding="utf-8")
        url = "http://127.0.0.1:8080/healthz"
        return self._start(self._inside(n, str(SCRIPT), str(settings), str(peers), url))

    def keepalived(self, n: int) -> subprocess.Popen[bytes]:
        conf = self.folder / "keepalived.conf"
        conf.write_text(KEEPALIVED.replace("PORT", "eth"), encoding="utf-8")
        words = ["keepalived", "--dont-fork", "--vrrp", "--use-file", str(conf)]
        pid, vrrp = f"--pid={self.folder}/k.pid", f"--vrrp_pid={self.folder}/v.pid"
        return self._start(self._inside(n, *words, pid, vrrp))

    @property
    def having(self) -> list[str]:
        """Tell who has the address."""
        shown = ("ip", "-brief", "address", "show", "to", SHARED)
        return [name for n, name in enumerate(SPACES) if SHARED in self.run(n, *shown)]

    def until(self, having: list[str]) -> None:
        until_s = time.monotonic() + SOON_S
        while self.having != having:
            assert time.monotonic() < until_s, f"{self.having} have it, {having} should"
            time.sleep(0.05)


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    with ExitStack() as ends:
        yield Street(tmp_path, ends)


def take_over(street: Street, other: Callable[[int], subprocess.Popen[bytes]]) -> None:
    """Play ours against another: each takes over when the other cannot answer."""
    till = street.till(0)
    street.ours(0)
    street.until(["here"])
    second = other(1)
    till.kill()
    street.until(["there"])
    street.till(0)
    second.terminate()
    second.wait(SOON_S)
    street.until(["here"])


def test_one_of_two_answers_and_the_other_when_it_cannot(street: Street) -> None:
    street.till(1)
    take_over(street, street.ours)


def test_it_takes_turns_with_keepalived(street: Street) -> None:
    assert shutil.which("keepalived"), "apt-get install keepalived"
    take_over(street, street.keepalived)


def test_killed_it_leaves_nothing_behind_once_it_is_started_again(street: Street) -> None:
    street.till(0)
    street.till(1)
    first = street.ours(0)
    street.until(["here"])
    first.kill()
    street.ours(1)
    street.until(["here", "there"])
    street.ours(0)
    street.until(["there"])
