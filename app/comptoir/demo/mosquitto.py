"""Mosquitto for the demo: found, or fetched from Debian without root, and told what to do."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from comptoir.demo.failures import DemoRefused

SBIN = ("/usr/sbin", "/usr/local/sbin", "/sbin")
FETCH_S = 120
ADVICE = "Install it with: sudo apt-get update && sudo apt-get install mosquitto"

LOCAL_ACL = """\
topic readwrite local/#
topic readwrite r/#
topic read $SYS/#
"""
PEERS_ACL = """\
pattern write r/+/ev/%u
pattern write r/+/vec/%u
pattern write r/+/hb/%u
pattern write r/+/pull/%u
pattern read r/+/reply/%u/#
"""


class MosquittoMissing(DemoRefused):
    """There is no Mosquitto here and none could be fetched."""


@dataclass(frozen=True, slots=True)
class Mosquitto:
    """The program, and what its environment needs."""

    program: Path
    environment: Mapping[str, str] = field(default_factory=dict)


def find(cache: Path) -> Mosquitto:
    """Return Mosquitto from PATH, from the cache, or fetch it; raises MosquittoMissing."""
    path = os.pathsep.join((os.environ.get("PATH", ""), *SBIN))
    if program := shutil.which("mosquitto", path=path):
        return Mosquitto(Path(program))
    folder = cache / "mosquitto"
    if not (folder / "complete").exists():
        _fetch(folder)
    libraries = [str(p) for p in sorted((folder / "root/usr/lib").glob("*-linux-gnu*"))]
    return Mosquitto(
        folder / "root/usr/sbin/mosquitto", {"LD_LIBRARY_PATH": os.pathsep.join(libraries)}
    )


def _fetch(folder: Path) -> None:
    """Unpack Debian's package, and the libraries it needs that are not here, into the cache."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise MosquittoMissing(f"mosquitto is not installed. {ADVICE}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        simulate = ["apt-get", "--simulate", "--no-install-recommends", "install", "mosquitto"]
        plan = _run(simulate, folder)
        wanted = [line.split()[1] for line in plan.splitlines() if line.startswith("Inst ")]
        _run(["apt-get", "download", *wanted], folder)
        for package in sorted(folder.glob("*.deb")):
            _run(["dpkg-deb", "-x", str(package), str(folder / "root")], folder)
    except (subprocess.SubprocessError, OSError) as error:
        raise MosquittoMissing(
            f"mosquitto is not installed and could not be fetched ({error}). {ADVICE}"
        ) from error
    (folder / "complete").touch()


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True, timeout=FETCH_S
    )
    return done.stdout


def _common() -> str:
    user = pwd.getpwuid(os.geteuid()).pw_name
    return f"""\
user {user}
per_listener_settings true
persistence false
log_dest stderr
log_type error
log_type warning
log_type notice
max_queued_messages 10000
max_queued_bytes 16777216
max_inflight_messages 100
message_size_limit 1048576
max_keepalive 30
set_tcp_nodelay true
"""


def terminal_config(  # noqa: PLR0913 - each is a line of the file
    folder: Path, *, local_port: int, lan_port: int, identity: Path, peers: Path, bridge: str
) -> str:
    """Return a terminal's mosquitto.conf; writes its access lists beside it."""
    _private(folder / "local.acl", LOCAL_ACL)
    _private(folder / "peers.acl", PEERS_ACL)
    return f"""\
{_common()}
listener {local_port} 127.0.0.1
allow_anonymous true
acl_file {folder}/local.acl

listener {lan_port} 127.0.0.1
allow_anonymous false
require_certificate true
use_identity_as_username true
use_username_as_clientid true
tls_version tlsv1.3
capath {peers}
certfile {identity}/lan.crt
keyfile {identity}/lan.key
acl_file {folder}/peers.acl

{bridge}"""


def cloud_config(folder: Path, *, local_port: int, tls_port: int) -> str:
    """Return the cloud broker's mosquitto.conf; terminals come in by certificate only."""
    return f"""\
{_common()}
listener {local_port} 127.0.0.1
allow_anonymous true

listener {tls_port} 127.0.0.1
allow_anonymous false
require_certificate true
use_identity_as_username true
cafile {folder}/ca.crt
certfile {folder}/broker.crt
keyfile {folder}/broker.key
"""


def _private(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
