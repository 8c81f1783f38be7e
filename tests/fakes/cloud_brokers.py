"""The cloud's brokers as role cloud_broker sets them up, from its own files, on this computer."""

import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, Protocol

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from comptoir.bus import Address, CloudTls, Endpoint
from comptoir.cloud import MqttRoad, Road
from comptoir.cloud.amqp import AmqpRoad
from comptoir.cloud.papers import APP, RENEWER, Papers
from tests.fakes.ports import free_ports
from tests.fakes.rabbitmq import Rabbit
from tests.fakes.restaurant import until

ROLE = Path("roles/cloud_broker")
HERE = "127.0.0.1"
START_S_MAX = 60.0
MESSAGE_BYTES_MAX = 1 << 18  # not any broker's own default


class CloudBroker(Protocol):
    """One broker or a cluster, with papers of its cloud."""

    papers: Papers
    renewing: Papers
    folder: Path
    doors: list[Address]

    def start(self) -> None: ...
    def restart(self) -> None:
        """End all of it by kill -9, and start it again."""
        ...

    def road(self) -> Road:
        """Return the road of an ingest worker."""
        ...

    def remove(self) -> None: ...


def rendered(template: str, **values: Any) -> str:
    """Return a template of the role, with its defaults and these values."""
    known: dict[str, Any] = {"ansible_managed": "test", "inventory_hostname": "cloud"}
    for file in ("defaults/main.yml", "vars/main.yml"):
        known |= yaml.safe_load((ROLE / file).read_text(encoding="utf-8"))
    made = Environment(
        loader=FileSystemLoader(ROLE / "templates"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - no page but a broker's configuration
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["comment"] = lambda text: f"# {text}"
    return made.get_template(template).render(known | values)


class _Papers:
    """What both have: an authority, a server's certificate, the app's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.papers = Papers(folder / "papers")
        self.papers.keep("server", [HERE, "127.0.0.2", "127.0.0.3", "localhost"])
        self.papers.keep(APP)
        for name in ("ca.crt", "server.crt", "server.key"):
            shutil.copy(folder / "papers" / name, folder / name)
        self.renewing = Papers(folder / "papers/renewing", RENEWER)
        listed = (self.papers.authority(), self.renewing.authority())
        (folder / "clients.crt").write_bytes(b"".join(listed))
        self.tls = CloudTls(
            folder / "ca.crt", folder / f"papers/{APP}.crt", folder / f"papers/{APP}.key"
        )


class CloudMosquitto(_Papers):
    """Mosquitto on one host."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.doors = [Address(HERE, free_ports(1)[0])]
        text = rendered(
            "mosquitto/mosquitto.conf.j2",
            cloud_broker_port=self.doors[0].port,
            cloud_broker_message_bytes_max=MESSAGE_BYTES_MAX,
            __cloud_broker_folder=folder,
        ).replace("/run/mosquitto/cloud.acl", str(folder / "cloud.acl"))
        (folder / "mosquitto.conf").write_text(f"user root\n{text}", encoding="utf-8")
        access = folder / "cloud.acl"
        access.write_text(rendered("mosquitto/cloud.acl.j2"), encoding="utf-8")
        access.chmod(0o600)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [program, "-c", self.folder / "mosquitto.conf"], stderr=log
            )
        until(lambda: _answers(self.doors[0]), START_S_MAX, "Mosquitto")

    def restart(self) -> None:
        self.remove()
        self.start()

    def road(self) -> Road:
        return MqttRoad(Endpoint("cloud broker", self.doors[0], "ingest", self.tls))

    def remove(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class CloudRabbit(_Papers):
    """RabbitMQ on one host, or on three; each has its own address, and all the same door.py."""

    def __init__(self, folder: Path, nodes: int = 1, **options: int) -> None:
        super().__init__(folder)
        door = socket.create_server((HERE, 0))
        (folder / "definitions.json").write_text(
            rendered("rabbitmq/definitions.json.j2", **options), encoding="utf-8"
        )
        settings = rendered(
            "rabbitmq/rabbitmq.conf.j2",
            cloud_broker_port="{host}:{mqtt}",
            cloud_broker_message_bytes_max=MESSAGE_BYTES_MAX,
            cloud_broker_disk_free_bytes_min=1,
            __cloud_broker_amqp_port="{host}:{amqp}",
            __cloud_broker_door_port=door.getsockname()[1],
            __cloud_broker_definitions=folder / "definitions.json",
            __cloud_broker_folder=folder,
            __cloud_broker_nodes=[],
        )
        lines = settings.splitlines(keepends=True)  # Debian 12's does not know these, Debian 13's
        settings = "".join(
            line for line in lines if "ssl_cert_client_id" not in line and "_san_" not in line
        )
        if nodes > 1:
            settings += "cluster_partition_handling = pause_minority\n"
        plugins = (ROLE / "files/rabbitmq/enabled_plugins").read_text(encoding="ascii")
        self.rabbit = Rabbit(nodes, one_port=True, settings=settings, plugins=plugins)
        self.doors = [node.mqtt for node in self.rabbit.nodes]
        with door:
            self._door = subprocess.Popen(
                [sys.executable, ROLE / "files/rabbitmq/door.py"], stdin=door.fileno()
            )

    def start(self) -> None:
        self.rabbit.start()

    def restart(self) -> None:
        for node in self.rabbit.nodes:
            node.kill()
        self.rabbit.start()

    def road(self) -> Road:
        return AmqpRoad([node.amqp for node in self.rabbit.nodes], self.tls)

    def remove(self) -> None:
        self.rabbit.remove()
        self._door.kill()
        self._door.wait()


def _answers(at: Address) -> bool:
    try:
        socket.create_connection((at.host, at.port), timeout=0.5).close()
    except OSError:
        return False
    return True
