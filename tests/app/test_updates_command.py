"""What a technician types of updates: how far each terminal is, an offer, at once."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from comptoir.cli import main
from comptoir.commands import Actor, AdmitTerminal
from comptoir.commands.updates import BeginUpdate, EndUpdate, TellSystem, updates
from comptoir.domain.house import SYSTEM
from tests.fakes.box import BOSS, Box
from tests.fakes.bundles import KIND, bundle
from tests.fakes.till import HostTill

Run = Callable[..., Result]
MANAGER = ("--pin", "1234")
PROGRAM = Actor("updates", SYSTEM)


@pytest.fixture
def till(tmp_path: Path) -> Iterator[HostTill]:
    till = HostTill(tmp_path / "till", sample="shop", safe_wait_ms=0)
    yield till
    till.stop()


@pytest.fixture
def run(till: HostTill, tmp_path: Path) -> Run:
    """Return what runs `comptoir updates` on the till's machine."""
    settings = till.write_settings(tmp_path / "comptoir.toml")
    return lambda *words: CliRunner().invoke(main, ["--settings", str(settings), "updates", *words])


def shown(run: Run, *words: str) -> dict[str, Any]:
    return {one["id"]: one for one in json.loads(run("show", *words).output)}


def offered(run: Run, till: HostTill, folder: Path, version: str = "1.2") -> str:
    """Offer a bundle to a terminal that runs 1.0; returns its sum."""
    till.desk.run(TellSystem("s", "1.0", KIND), PROGRAM)
    file = folder / "new.raucb"
    file.write_bytes(bundle(b"root of " + version.encode() * 2000, version))
    done = run("offer", str(file), *MANAGER)
    assert done.output == f"offered {version}\n", done.output
    (offer,) = updates(till.journal).offers
    return offer.bundle


def test_before_anything_is_offered_nothing_is_to_do(run: Run, till: HostTill) -> None:
    assert shown(run)["t1"]["state"] == "nothing"
    till.desk.run(TellSystem("s", "1.0", KIND), PROGRAM)
    row = shown(run)["t1"]
    assert (row["state"], row["version"], row["here"]) == ("nothing", "1.0", True)
    assert run("want", *MANAGER).output == "nothing waits\n"


def test_a_bundle_is_offered_once_and_wanted_once(run: Run, till: HostTill, tmp_path: Path) -> None:
    offered(run, till, tmp_path)
    assert "offered already" in run("offer", str(tmp_path / "new.raucb"), *MANAGER).output
    row = shown(run)["t1"]
    assert (row["state"], row["offered"], row["version"]) == ("waits", "1.2", "1.0")
    assert "does not know this PIN" in run("want", "--pin", "9999").output
    assert run("want", *MANAGER).output == "wanted 1.2\n"
    assert run("want", *MANAGER).output == "nothing waits\n"


def test_what_is_no_bundle_is_not_offered(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "holiday.jpg"
    file.write_bytes(b"no bundle")
    done = run("offer", str(file), *MANAGER)
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert "is no bundle" in done.stderr


def test_a_turn_is_followed_to_its_end(
    run: Run, till: HostTill, tmp_path: Path, make_box: Callable[..., Box]
) -> None:
    card = replace(make_box("t2").card, name="Bar 2", lan_cert="a certificate")
    till.desk.run(AdmitTerminal("a", card), BOSS)
    summed = offered(run, till, tmp_path)
    run("want", *MANAGER)
    till.desk.run(BeginUpdate("b", summed), PROGRAM)
    assert shown(run, "--wait", "0")["t1"]["state"] == "begun"
    till.desk.run(EndUpdate("e", summed, "kept"), PROGRAM)
    found = shown(run, "--wait", "60")
    assert (found["t1"]["state"], found["t2"]["state"]) == ("kept", "nothing")


def test_what_went_wrong_is_said_and_wanted_again(run: Run, till: HostTill, tmp_path: Path) -> None:
    summed = offered(run, till, tmp_path)
    till.desk.run(BeginUpdate("b", summed), PROGRAM)
    till.desk.run(EndUpdate("e", summed, "went back", "the till did not start"), PROGRAM)
    row = shown(run, "--wait", "60")["t1"]
    assert (row["state"], row["why"]) == ("went back", "the till did not start")
    assert run("want", *MANAGER).output == "wanted 1.2\n"
    assert shown(run)["t1"]["state"] == "waits"


def test_who_runs_a_newer_one_is_left_alone(run: Run, till: HostTill, tmp_path: Path) -> None:
    offered(run, till, tmp_path)
    till.desk.run(TellSystem("newer", "1.3", KIND), PROGRAM)
    assert shown(run, "--wait", "60")["t1"]["state"] == "newer"
    assert run("want", *MANAGER).output == "nothing waits\n"
