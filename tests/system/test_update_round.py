"""A booted terminal takes its turn with an update that a peer gives it, and nobody helps it.

A manager offers it over the API and wants it at once; the terminal's own programs do the rest:
fetch it from the peer over mTLS, have RAUC read it from their tap, restart, try it, keep it or go
back. QEMU's CM4 has no firmware: the test is it, and starts a trial where the kernel's last words
ask for one.
"""

import http.cookiejar
import re
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from comptoir.domain.house import Card
from comptoir.domain.records import dump, load
from comptoir.updates.bundles import About
from imagebuilder import disk
from imagebuilder.plan import load_plan
from tests.fakes.neighbour import Neighbour
from tests.fakes.restaurant import Terminal, until
from tests.image.stages.test_bundle import new_key
from tests.system.box import Box
from tests.system.conftest import PEER, RESTAURANT
from tests.system.hand import MANAGER
from tests.system.updates import Press

pytestmark = [pytest.mark.system, pytest.mark.long]  # a terminal of its own for each

TOP = Path(__file__).parents[2]
UPDATES = 8884
ASKS_FOR_TRIAL = "Restarting system with command '0 tryboot'"
INSTALLS_S_MAX = 3000
TRIAL_S_MAX = 2400
TOLD_S_MAX = 1200
LEFT_BYTES = 1 << 20  # of the boot partition: no kernel is so small
SLOTS = "/usr/lib/comptoir/boot_slots.py"
FULL = "the boot partition is full"
NO_TILL = "comptoir-till.service is not active"
NEVER_CAME_UP = "it did not come up"
SILENT = {  # a system whose till never starts, and that waits for it no longer than it must
    b"ExecStart=/usr/bin/comptoir till --wait": b"ExecStart=/usr/bin/comptoir tilt --wait",
    b"--deadline 600": b"--deadline 300",
}


class Street:
    """A CM4, the peer that gives it updates, and what the two say of each other."""

    def __init__(self, image: Path, folder: Path) -> None:
        self.peer = Terminal(folder / "peer", "t2", "B")
        self.giver = Neighbour(self.peer.identity)
        lan = self.peer.broker.lan_port
        enrolment = {
            "restaurant": RESTAURANT,
            "terminal": {"id": "t1", "letter": "A", "name": "Bar"},
            "peers": {"t2": f"{PEER}:{lan}"},
        }
        reach = {f"{PEER}:{lan}": lan, f"{PEER}:{UPDATES}": self.giver.door.server_port}
        self.box = Box("cm4", image, folder / "box", enrolment=enrolment, services=reach)

    def start(self, *, trial: bool = False) -> None:
        """Power on, until the till sells; the kernel's words would mix with the console's."""
        self.box.start(tryboot=trial)
        self.box.sign_in()
        self.box.console.run("dmesg --console-level emerg")

    def join(self) -> None:
        """Let both take part."""
        card = load(Card, self.box.get("/terminal"))
        self.peer.trust[card.terminal] = card
        book = self.peer.folder / "peers.json"
        book.write_text(f'{{"{card.terminal}": "127.0.0.1:{self.box.lan_port}"}}', "utf-8")
        self.peer.broker.start()
        self.peer.start_process()
        self.box.post("/terminals", {"card": dump(self.peer.card)})
        self.giver.known = [card]
        self.giver.door.start()

    def stop(self) -> None:
        """Leave no process behind."""
        self.box.kill()
        self.giver.door.stop()
        self.peer.stop()

    def wants(self, about: About) -> None:
        """Offer what the peer has, and want it at once."""
        offer = {name: getattr(about, name) for name in ("bundle", "compatible", "version", "size")}
        self.box.post("/updates", offer)
        self.box.post(f"/updates/{about.bundle}/want", {})

    def goes_down(self, seconds: float) -> bool:
        """Wait for a restart; tell whether it asks the firmware for a trial."""
        self.box.wait_down(seconds)
        return self.box.told().rstrip().endswith(ASKS_FOR_TRIAL)

    def ends(self, outcome: str, seconds: float) -> str:
        """Wait for the end of this terminal's turn; returns the reason that it gives."""
        turn: dict[str, str] = {}

        def ended() -> bool:
            turns = self.box.get("/updates")["turns"]
            turn.update(next((one for one in turns if one["terminal"] == "t1"), {}))
            return turn.get("outcome") == outcome

        self.wait(ended, seconds, outcome)
        return turn["why"]

    def is_refused(self, why: str) -> None:
        """Wait until root's helper has left these words for the updates program."""
        ask = "cat /run/comptoir-update/result.json"
        self.wait(lambda: why in self.box.console.attempt(ask)[1], INSTALLS_S_MAX, why)

    def wait(self, true: Callable[[], object], seconds: float, what: str) -> None:
        """Wait for something; say what the terminal's programs said if it does not come."""
        units = "-u comptoir-updates -u comptoir-update-orders -u rauc"
        try:
            until(true, seconds, what, 2)
        except AssertionError as error:
            said = self.box.console.run(f"journalctl {units} -n 40 --no-pager -o cat")
            raise AssertionError(f"{error}\n{said}") from error
        self.box.till.close()  # it hangs up on who is silent

    def slots(self) -> tuple[str, str]:
        """Return which slot runs, and which boots next."""
        ask = self.box.console.run
        return ask(f"{SLOTS} get-current"), ask(f"{SLOTS} get-primary")

    def sells_on(self, check: str) -> None:
        """Assert that what was sold is there, and that more can be."""
        assert self.box.get(f"/checks/{check}")["state"] == "settled"
        self.box.sell()

    def screen(self) -> str:
        """Return the till's page of terminals, as its manager sees it."""
        site = f"http://127.0.0.1:{self.box.till_port}"
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        browser = urllib.request.build_opener(jar)
        found = re.search(r'"X-CSRF-Token": "(\w+)"', browser.open(f"{site}/").read().decode())
        assert found
        staff, pin = MANAGER
        form = {"command": uuid.uuid4().hex, "csrf": found[1], "staff": staff, "pin": pin}
        browser.open(f"{site}/sign-in", urlencode(form).encode()).read()
        return str(browser.open(f"{site}/manager/terminals").read().decode())


def fill_boot_partition(card: Path, folder: Path) -> None:
    """Leave next to nothing of a card's boot partition."""
    drive = f"{card}@@{disk.partition('boot').start}"
    listed = subprocess.run(["mdir", "-i", drive, "::"], check=True, capture_output=True, text=True)
    free = re.search(r"([\d ]+) bytes free", listed.stdout)
    assert free, listed.stdout
    full = folder / "full"
    with full.open("wb") as file:
        file.truncate(int(free[1].replace(" ", "")) - LEFT_BYTES)
    subprocess.run(["mcopy", "-i", drive, str(full), "::/full"], check=True)


@pytest.fixture(scope="module")
def press(image: Path, tmp_path_factory: pytest.TempPathFactory) -> Press:
    version = load_plan(TOP, base="debian", profile="bench").version
    return Press(image, tmp_path_factory.mktemp("updates"), version)


@pytest.fixture
def street(image: Path, tmp_path: Path) -> Iterator[Street]:
    """A terminal and its peer, both switched off."""
    street = Street(image, tmp_path)
    yield street
    street.stop()


def test_what_a_peer_gives_is_read_from_the_tap_tried_and_stays_because_the_till_sells(
    street: Street, press: Press
) -> None:
    about = street.giver.has(press.put("kept", press.changed_root())).about
    street.start()
    street.join()
    check, before = street.box.sell(), street.slots()
    begin = time.monotonic()
    street.wants(about)
    assert street.goes_down(INSTALLS_S_MAX)
    down_s = time.monotonic() - begin
    assert street.giver.asked > 1
    street.start(trial=True)
    assert not street.ends("kept", TOLD_S_MAX)
    kept_s = time.monotonic() - begin
    after = street.slots()
    assert after[0] == after[1] != before[0]
    street.sells_on(check)
    print(f"restarts after {down_s:.0f} s, kept after {kept_s:.0f} s")  # noqa: T201  for the docs


@pytest.mark.parametrize(
    ("root", "why"), [("silent", NO_TILL), ("bare", NEVER_CAME_UP)], ids=["silent", "bare"]
)
def test_a_system_that_does_not_sell_goes_back_by_itself_and_the_screen_says_so(
    street: Street, press: Press, root: str, why: str
) -> None:
    """The one starts without its till, the other's kernel panics."""
    made = press.changed_root(SILENT) if root == "silent" else press.bare_root()
    about = street.giver.has(press.put(root, made)).about
    street.start()
    street.join()
    check, before = street.box.sell(), street.slots()
    street.wants(about)
    assert street.goes_down(INSTALLS_S_MAX)
    street.box.power_on(tryboot=True)
    assert not street.goes_down(TRIAL_S_MAX)
    street.start()
    assert street.ends("went back", TOLD_S_MAX) == why
    assert street.slots() == before
    page = street.screen()
    assert "lamp-update" in page
    assert why in page
    street.sells_on(check)


def test_what_cannot_be_installed_is_refused_in_words_and_nothing_changes(
    street: Street, press: Press, tmp_path: Path
) -> None:
    """An older version, a stranger's, and one for which the boot partition has no room."""
    older = street.giver.has(press.put("older", press.bare_root(), version="0.0.1")).about
    strangers = street.giver.has(
        press.put("strangers", press.bare_root(), key=new_key(tmp_path))
    ).about
    large = street.giver.has(press.put("large", press.bare_root())).about
    fill_boot_partition(street.box.machine.disk, tmp_path)
    street.start()
    street.join()
    before = street.slots()
    street.wants(older)
    street.wait(lambda: street.box.get("/updates")["step"] == "older", TOLD_S_MAX, "it is older")
    for about, why in ((strangers, "signature verification failed"), (large, FULL)):
        street.wants(about)
        street.is_refused(why)
    assert street.slots() == before
    street.box.sell()
