"""Every setting of the app, declared once: file keys, environment names and docs derive from here.

Read from TOML files, later ones win, then from ``COMPTOIR_<NAME>`` in the environment.
"""

import dataclasses
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from comptoir.domain.errors import Refusal

FILES = (
    Path("/etc/comptoir/comptoir.toml"),
    Path("/data/etc/comptoir/comptoir.toml"),
    Path("/keys/etc/comptoir/comptoir.toml"),
)
ENVIRONMENT_PREFIX = "COMPTOIR_"
NOT_SETTINGS = {"COMPTOIR_SETTINGS"}


class SettingRefused(Refusal):
    """A setting is unknown or has a wrong value; the message names the file and the key."""


def _is(default: Any, help_text: str, **bounds: int) -> Any:
    return field(default=default, metadata={"help": help_text, **bounds})


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force."""

    data_dir: Path = _is(Path("/data/comptoir"), "where the journal lives")
    identity_dir: Path = _is(Path("/keys/identity"), "who this terminal is: its keys and its card")
    peers_dir: Path = _is(Path("/keys/peers"), "LAN certificates of the admitted terminals")
    renewed_file: Path = _is(
        Path("/keys/cloud/renewed.pem"), "what the cloud renewed: the bridge's certificate and key"
    )
    peers_file: Path = _is(
        Path("/keys/etc/comptoir/peers.json"), "addresses of peers: terminal id to host:port"
    )
    peer_name: str = _is(
        "",
        "name by which a peer is found that has no address there, or is not at it, with {id} for"
        " the terminal's; empty: by none",
    )
    update_note: Path = _is(
        Path("/keys/update/outcome.json"), "how the last update of this terminal's system ended"
    )
    update_port: int = _is(
        8884, "port on which terminals, and the cloud, give updates", least=1, most=65535
    )
    update_tap_port: int = _is(
        8885, "port, on this machine alone, where RAUC reads an update", least=1, most=65535
    )
    update_bytes_s: int = _is(
        2 << 20,
        "bytes per second that an update takes of network and disk",
        least=1024,
        most=1 << 30,
    )
    update_orders: Path = _is(
        Path("/run/comptoir-updates"), "folder in which RAUC's helper finds what to do"
    )
    update_result: Path = _is(
        Path("/run/comptoir-update/result.json"), "how RAUC's last installation ended"
    )
    rauc_config: Path = _is(
        Path("/etc/rauc/system.conf"), "RAUC's own settings: for which updates this terminal is"
    )
    clock_file: str = _is(
        "", "file that is there once the machine's clock is confirmed; empty: it always is"
    )
    visit_file: str = _is(
        "", "file that tells the machine whom to let in for a visit; empty: nobody is let in"
    )
    newcomers_port: int = _is(
        0,
        "port on which new terminals call out who they are, and are heard; 0: neither",
        least=0,
        most=65535,
    )
    join_file: str = _is(
        "", "file by which the machine is asked to join another restaurant; empty: it never does"
    )
    http_host: str = _is("0.0.0.0", "address the till answers on")  # noqa: S104 - tablets come in over the LAN; the firewall decides
    http_port: int = _is(8080, "port of the till", least=1, most=65535)
    broker_host: str = _is("127.0.0.1", "this terminal's own broker")
    broker_port: int = _is(1883, "its port for the terminal's own programs", least=1, most=65535)
    lan_port: int = _is(8883, "port on which brokers of peers listen", least=1, most=65535)
    sample: str = _is("chinese", "sample that a new restaurant starts with; empty for none")
    safe_copies: int = _is(2, "terminals that hold an event when it is SAFE", least=2, most=3)
    safe_wait_ms: int = _is(300, "how long an answer waits for SAFE", least=0, most=5000)
    heartbeat_ms: int = _is(500, "time between heartbeats to peers", least=50, most=10_000)
    heartbeats_missed: int = _is(3, "heartbeats missed until a peer is dead", least=1, most=60)
    vector_ms: int = _is(2000, "time between vectors to peers", least=100, most=60_000)
    pull_events_max: int = _is(200, "events in one batch", least=1, most=1000)
    pull_bytes_max: int = _is(256 * 1024, "bytes in one batch", least=65536, most=1 << 20)
    join_events: int = _is(
        2000,
        "events missing here from which on what is open is asked for first, before the history",
        least=1,
        most=1_000_000,
    )
    start_wait_ms: int = _is(
        2000, "how long a starting till asks peers for its own events", least=0, most=60_000
    )
    sse_streams_max: int = _is(40, "live pages at once; more are told to wait", least=1, most=200)
    uplink_window: int = _is(2000, "events sent past the cloud's mark", least=1, most=20_000)
    mark_stall_s: int = _is(10, "seconds the mark may stand still", least=1, most=600)
    px_per_mm_milli: int = _is(
        3950, "thousandths of a CSS pixel per millimetre of screen", least=1000, most=20_000
    )
    kitchen_warm_s: int = _is(
        300,
        "seconds after which a ticket on the kitchen screen wants attention",
        least=10,
        most=7200,
    )
    kitchen_late_s: int = _is(600, "seconds after which it is late", least=10, most=14_400)
    print_font: str = _is("", "font file for paper; empty: the one that fontconfig has for Chinese")
    receipt_url: str = _is(
        "", "address under which guests reach /receipts, for the code on paper; empty: no address"
    )
    cloud_host: str = _is(
        "127.0.0.1", "cloud: the broker it ingests from; nodes of a cluster with commas between"
    )
    cloud_port: int = _is(1883, "cloud: that broker's port", least=1, most=65535)
    cloud_broker: str = _is(
        "mosquitto", "cloud: which broker that is: mosquitto, or rabbitmq by AMQP"
    )
    cloud_store: str = _is("", "cloud: PostgreSQL DSN; empty for the embedded store in data_dir")
    cloud_tls_dir: str = _is("", "cloud: folder with ca.crt, client.crt, client.key for its broker")

    cloud_workers: int = _is(1, "cloud: how many ingest workers there are", least=1, most=64)
    cloud_worker: int = _is(1, "cloud: which of them this one is, from 1", least=1, most=64)

    office_host: str = _is("127.0.0.1", "cloud: address of the head office's pages, behind TLS")
    office_port: int = _is(8090, "cloud: its port", least=1, most=65535)

    @property
    def journal_file(self) -> Path:
        """Return the journal's path."""
        return self.data_dir / "journal.db"


FIELDS = {f.name: f for f in dataclasses.fields(Settings)}


def _value(name: str, raw: object, source: str) -> object:
    kind = cast("type", FIELDS[name].type)
    if kind is Path and isinstance(raw, str):
        return Path(raw)
    if kind is int and isinstance(raw, str) and raw.lstrip("-").isdigit():
        raw = int(raw)
    if type(raw) is not kind:
        raise SettingRefused(f"{source}: {name} must be {kind.__name__}, not {raw!r}.")
    if isinstance(raw, int):
        least, most = (FIELDS[name].metadata[bound] for bound in ("least", "most"))
        if not least <= raw <= most:
            raise SettingRefused(f"{source}: {name} must be between {least} and {most}, not {raw}.")
    return raw


def _read(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SettingRefused(f"{path}: {error}. Correct the file or remove it.") from error


def load(files: Iterable[Path], environ: Mapping[str, str]) -> Settings:
    """Return the settings in force; raises SettingRefused naming file and key."""
    values: dict[str, Any] = {}
    for path in files:
        for name, raw in _read(path).items():
            values[name] = _known(name, raw, str(path))
    for variable, raw in environ.items():
        if variable.startswith(ENVIRONMENT_PREFIX) and variable not in NOT_SETTINGS:
            name = variable.removeprefix(ENVIRONMENT_PREFIX).lower()
            values[name] = _known(name, raw, variable)
    return Settings(**values)


def _known(name: str, raw: object, source: str) -> object:
    if name not in FIELDS:
        raise SettingRefused(f"{source}: there is no setting {name!r} (comptoir config show).")
    return _value(name, raw, source)
