"""The playbook of updates: begins what is offered, follows each one, stops at the first fault."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from comptoir.commands import Actor
from comptoir.commands.updates import BeginUpdate, EndUpdate, TellSystem, updates
from comptoir.domain.house import SYSTEM
from tests.fakes.bundles import KIND, bundle, root
from tests.playbooks.conftest import Site, changes

PIN = ("-e", "pin=1234")
PROGRAM = Actor("updates", SYSTEM)
LOOK_S = 0.1


@dataclass
class Program:
    """Plays the updates program of `till-a.test`: what is wanted is installed, and ends so."""

    site: Site
    outcome: str = "kept"
    turns: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.site.till.desk.run(TellSystem("s", "1.0", KIND), PROGRAM)
        self.site.hold_safe()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        desk = self.site.till.desk
        while not self._over.wait(LOOK_S):
            state = updates(self.site.till.journal)
            mine = state.mine("t1")
            for offer in state.offers:
                if offer.at_once and (mine is None or mine.bundle != offer.bundle):
                    self.turns += 1
                    desk.run(BeginUpdate(f"b{self.turns}", offer.bundle), PROGRAM)
                    end = EndUpdate(f"e{self.turns}", offer.bundle, self.outcome, "no till")
                    desk.run(end, PROGRAM)
            self.site.hold_safe()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()


@pytest.fixture
def program(site: Site) -> Iterator[Program]:
    file = site.folder / "new.raucb"
    file.write_bytes(bundle(root(), "1.2"))
    made = Program(site)
    yield made
    made.stop()


def play(site: Site, *words: str) -> tuple[int, str]:
    spot = f"brought_folder={site.folder}"
    done = site.play("update", "-e", spot, *PIN, *words)
    return done.returncode, done.stdout


def test_what_is_brought_is_offered_and_followed_once(site: Site, program: Program) -> None:
    brought = ("-e", f"bundle={site.folder / 'new.raucb'}")
    code, told = play(site, *brought, "--check")
    assert (code, changes(told), program.turns) == (0, 0, 0), told
    code, told = play(site, *brought)
    assert (code, changes(told), program.turns) == (0, 3, 1), told
    code, told = play(site, *brought)
    assert (code, changes(told), program.turns) == (0, 0, 1), told
    assert "Bar: 1.0, kept 1.2" in told


@pytest.mark.long
def test_where_nothing_is_offered_nothing_is_to_do(site: Site, program: Program) -> None:
    code, told = play(site)
    assert (code, changes(told), program.turns) == (0, 0, 0), told


@pytest.mark.long
def test_it_stops_where_one_went_back_and_tries_again_when_told(
    site: Site, program: Program
) -> None:
    program.outcome = "went back"
    code, told = play(site, "-e", f"bundle={site.folder / 'new.raucb'}")
    assert code != 0
    assert "The update went wrong at Bar: no till" in told
    program.outcome = "kept"
    code, told = play(site)
    assert (code, changes(told), program.turns) == (0, 1, 2), told


@pytest.mark.long
def test_what_is_no_bundle_is_not_offered(site: Site, program: Program) -> None:
    file = site.folder / "holiday.jpg"
    code, told = play(site, "-e", f"bundle={file}")
    assert code != 0
    assert f"There is no file {file}" in told
    file.write_bytes(b"no bundle")
    code, told = play(site, "-e", f"bundle={file}")
    assert code != 0
    assert "Not offered: Error: " in told
    assert "is no bundle" in told
    assert not (site.folder / "brought.raucb").exists()
    assert program.turns == 0
