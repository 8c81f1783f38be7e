"""A booted terminal is updated over the network: what may not come in, and what stays.

QEMU's CM4 has no firmware to ask, so the test begins the trial itself; that the kernel asks is
shown on a CM3. Which files boot is the firmware's rules' choice.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from imagebuilder.plan import load_plan
from tests.fakes.restaurant import until
from tests.fakes.shelf import Shelf
from tests.image.stages.test_bundle import new_key
from tests.system.box import Box, running
from tests.system.updates import Press

pytestmark = [pytest.mark.system, pytest.mark.long]  # each trial is a boot more

TOP = Path(__file__).parents[2]
SHELF, TILLS = "10.0.2.102", 8080  # a port that a terminal may reach at its peers
INSTALLS_S_MAX = 1500
DOWN_S_MAX = 300
NOTED_S_MAX = 900


class Updated(Box):
    """A terminal within reach of a shelf with updates."""

    def __init__(self, board: str, press: Press, shelf: Shelf, folder: Path) -> None:
        reach = {f"{SHELF}:{TILLS}": shelf.port}
        super().__init__(board, press.image, folder, services=reach)

    def install(self, name: str) -> tuple[int, str]:
        """Let RAUC install it; returns its exit code and what it said."""
        self.console.run("dmesg --console-level emerg")  # nbd's own words would mix with RAUC's
        where = f"http://{SHELF}:{TILLS}/{name}.raucb"
        return self.console.attempt(f"rauc install {where} 2>&1", INSTALLS_S_MAX)

    def slots(self) -> dict[str, str]:
        """Return which slot runs, which boots next, and what is in the other's folder."""
        ask = "/usr/lib/comptoir/boot_slots.py"
        said = {name: self.console.run(f"{ask} get-{name}") for name in ("current", "primary")}
        return {**said, "b": self.console.run("cd /boot/firmware/slot-b && sha256sum *")}

    def restart(self) -> bool:
        """Restart, and tell whether the firmware was asked for a trial."""
        self.console.send("systemctl reboot\n")
        self.wait_down(DOWN_S_MAX)
        return self.machine.tryboot_asked()

    def outcome(self) -> dict[str, str]:
        """Return how the last trial ended."""
        code, said = self.console.attempt("cat /keys/update/outcome.json")
        return dict(json.loads(said)) if code == 0 else {}


@pytest.fixture(scope="module")
def press(image: Path, tmp_path_factory: pytest.TempPathFactory) -> Press:
    version = load_plan(TOP, base="debian", profile="bench").version
    press = Press(image, tmp_path_factory.mktemp("updates"), version)
    (press.shelf / "own.raucb").symlink_to(press.own)
    return press


@pytest.fixture(scope="module")
def shelf(press: Press) -> Iterator[Shelf]:
    shelf = Shelf(press.shelf)
    shelf.start()
    yield shelf
    shelf.stop()


@pytest.fixture(scope="module")
def box(press: Press, shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Updated]:
    """A CM4 that has sold something."""
    box = Updated("cm4", press, shelf, tmp_path_factory.mktemp("cm4") / "box")
    with running(box):
        box.sign_in()
        box.sell()
        yield box


def test_a_strangers_update_and_an_older_one_are_refused_and_nothing_changes(
    box: Updated, press: Press, tmp_path: Path
) -> None:
    press.put("strangers", press.bare_root(), key=new_key(tmp_path))
    press.put("older", press.bare_root(), version="0.0.1")
    before = box.slots()
    assert before["primary"] == before["current"] == "slot-a"
    for name, reason in (("strangers", "signature verification failed"), ("older", "older than")):
        code, said = box.install(name)
        assert code != 0, said
        assert reason in said
        assert box.slots() == before


def test_a_system_that_sells_is_kept_and_boots_from_then_on(box: Updated) -> None:
    check = box.sell()
    code, said = box.install("own")
    assert code == 0, said
    assert not box.restart()
    box.start(tryboot=True)
    is_kept(box, check)


def is_kept(box: Updated, check: str) -> None:
    """Assert that slot B, on trial, stays because it sells, with all its data."""
    until(lambda: box.outcome().get("outcome") == "kept", NOTED_S_MAX, "the outcome", 2)
    sells_on(box, check)
    assert not box.restart()
    box.start()
    slots = box.slots()
    assert slots["current"] == slots["primary"] == "slot-b"
    sells_on(box, check)


def sells_on(box: Updated, check: str) -> None:
    """Assert that what was sold is there, and that more can be."""
    box.sign_in()
    assert box.get(f"/checks/{check}")["state"] == "settled"
    box.sell()
