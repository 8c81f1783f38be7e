"""The machines: a terminal with the programs of its units, and the cloud; each in its namespace."""

import contextlib
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader

from comptoir.api_client import TillClient
from comptoir.bootstrap.bridge import bridge_config
from comptoir.bootstrap.terminal import migrate
from comptoir.demo.layout import LETTERS, NAMES, settings_text
from comptoir.demo.machines import environment
from comptoir.demo.programs import Program
from comptoir.enrolment import Cloud, Enrolment, create
from comptoir.identity import House, Identity, Place
from comptoir.settings import Settings
from tests.fakes.papers import Authority
from tests.faults.netns.lan import CLOUD_AT, Lan, at, run, screen
from tests.faults.netns.weather import FAIR, Weather
from tests.faults.netns.weather import FILE as SKY
from tests.faults.netns.wrong_clock import FILE as CLOCK
from tests.faults.netns.wrong_clock import set_wrong

TOP = Path(__file__).parents[3]
BROKER_ROLE, FIREWALL_ROLE = TOP / "roles/broker", TOP / "roles/firewall"
RESTAURANT = House("r1", "Chez Test", "EUR", "Europe/Paris")
HERE = {"PYTHONPATH": f"{TOP}:{TOP / 'app'}"}  # this checkout, whatever is installed
CLOUD_PORT = 8883
MIGRATE_S = 60
WRITTEN = ("data_dir", "identity_dir", "peers_dir", "peers_file", "cloud_host", "cloud_port")
CLOUD_CONF = """\
user root
persistence false
log_dest stderr
max_queued_messages 10000
listener 1883 127.0.0.1
allow_anonymous true
listener {port}
require_certificate true
cafile {papers}/ca.crt
certfile {papers}/server.crt
keyfile {papers}/server.key
allow_anonymous true
"""


def broker_conf(folder: Path) -> str:
    """Return the role's own mosquitto.conf with its folders moved to a terminal's of the test."""
    values = yaml.safe_load((BROKER_ROLE / "defaults/main.yml").read_text(encoding="utf-8"))
    tree = BROKER_ROLE / "templates/tree/etc/mosquitto"
    jinja = Environment(loader=FileSystemLoader(tree), autoescape=False, keep_trailing_newline=True)  # noqa: S701 - a configuration file, not a page
    jinja.filters["comment"] = lambda text: f"# {text}"
    text = jinja.get_template("mosquitto.conf.j2").render(values, ansible_managed="a test")
    for old, new in (
        ("/keys/", f"{folder}/keys/"),
        ("/run/mosquitto/", f"{folder}/run/"),
        ("/run/comptoir-broker", f"{folder}/run/bridge"),
    ):
        text = text.replace(old, new)
    return f"user root\n{text}"


def firewall_defaults() -> dict[str, Any]:
    """Return what the role lets pass."""
    file = FIREWALL_ROLE / "defaults/main.yml"
    values: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return values


def firewall() -> str:
    """Return the rules of the role, and a door for the guests' second cable."""
    tree = FIREWALL_ROLE / "templates/tree/etc"
    jinja = Environment(loader=FileSystemLoader(tree), autoescape=False)  # noqa: S701 - rules, not a page
    text = jinja.get_template("nftables.conf.j2").render(firewall_defaults())
    text = text.replace("skuid { 622 }", "skuid { 0 }")  # here all programs are root's
    return f'{text}\nadd rule inet comptoir terminal_inbound iifname "k*e" accept\n'


@dataclass
class Defences:
    """How the programs of a house run: settings that differ, and the defence that is off.

    With ``firewall`` each terminal has the role's rules.
    """

    settings: Mapping[str, int] = field(default_factory=dict)
    control: str = ""
    disk_kib: int = 0
    own_clocks: bool = False
    weather: bool = False
    prints: bool = False
    older: Path | None = None
    firewall: bool = True

    @property
    def comptoir(self) -> list[str]:
        worn = {"weather": self.weather, "clock": self.own_clocks}
        put_in = [*filter(None, [self.control]), *(name for name, wanted in worn.items() if wanted)]
        if put_in:
            return [sys.executable, "-m", "tests.faults.netns.disarmed", ",".join(put_in)]
        return [sys.executable, "-m", "comptoir"]


class Box:
    """One terminal: broker, replica and till, started as its units start them."""

    def __init__(self, number: int, folder: Path, lan: Lan, defences: Defences) -> None:
        self.number, self.folder = number, folder
        self.id = f"t{number}"
        self.on = False
        self.settings = Settings(
            data_dir=folder / "data",
            identity_dir=folder / "keys/identity",
            peers_dir=folder / "keys/peers/listed",
            peers_file=folder / "keys/peers.json",
        )
        self._inside = lan.terminals[number].inside
        self._defences = defences
        more = dict(HERE)
        more |= {f"COMPTOIR_{k.upper()}": str(v) for k, v in defences.settings.items()}
        self._clock = folder / "clock"
        if defences.own_clocks:
            more[CLOCK] = str(self._clock)
            self.set_clock(0)
        self._sky = folder / "weather"
        if defences.weather:
            more[SKY] = str(self._sky)
            self.set_weather(FAIR)
        self._more = more
        self.is_older = defences.older is not None and number > 1
        self.broker = self._program("broker", ["mosquitto", "-c", str(folder / "mosquitto.conf")])
        self._make_programs()

    def _make_programs(self) -> None:
        """Make its programs, of the version that it has."""
        comptoir = [*self._defences.comptoir, "--settings", str(self.folder / "comptoir.toml")]
        self.replica = self._program("replica", [*comptoir, "replica"])
        self.till = self._program("till", [*comptoir, "till"])
        self.devices = self._program("devices", [*comptoir, "devices"])

    def _program(self, name: str, command: list[str]) -> Program:
        log = self.folder / f"{name}.log"
        inside = [*self._inside, *command]
        return Program(f"{name} of {self.id}", inside, log, self._environment())

    def _environment(self) -> dict[str, str]:
        if not self.is_older:
            return environment(self._more)
        return environment(self._more | {"PYTHONPATH": f"{self._defences.older}:{TOP}"})

    def other_program(self, module: str, *arguments: str) -> Program:
        """Return a program of a test that runs in here, and is not started with the rest."""
        return self._program(module, [sys.executable, "-m", module, *arguments])

    def bring_up_to_date(self) -> None:
        """Give it this version, and its journal what that needs; it must be off."""
        self.is_older = False
        self._make_programs()
        migrate(self.settings)

    @property
    def programs(self) -> tuple[Program, ...]:
        each = (self.broker, self.replica, self.till)
        return (*each, self.devices) if self._defences.prints else each

    def client(self, token: str = "", timeout_s: float = 3.0) -> TillClient:
        """Return a way to its API at its own screen, which no cable's fault touches."""
        return TillClient(self.settings.http_port, token, timeout_s, screen(self.number))

    def enrol(self, first: Identity | None, count: int, papers: Authority) -> Identity:
        """Make identity, settings, the broker's configuration and the journal."""
        for part in ("data", "keys/peers/listed", "run/bridge"):
            (self.folder / part).mkdir(parents=True)
        if self._defences.disk_kib:
            size = f"size={self._defences.disk_kib}k"
            run("mount", "-t", "tmpfs", "-o", size, "none", str(self.settings.data_dir))
        written = settings_text(self.settings, WRITTEN[:4])
        (self.folder / "comptoir.toml").write_text(written, encoding="utf-8")
        certificate, key = papers.issue(self.id, f"r1/{self.id}")
        others = [n for n in range(1, count + 1) if n != self.number]
        enrolment = Enrolment(
            restaurant=RESTAURANT,
            terminal=Place(self.id, LETTERS[self.number - 1], NAMES[self.number - 1]),
            trust=(first.card,) if first else (),
            peers={f"t{n}": f"{at(n)}:{self.settings.lan_port}" for n in others},
            cloud=Cloud(
                CLOUD_AT,
                CLOUD_PORT,
                papers.ca.read_text(encoding="ascii"),
                certificate.read_text(encoding="ascii"),
                key.read_text(encoding="ascii"),
            ),
        )
        identity = create(self.settings.identity_dir, enrolment, self.settings.peers_file)
        self._configure()
        self._migrate()
        return identity

    def _migrate(self) -> None:
        """Make the journal, by the code of its own version."""
        if not self.is_older:
            migrate(self.settings)
            return
        settings = str(self.folder / "comptoir.toml")
        command = [sys.executable, "-m", "comptoir", "--settings", settings, "migrate"]
        subprocess.run(command, env=self._environment(), timeout=MIGRATE_S, check=True)

    def _configure(self) -> None:
        (self.folder / "mosquitto.conf").write_text(broker_conf(self.folder), encoding="utf-8")
        bridge = bridge_config(self.settings)
        (self.folder / "run/bridge/cloud.conf").write_text(bridge, encoding="utf-8")
        for acl in ("local.acl", "peers.acl"):
            copy = self.folder / "run" / acl
            shutil.copy(BROKER_ROLE / "files/tree/etc/mosquitto" / acl, copy)
            copy.chmod(0o600)

    def switch_on(self) -> None:
        if self._defences.firewall:
            run(*self._inside, "nft", "-f", "-", text=firewall())
        for program in self.programs:
            program.start()
        self.on = True

    def kill(self) -> None:
        """Cut the power: kill -9 for all programs at once."""
        self.on = False
        for program in self.programs:
            program.kill()

    def set_clock(self, off_s: int) -> None:
        """Let its programs' clock differ from this computer's; within half a second they see it."""
        set_wrong(self._clock, off_s)

    def set_weather(self, now: Weather) -> None:
        """Let messages from other terminals come late and twice, or not; soon it is so."""
        now.write(self._sky)

    def freeze(self) -> None:
        """Stop all programs in the middle of whatever they do (SIGSTOP)."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        for program in self.programs:
            program.signal(number)

    def fill_disk(self) -> Path:
        """Leave no byte on its disk; returns the file that fills it."""
        ballast = self.settings.data_dir / "ballast"
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
            while file.write(b"x" * 4096):
                pass
        return ballast

    def look_after(self) -> None:
        """Do what its units do: restart what ended, and the broker when its trust shrank."""
        marker = self.folder / "keys/peers/restart"
        if marker.exists():
            marker.unlink()
            self.broker.kill()
        for program in self.programs if self.on else ():
            if not program.alive:
                program.start()

    def shut_down(self) -> None:
        self.on = False
        for program in reversed(self.programs):
            program.kill()
        if self._defences.disk_kib:
            run("umount", str(self.settings.data_dir))


class CloudBox:
    """The cloud: Mosquitto with its certificates, and ingest with the embedded store."""

    def __init__(self, folder: Path, lan: Lan, papers: Authority, own_clock: bool) -> None:
        self.settings = Settings(data_dir=folder / "data")
        self._clock = folder / "clock"
        self.set_clock(0)
        self.settings.data_dir.mkdir(parents=True)
        papers.issue("server", "cloud", CLOUD_AT)
        conf = CLOUD_CONF.format(port=CLOUD_PORT, papers=papers.folder)
        (folder / "mosquitto.conf").write_text(conf, encoding="utf-8")
        written = settings_text(self.settings, ("data_dir", "cloud_host", "cloud_port"))
        (folder / "comptoir.toml").write_text(written, encoding="utf-8")
        inside, where = lan.cloud.inside, environment({**HERE, CLOCK: str(self._clock)})
        comptoir = Defences(own_clocks=own_clock).comptoir
        broker = [*inside, "mosquitto", "-c", str(folder / "mosquitto.conf")]
        run = [*comptoir, "--settings", str(folder / "comptoir.toml")]
        ingest = [*inside, *run, "cloud", "ingest"]
        self.broker = Program("broker of the cloud", broker, folder / "broker.log", where)
        self.ingest = Program("ingest of the cloud", ingest, folder / "ingest.log", where)

    def switch_on(self) -> None:
        self.broker.start()
        self.ingest.start()

    def set_clock(self, off_s: int) -> None:
        """Let its clock differ from this computer's, if it has one of its own."""
        set_wrong(self._clock, off_s)

    def look_after(self) -> None:
        for program in (self.broker, self.ingest):
            if not program.alive:
                program.start()

    def shut_down(self) -> None:
        self.ingest.kill()
        self.broker.kill()
