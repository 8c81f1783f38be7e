"""The machines of the demo: terminals and the cloud, each one power switch for its programs."""

import os
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from comptoir.bootstrap.bridge import bridge_config
from comptoir.bootstrap.cloud import open_store
from comptoir.demo import mosquitto
from comptoir.demo.certificates import CloudAuthority
from comptoir.demo.founding import RESTAURANT
from comptoir.demo.layout import Spot, settings_text
from comptoir.demo.mosquitto import Mosquitto
from comptoir.demo.programs import Program
from comptoir.domain.house import Card
from comptoir.settings import Settings

COMPTOIR = (sys.executable, "-m", "comptoir")
PASSED_ON = ("PATH", "HOME", "LANG", "TZ", "TMPDIR", "PYTHONPATH")
AS_A_UNIT = {"PYTHONUNBUFFERED": "1", "MALLOC_ARENA_MAX": "2"}  # what the terminal's units set


class Power(StrEnum):
    """What became of a terminal."""

    ON = "on"
    DEAD = "dead"
    STOLEN = "stolen"


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what the programs see of our environment: none of its settings."""
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return kept | AS_A_UNIT | dict(more or {})


class Terminal:
    """One terminal: broker, replica and till of its own."""

    def __init__(self, spot: Spot, broker: Mosquitto) -> None:
        self.spot = spot
        self.power = Power.DEAD
        self.cable_out = False
        self.restart_marker = spot.folder / "restart"
        folder = spot.folder
        run = (*COMPTOIR, "--settings", str(spot.settings_file))
        self.broker = Program(
            f"broker of {spot.id}",
            [str(broker.program), "-c", str(folder / "mosquitto.conf")],
            folder / "broker.log",
            environment(broker.environment),
        )
        self.replica = Program(
            f"replica of {spot.id}", [*run, "replica"], folder / "replica.log", environment()
        )
        self.till = Program(
            f"till of {spot.id}", [*run, "till"], folder / "till.log", environment()
        )

    @property
    def programs(self) -> tuple[Program, ...]:
        """Return its programs in the order in which they start."""
        return self.broker, self.replica, self.till

    def configure(self) -> None:
        """Write the broker's configuration, with the bridge to the cloud."""
        spot = self.spot
        config = mosquitto.terminal_config(
            spot.folder,
            local_port=spot.broker_port,
            lan_port=spot.lan_port,
            identity=spot.settings().identity_dir,
            peers=spot.settings().peers_dir,
            bridge=bridge_config(spot.settings()),
        )
        (spot.folder / "mosquitto.conf").write_text(config, encoding="utf-8")

    def switch_on(self) -> None:
        """Start all programs."""
        for program in self.programs:
            program.start()
        self.power = Power.ON

    def cut_power(self, became: Power) -> None:
        """End all programs at once, without a word."""
        for program in self.programs:
            program.kill()
        self.power = became

    def shut_down(self) -> None:
        """End all programs gently."""
        for program in reversed(self.programs):
            program.ask_to_stop()
        for program in reversed(self.programs):
            program.stop()

    def look_after(self) -> None:
        """Do what the service manager does: restart the broker when asked, and what ended."""
        if self.power is not Power.ON:
            return
        if self.restart_marker.exists():
            self.restart_marker.unlink()
            self.broker.kill()
        for program in self.programs:
            if not program.alive:
                program.start()


class CloudMachine:
    """The cloud: a broker and the ingest with its embedded store."""

    def __init__(self, folder: Path, ports: tuple[int, int], broker: Mosquitto) -> None:
        self.folder = folder
        self.local_port, self.tls_port = ports
        self.settings = Settings(data_dir=folder / "data", cloud_port=self.local_port)
        run = (*COMPTOIR, "--settings", str(folder / "comptoir.toml"))
        self.broker = Program(
            "broker of the cloud",
            [str(broker.program), "-c", str(folder / "mosquitto.conf")],
            folder / "broker.log",
            environment(broker.environment),
        )
        self.ingest = Program(
            "ingest of the cloud", [*run, "cloud", "ingest"], folder / "ingest.log", environment()
        )

    def configure(self, authority: CloudAuthority) -> None:
        """Write certificates, settings and the broker's configuration; make the store."""
        self.settings.data_dir.mkdir(parents=True)
        certificate, key = authority.issue("cloud")
        for name, text in (
            ("ca.crt", authority.ca_pem),
            ("broker.crt", certificate),
            ("broker.key", key),
        ):
            (self.folder / name).write_text(text, encoding="ascii")
        config = mosquitto.cloud_config(
            self.folder, local_port=self.local_port, tls_port=self.tls_port
        )
        (self.folder / "mosquitto.conf").write_text(config, encoding="utf-8")
        written = ("data_dir", "cloud_host", "cloud_port")
        (self.folder / "comptoir.toml").write_text(
            settings_text(self.settings, written), encoding="utf-8"
        )

    def register(self, card: Card) -> None:
        """Take the restaurant in, by the card of its first terminal."""
        store = open_store(self.settings)
        store.register(RESTAURANT, [card])
        store.close()

    def switch_on(self) -> None:
        """Start broker and ingest."""
        self.broker.start()
        self.ingest.start()

    def shut_down(self) -> None:
        """End both gently."""
        self.ingest.ask_to_stop()
        self.ingest.stop()
        self.broker.stop()

    def look_after(self) -> None:
        """Restart what ended."""
        for program in (self.broker, self.ingest):
            if not program.alive:
                program.start()
