"""Where everything of the demo lives: one temporary folder, and ports of 127.0.0.1."""

import itertools
import random
import socket
from dataclasses import dataclass
from pathlib import Path

from comptoir.demo.failures import DemoRefused
from comptoir.settings import Settings

LOCALHOST = "127.0.0.1"
TERMINALS_MAX = 8
LETTERS = "ABCDEFGHJKLM"
NAMES = (
    *("Counter", "Dining room", "Kitchen", "Bar", "Terrace", "Private rooms", "Door", "Office"),
    *("Garden", "Lounge", "Cellar", "Takeaway"),
)
STREAMS_MAX = 12
PRIVATE = range(10_000, 20_000)  # connections get higher ones, also while a program is dead


class PortTaken(DemoRefused):
    """A port of the demo is in use by something else."""

    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} is in use. Choose other ports with --port.")


@dataclass(frozen=True, slots=True)
class Spot:
    """One terminal's id, name, folder and ports."""

    number: int
    folder: Path
    http_port: int
    broker_port: int
    lan_port: int

    @property
    def id(self) -> str:
        """Return the terminal's id, ``t1``."""
        return f"t{self.number}"

    @property
    def letter(self) -> str:
        """Return the letter of its checks."""
        return LETTERS[self.number - 1]

    @property
    def name(self) -> str:
        """Return what staff call it."""
        return NAMES[self.number - 1]

    @property
    def settings_file(self) -> Path:
        """Return the path of its settings."""
        return self.folder / "comptoir.toml"

    def settings(self) -> Settings:
        """Return the settings in force on it."""
        return Settings(
            data_dir=self.folder / "data",
            identity_dir=self.folder / "identity",
            peers_dir=self.folder / "peers",
            peers_file=self.folder / "peers.json",
            update_note=self.folder / "outcome.json",
            http_host=LOCALHOST,
            http_port=self.http_port,
            broker_port=self.broker_port,
            lan_port=self.lan_port,
            sse_streams_max=STREAMS_MAX,
        )


def spots(count: int, folder: Path, first_port: int) -> tuple[Spot, ...]:
    """Return the terminals' places; raises PortTaken."""
    public = range(first_port, first_port + count + 1)
    for port in public:
        _require_free(port)
    private = [port for port in free_ports(3 * count + 1) if port not in public]
    return tuple(
        Spot(n, folder / f"t{n}", first_port + n, private[2 * n - 2], private[2 * n - 1])
        for n in range(1, count + 1)
    )


def free_ports(count: int) -> list[int]:
    """Return ports that nothing listens on now, and that no connection is given."""
    dice = random.SystemRandom()
    free = filter(_is_free, dice.sample(PRIVATE, len(PRIVATE)))
    return list(itertools.islice(free, count))


def _require_free(port: int) -> None:
    if not _is_free(port):
        raise PortTaken(port)


def _is_free(port: int) -> bool:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((LOCALHOST, port))
        except OSError:
            return False
    return True


def settings_text(settings: Settings, names: tuple[str, ...]) -> str:
    """Return the TOML of some settings."""
    values = {name: getattr(settings, name) for name in names}
    lines = [
        f"{name} = {value}" if isinstance(value, int) else f'{name} = "{value}"'
        for name, value in values.items()
    ]
    return "\n".join(lines) + "\n"
