"""A real RabbitMQ of a test: one node or a cluster on this computer, never the machine's own."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from comptoir.bus import Address
from tests.fakes.ports import free_ports

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
START_S_MAX = 180.0
EPMD_TRIES = 50
PLUGINS = "[rabbitmq_mqtt, rabbitmq_consistent_hash_exchange].\n"
SETTINGS = """\
listeners.tcp.default = {host}:{amqp}
mqtt.listeners.tcp.default = {host}:{mqtt}
mqtt.allow_anonymous = true
mqtt.default_user = guest
mqtt.default_pass = guest
mqtt.durable_queue_type = {queue_type}
cluster_partition_handling = pause_minority
"""


class Node:
    """One node; ``kill`` is kill -9 of the whole Erlang machine."""

    def __init__(
        self, folder: Path, name: str, epmd: int, settings: str, at: Address, *, plugins: str
    ) -> None:
        self.name = f"{name}@localhost"
        self._folder = folder / name
        self._folder.mkdir()
        mqtt, self._dist = free_ports(2)
        self.amqp, self.mqtt = at, Address(at.host, mqtt)
        self._epmd = epmd
        self._told = 0
        text = settings.replace("{amqp}", str(at.port)).replace("{mqtt}", str(mqtt))
        text = text.replace("{host}", at.host)
        (self._folder / "rabbitmq.conf").write_text(text, encoding="ascii")
        (self._folder / "plugins").write_text(plugins, encoding="ascii")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        log = (self._folder / "log").open("ab")
        self._told = log.tell()
        self._process = subprocess.Popen(
            [SERVER],
            env=os.environ
            | {
                "HOME": str(self._folder.parent),  # one cookie for all
                "RABBITMQ_NODENAME": self.name,
                "RABBITMQ_MNESIA_BASE": str(self._folder / "mnesia"),
                "RABBITMQ_LOG_BASE": str(self._folder),
                "RABBITMQ_CONFIG_FILE": str(self._folder / "rabbitmq.conf"),
                "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "plugins"),
                "RABBITMQ_PID_FILE": str(self._folder / "pid"),
                "RABBITMQ_CONF_ENV_FILE": os.devnull,
                "RABBITMQ_DIST_PORT": str(self._dist),
                "ERL_EPMD_PORT": str(self._epmd),
                "ERL_EPMD_ADDRESS": "127.0.0.1",
            },
            stdout=log,
            stderr=log,
            cwd=self._folder,
            start_new_session=True,
        )
        log.close()

    def wait(self) -> None:
        """Wait until all its plugins run."""
        end = time.monotonic() + START_S_MAX
        while b"completed with" not in (self._folder / "log").read_bytes()[self._told :]:
            if self._process is None or self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError((self._folder / "log").read_text(encoding="utf-8")[-2000:])
            time.sleep(0.1)

    def kill(self) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


class Rabbit:
    """Nodes in a folder of their own, joined into one cluster.

    With ``one_port`` they are like computers: each has an address, and AMQP is at the same port.
    ``settings`` and ``plugins`` are other than those of a test without TLS.
    """

    def __init__(
        self,
        nodes: int = 1,
        queue_type: str = "quorum",
        *,
        one_port: bool = False,
        settings: str = SETTINGS,
        plugins: str = PLUGINS,
    ) -> None:
        if not SERVER.exists():
            raise RuntimeError("RabbitMQ is missing; tests/run installs it (apt: rabbitmq-server)")
        self.folder = Path(tempfile.mkdtemp(prefix="comptoir-rabbit-"))
        self._epmd, port = free_ports(2)
        names = [f"n{number}" for number in range(1, nodes + 1)]
        settings = settings.replace("{queue_type}", queue_type) + "".join(
            f"cluster_formation.classic_config.nodes.{number} = {name}@localhost\n"
            for number, name in enumerate(names, 1)
        )
        cookie = self.folder / ".erlang.cookie"
        cookie.write_text("comptoirtest", encoding="ascii")
        cookie.chmod(0o400)
        places = [Address(f"127.0.0.{number}", port) for number in range(1, nodes + 1)]
        if not one_port:
            places = [Address("127.0.0.1", free) for free in free_ports(nodes)]
        self.nodes = [
            Node(self.folder, name, self._epmd, settings, at, plugins=plugins)
            for name, at in zip(names, places, strict=True)
        ]

    def start(self) -> None:
        for node in self.nodes:
            node.start()
        for node in self.nodes:
            node.wait()

    def remove(self) -> None:
        for node in self.nodes:
            node.kill()
        here = os.environ | {"ERL_EPMD_PORT": str(self._epmd), "ERL_EPMD_ADDRESS": "127.0.0.1"}
        for _ in range(EPMD_TRIES):  # it refuses until it has noticed that its nodes are gone
            ended = subprocess.run(["epmd", "-kill"], env=here, capture_output=True, check=False)
            if ended.returncode == 0:
                break
            time.sleep(0.1)
        shutil.rmtree(self.folder)
