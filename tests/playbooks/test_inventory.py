"""Any terminal lists its restaurant for Ansible; what goes wrong is said in one line."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from comptoir.commands import AdmitTerminal, RetireTerminal
from tests.fakes.box import BOSS, Box
from tests.playbooks.conftest import INVENTORY, Site


def admit(site: Site, box: Box, name: str) -> None:
    site.till.desk.run(AdmitTerminal(f"a-{box.name}", replace(box.card, name=name)), BOSS)


def test_it_lists_who_takes_part_and_where(site: Site, make_box: Callable[..., Box]) -> None:
    for name in ("t2", "t3", "t4"):
        admit(site, make_box(name), f"Bar {name}")
    site.till.desk.run(RetireTerminal("r", "t3", "stolen"), BOSS)
    (site.folder / "peers.json").write_text('{"t2": "192.0.2.7:8883", "t3": "192.0.2.8:8883"}')
    done = site.run(str(INVENTORY), "--list")
    found = json.loads(done.stdout)
    assert found["terminals"]["hosts"] == ["t1", "t2"]
    assert found["asked"]["hosts"] == ["t1"]
    hosts = {name: at["ansible_host"] for name, at in found["_meta"]["hostvars"].items()}
    assert hosts == {"t1": "till-a.test", "t2": "192.0.2.7"}
    left_out = "restaurant: Bar t4 (t4) is left out: nobody knows its address"
    assert done.stderr.startswith(left_out)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("root@x: Permission denied (publickey).", "till-a.test lets in somebody else."),
        ("ssh: connect to host x port 22: Connection refused", "till-a.test lets nobody in."),
        ("Host key verification failed.", "till-a.test is not the one it was."),
        ("sh: 1: comptoir: not found", "did not say who takes part: sh: 1: comptoir: not found"),
        ("", "did not say who takes part: it said nothing"),
    ],
)
def test_who_is_not_let_in_reads_one_line(site: Site, said: str, told: str) -> None:
    site.refuse(said)
    done = site.run(str(INVENTORY), "--list")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert told in done.stderr


@pytest.mark.parametrize("terminal", ["", "-oProxyCommand=id"])
def test_who_names_no_terminal_is_told_how(site: Site, terminal: str) -> None:
    done = site.run(str(INVENTORY), "--list", terminal=terminal)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "TILL=till-b.local" in done.stderr
    assert not (site.folder / "reached").exists()


def test_what_is_no_terminal_is_said(site: Site) -> None:
    (site.folder / "bin/comptoir").write_text("#!/bin/sh\necho hello\n")
    assert "is no terminal: 'hello" in site.run(str(INVENTORY), "--list").stderr
