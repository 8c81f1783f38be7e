"""A real Mosquitto of a test: its own ports, its own folder, never the machine's."""

import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.ports import free_ports

START_S_MAX = 60.0
LOCAL_ACL = "topic readwrite local/#\ntopic readwrite r/#\ntopic read $SYS/#\n"
PEERS_ACL = """\
pattern write r/+/ev/%u
pattern write r/+/vec/%u
pattern write r/+/hb/%u
pattern write r/+/pull/%u
pattern read r/+/reply/%u/#
"""
SETTINGS = """\
user root
persistence false
per_listener_settings true
log_dest file {folder}/mosquitto.log
max_queued_messages 1000
message_size_limit 1048576
set_tcp_nodelay true
max_keepalive 30
listener {local} 127.0.0.1
allow_anonymous true
acl_file {folder}/local.acl
"""
PEER_LISTENER = """\
listener {lan} 127.0.0.1
allow_anonymous false
require_certificate true
use_identity_as_username true
use_username_as_clientid true
tls_version tlsv1.3
capath {capath}
certfile {certificate}
keyfile {key}
acl_file {folder}/peers.acl
"""


@dataclass(frozen=True, slots=True)
class PeerDoor:
    """The listener for peers: who is listed, and as whom the broker shows itself."""

    capath: Path
    certificate: Path
    key: Path


class Broker:
    """One broker process; ``kill`` is kill -9, ``freeze`` is a machine that hangs."""

    def __init__(self, folder: Path, door: PeerDoor | None = None, extra: str = "") -> None:
        self.folder = folder
        self.local_port, self.lan_port = free_ports(2)
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        text = SETTINGS.format(folder=folder, local=self.local_port)
        if door is not None:
            door.capath.mkdir(parents=True, exist_ok=True)
            text += PEER_LISTENER.format(
                folder=folder,
                lan=self.lan_port,
                capath=door.capath,
                certificate=door.certificate,
                key=door.key,
            )
        self._settings = folder / "mosquitto.conf"
        self._text = text
        self.say(extra)
        _private(folder / "local.acl", LOCAL_ACL)
        _private(folder / "peers.acl", PEERS_ACL)

    def say(self, extra: str) -> None:
        """Have it read, at its next start, these settings beside its own."""
        self._settings.write_text(self._text + extra, encoding="ascii")

    def start(self) -> None:
        program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        self._process = subprocess.Popen(
            [program, "-c", str(self._settings)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + START_S_MAX
        while not _answers(self.local_port):
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError((self.folder / "mosquitto.log").read_text(encoding="utf-8"))
            time.sleep(0.02)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def restart(self) -> None:
        self.kill()
        self.start()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def resident_kib(self) -> int:
        """Return how much memory it has now."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmRSS:")[2].split()[0])

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)


def _private(path: Path, text: str) -> None:
    path.write_text(text, encoding="ascii")
    path.chmod(0o600)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.5).close()
    except OSError:
        return False
    return True
