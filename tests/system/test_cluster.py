"""playbooks/cloud.yml on three booted servers: RabbitMQ in a cluster, PostgreSQL under Patroni."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.fakes.servers import NAMES, TOP, Servers

pytestmark = [pytest.mark.system, pytest.mark.long]
CHANGED_NOTHING = "changed=0 "


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    made = Servers(tmp_path_factory.mktemp("servers"), f"comptoir-{os.getpid()}")
    try:
        made.make()
        made.set_up()
        yield made
    finally:
        made.remove()


def test_a_second_run_changes_nothing(servers: Servers) -> None:
    recap = servers.set_up().splitlines()
    lines = [line for line in recap if line.split(" ")[0] in NAMES]
    assert len(lines) == len(NAMES)
    assert [line for line in lines if CHANGED_NOTHING not in line] == []


def test_any_one_of_them_may_lose_its_power(servers: Servers) -> None:
    done = subprocess.run(
        ["ip", "netns", "exec", servers.net, sys.executable, "-m", "pytest", "-q", "-rA", "-p",
         "no:cacheprovider", "tests/molecule/cluster"],
        cwd=TOP,
        env=os.environ
        | {"CLUSTER_FOLDER": str(servers.folder), "CLUSTER_NET": servers.net},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    sys.stdout.write(done.stdout)
    assert done.returncode == 0, done.stdout[-4000:]
