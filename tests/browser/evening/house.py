"""The house of an evening: three terminals, forty tables, six waiters, six hundred dishes.

Everything comes into it by the roads that people use: the menu as a file handed to ``comptoir menu
import``, the floor and the staff over the API with a manager's PIN.
"""

import json
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from comptoir.api_client import JSON, TillClient
from comptoir.commands.menu_export import export_json
from comptoir.demo import mosquitto
from comptoir.demo.layout import LOCALHOST
from comptoir.demo.machines import Terminal
from comptoir.demo.promises import Promises
from comptoir.demo.restaurant import Restaurant
from comptoir.demo.watch import Watch
from comptoir.demo.witnesses import Survivor
from tests.fakes.large_menu import large_menu
from tests.fakes.ports import first_port

DISHES, TABLES, TERMINALS = 600, 40, 3
MANAGER, MANAGERS_PIN = "li-wei", "1234"
IMPORT_S = 300
API = "/api/v1"
ROOMS = (("hall", "大厅 Hall", 24), ("terrace", "露台 Terrace", 12), ("private", "包间 Private", 4))
SEATS = (2, 4, 4, 6)
PARTY_SEATS = 12


@dataclass(frozen=True)
class Person:
    """One of the six: two of them stand at each terminal."""

    id: str
    name: str
    pin: str
    terminal: int


WAITERS = (
    Person("wang-fang", "王芳 Wang Fang", "3456", 1),
    Person("lucas", "Lucas Petit", "4567", 1),
    Person("mei", "陈梅 Chen Mei", "6101", 2),
    Person("tom", "Tom Leroy", "6202", 2),
    Person("ana", "Ana Sousa", "6303", 3),
    Person("jun", "刘军 Liu Jun", "6404", 3),
)


def floor() -> dict[str, Any]:
    """Return a floor plan of forty tables in three rooms; the private rooms seat twelve."""
    areas, number = [], 0
    for room, name, count in ROOMS:
        tables = []
        for _ in range(count):
            number += 1
            seats = PARTY_SEATS if room == "private" else SEATS[number % len(SEATS)]
            tables.append({"id": f"table-{number}", "label": str(number), "seats": seats})
        areas.append({"id": room, "name": name, "tables": tables})
    return {"areas": areas}


@dataclass
class House:
    """The running restaurant, what its tills promised, and how to reach them."""

    restaurant: Restaurant
    folder: Path
    promises: Promises
    items: Sequence[Mapping[str, Any]] = ()
    safe: dict[str, int] = field(default_factory=dict)

    def terminal(self, number: int) -> Terminal:
        """Return a terminal by its number, from 1."""
        return self.restaurant.terminals[number - 1]

    def address(self, number: int) -> str:
        """Return where a browser finds a terminal's till."""
        return f"http://{LOCALHOST}:{self.terminal(number).spot.http_port}"

    def client(self, number: int, token: str = "") -> TillClient:
        """Return a way into a till; it has as long as a busy computer needs."""
        return TillClient(self.terminal(number).spot.http_port, token, timeout_s=60)

    def signed_in(self, number: int, staff: str, pin: str) -> TillClient:
        """Return a way into a till for a person, by their PIN."""
        client = self.client(number)
        done = client.post(f"{API}/sessions", {"pin": pin, "staff": staff}, uuid.uuid4().hex)
        assert done.ok, done.detail
        client.token = done.body["token"]
        return client

    def journal(self, number: int) -> Path:
        """Return the file of a terminal's journal."""
        return self.terminal(number).spot.settings().data_dir / "journal.db"

    def standpoint(self, number: int) -> tuple[object, str] | None:
        """Return a terminal's vector and the digest of its projections, when it answers."""
        with closing(self.client(number, self.restaurant.access.manager)) as client:
            point = Survivor(client).standpoint()
        return (point.vector, point.digest) if point else None

    def hear(self, safe: Mapping[str, int]) -> None:
        """Hear from a till up to which seq each log is on enough terminals."""
        for log, seq in safe.items():
            self.safe[log] = max(seq, self.safe.get(log, 0))
        self.promises.heard(safe)


@contextmanager
def opened() -> Iterator[House]:
    """Open the house for an evening; nothing is left behind."""
    with tempfile.TemporaryDirectory(prefix="comptoir-evening-") as name:
        folder = Path(name)
        broker = mosquitto.find(folder / "cache")
        restaurant = Restaurant(TERMINALS, first_port(TERMINALS + 1), folder, broker)
        house = House(restaurant, folder, Promises())
        watch = Watch(restaurant.terminals, house.hear, lambda: None)
        try:
            restaurant.switch_on()
            watch.start()
            _furnish(house)
            yield house
        finally:
            watch.stop()
            restaurant.shut_down()


def _furnish(house: House) -> None:
    """Publish menu, floor and staff on the first terminal, and wait until all three have them."""
    _import_menu(house)
    manager = house.signed_in(1, MANAGER, MANAGERS_PIN)
    _put(manager, "/floor", floor())
    for one in WAITERS:
        _put(manager, f"/staff/{one.id}", {"name": one.name, "role": "waiter", "pin": one.pin})
    house.items = manager.get(f"{API}/menu").body["items"]
    manager.close()
    wait_until(lambda: _furnished(house), "all terminals have the menu, the floor and the staff")


def _import_menu(house: House) -> None:
    """Hand the menu's file to the first till, as the command line does."""
    file = house.folder / "menu.json"
    file.write_text(export_json(large_menu(DISHES), "EUR"), encoding="utf-8")
    settings = str(house.terminal(1).spot.settings_file)
    command = ["menu", "import", str(file), "--pin", MANAGERS_PIN]
    done = subprocess.run(
        [sys.executable, "-m", "comptoir", "--settings", settings, *command],
        capture_output=True, text=True, timeout=IMPORT_S, check=False,
    )  # fmt: skip
    assert done.stdout.startswith(f"{DISHES} items in "), done.stdout + done.stderr


def _put(manager: TillClient, path: str, body: Mapping[str, Any]) -> None:
    done = manager.put(API + path, json.dumps(body).encode(), JSON, uuid.uuid4().hex)
    assert done.ok, done.detail


def _furnished(house: House) -> bool:
    points = [house.standpoint(number) for number in range(1, TERMINALS + 1)]
    return len(set(points)) == 1 and points[0] is not None


def wait_until(holds: Callable[[], bool], what: str, within_s: float = 180) -> None:
    """Wait for a cause, not for a time; what never comes is named."""
    until = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < until, f"it never came: {what}"
        time.sleep(0.1)
