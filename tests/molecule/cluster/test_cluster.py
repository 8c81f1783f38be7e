"""A restaurant at a cloud of three servers, each of which loses its power in turn.

Run by tests/system/test_cluster.py inside the network of the servers.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.bus import Address
from comptoir.cloud.papers import APP, Papers
from comptoir.cloud_link import CloudLink, bridge_block
from comptoir.domain.records import dump
from tests.fakes.cloud_guest import Guest
from tests.fakes.restaurant import Terminal, until
from tests.fakes.servers import NAMES, Servers

PATIENCE_S = 400.0
SOLD = 40
PATRONI = ("sudo", "-u", "postgres", "patronictl", "-c", "/etc/patroni/config.yml")
PSQL = ("sudo", "-u", "postgres", "psql", "--no-align", "--tuples-only")
RECEIVER = "postgres: .*walreceiver"
COUNTED = "SELECT count(*), count(DISTINCT (terminal, epoch, seq)) FROM event"


@pytest.fixture(scope="session")
def servers() -> Servers:
    return Servers(Path(os.environ["CLUSTER_FOLDER"]), os.environ["CLUSTER_NET"])


@pytest.fixture(scope="session")
def till(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    folder = tmp_path_factory.mktemp("restaurant")
    paper = Papers(servers.papers).for_restaurant("r1")
    certificate, key = folder / "r1.crt", folder / "r1.key"
    certificate.write_bytes(paper.certificate)
    key.write_bytes(paper.key)
    link = CloudLink(f"{','.join(NAMES)}:8883", servers.papers / "ca.crt", certificate, key)
    made = Terminal(folder / "t1", "t1", "A", cloud=link)
    card = servers.folder / "one/tree/var/cache/card.json"
    card.write_text(json.dumps(dump(made.card)), encoding="utf-8")
    register = ("comptoir", "cloud", "register", "r1", "/var/cache/card.json")
    servers.run("one", "sudo", "-u", "comptoir-cloud", *register)
    made.know([made])
    made.start()
    made.open_log()
    yield made
    made.stop()


def members(servers: Servers, asked: str) -> dict[str, tuple[str, str]]:
    """Return each database's role and state, as one of the hosts knows it."""
    told = json.loads(servers.run(asked, *PATRONI, "list", "--format", "json"))
    return {one["Member"]: (one["Role"], one["State"]) for one in told}


def leader(servers: Servers, asked: str) -> str:
    (name,) = [name for name, (role, _) in members(servers, asked).items() if role == "Leader"]
    return name


def whole(servers: Servers) -> bool:
    found = members(servers, "one")
    roles = sorted(role for role, state in found.values() if state in {"running", "streaming"})
    return len(roles) == len(NAMES) and "Sync Standby" in roles


def rows(servers: Servers, asked: str) -> str:
    """Return how many events are there, and how many different ones."""
    name = leader(servers, asked)
    return servers.run(name, *PSQL, "--dbname=comptoir", "--command", COUNTED).strip()


def until_held(till: Terminal) -> float:
    sold = {"t1/1": till.seq("t1")}
    return until(lambda: till.safety().cloud == sold, PATIENCE_S, "the mark at the till", 0.1)


def test_the_leader_is_followed_by_one_that_has_what_it_commits(servers: Servers) -> None:
    until(lambda: whole(servers), PATIENCE_S, "all databases", 2)
    name = leader(servers, "one")
    asked = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
    assert servers.run(name, *PSQL, "--command", asked).strip() == "1"


def test_uploads_wait_in_queues_that_three_nodes_hold(servers: Servers, till: Terminal) -> None:
    till.sell(SOLD)
    till.tell_grown()
    until_held(till)
    told = servers.run("one", "rabbitmqctl", "--silent", "--formatter", "json", "list_queues",
                       "name", "type", "members")  # fmt: skip
    queues = [one for one in json.loads(told) if one["name"].startswith("comptoir.ingest.")]
    assert {one["type"] for one in queues} == {"quorum"}
    assert {len(one["members"]) for one in queues} == {len(NAMES)}


def test_a_password_makes_no_restaurant_another(servers: Servers, tmp_path: Path) -> None:
    """RabbitMQ 4 tells its door of no password as of one that is the word none."""
    paper = Papers(servers.papers).for_restaurant("r2")
    certificate, key = tmp_path / "r2.crt", tmp_path / "r2.key"
    certificate.write_bytes(paper.certificate)
    key.write_bytes(paper.key)
    link = CloudLink("", None, certificate, key)
    (own,) = [
        line.removeprefix("remote_clientid ")
        for line in bridge_block("r2", "t1", link).splitlines()
        if line.startswith("remote_clientid ")
    ]

    def comes_in(client: str, name: str = "") -> bool:
        at = Address(servers.address("two"), 8883)
        guest = Guest(at, servers.papers / "ca.crt", client, certificate, key)
        if name:
            guest.say_password(name, "none")
        taken = guest.comes_in()
        guest.leave()
        return taken

    assert comes_in(own)
    for name in ("r1", APP):
        assert not comes_in(own, name)
        assert not comes_in(f"{name}.t1", name)
    assert not comes_in("r2.t1")


@pytest.mark.parametrize("number", range(len(NAMES)))
def test_a_server_without_power_costs_no_event(
    servers: Servers, till: Terminal, number: int
) -> None:
    """First the one whose database leads; then each of the others."""
    until(lambda: whole(servers), PATIENCE_S, "all databases", 2)
    first = NAMES.index(leader(servers, "one")) if number == 0 else number
    name = NAMES[first]
    other = NAMES[(first + 1) % len(NAMES)]
    till.sell(SOLD)
    till.tell_grown()
    led = leader(servers, other) == name
    servers.cut(name)
    try:
        till.sell(SOLD)
        till.tell_grown()
        took_s = until_held(till)
        sys.stdout.write(f"{name} cut{', which led' if led else ''}: held {took_s:.0f} s later\n")
        assert rows(servers, other) == f"{till.seq('t1')}|{till.seq('t1')}"
    finally:
        sys.stdout.write(f"{members(servers, other)}\n")
        servers.boot(name)
        servers.run(other, "rabbitmqctl", "await_online_nodes", str(len(NAMES)), "--timeout", "200")


def test_every_server_is_well_again(servers: Servers) -> None:
    until(lambda: whole(servers), PATIENCE_S, "all databases", 2)
    failed = {name: servers.run(name, "systemctl", "--failed", "--no-legend") for name in NAMES}
    assert failed == dict.fromkeys(NAMES, "")


def test_control_commits_that_wait_for_nobody_are_lost_with_their_server(
    servers: Servers, till: Terminal
) -> None:
    """The same cut, where a mark is sent before a second server has what it says is held."""
    until(lambda: whole(servers), PATIENCE_S, "all databases", 2)
    first = leader(servers, "one")
    others = [name for name in NAMES if name != first]
    let_commits_return_early(servers, first)
    for name in others:
        servers.run(name, "pkill", "-STOP", "-f", RECEIVER)
    till.sell(SOLD)
    till.tell_grown()
    until_held(till)
    till.stop_replica()  # or it would send again what a mark no longer says is held
    servers.cut(first)
    for name in others:
        servers.run(name, "pkill", "-KILL", "-f", RECEIVER)  # with what its socket has taken in
    until(lambda: led_by(servers, others), PATIENCE_S, "another leader", 2)
    kept = int(rows(servers, others[0]).partition("|")[0])
    sys.stdout.write(f"waiting for nobody: {till.seq('t1') - kept} of {SOLD} lost\n")
    assert kept < till.seq("t1")


def let_commits_return_early(servers: Servers, name: str) -> None:
    unsafe = ("--set", "synchronous_mode=false", "--set", "synchronous_mode_strict=false")
    servers.run(name, *PATRONI, "edit-config", "--force", *unsafe)
    asked = (*PSQL, "--command", "SHOW synchronous_standby_names")
    until(
        lambda: not servers.run(name, *asked).strip(),
        PATIENCE_S,
        "commits that wait for nobody",
        2,
    )


def led_by(servers: Servers, names: list[str]) -> bool:
    """Tell whether one of these leads."""
    found = members(servers, names[0])
    return any(role == "Leader" and name in names for name, (role, _) in found.items())
