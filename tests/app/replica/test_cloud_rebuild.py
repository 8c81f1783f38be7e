"""A wiped terminal is rebuilt from the cloud and equals what it was (K14): real brokers, a real
bridge, the keys that survived, an empty disk."""

import sys
import time
from pathlib import Path

import pytest

from comptoir.cloud_link import CloudLink
from comptoir.journal import Journal
from tests.app.replica.conftest import Staff
from tests.fakes.cloud import Cloud
from tests.fakes.restaurant import Terminal, until

SOLD = 250  # more than one batch


def wipe(terminal: Terminal) -> None:
    """Take away the journal; the identity, on another partition, stays."""
    terminal.stop_replica()
    terminal.journal.close()
    for file in terminal.folder.glob("journal.db*"):
        file.unlink()
    terminal.journal = Journal(terminal.folder / "journal.db")
    terminal.journal.migrate()


def test_a_lone_terminal_that_lost_its_disk_gets_everything_back(
    terminals: Staff, cloud: Cloud
) -> None:
    (till,) = terminals(1, cloud=cloud.address)
    cloud.register([till.card])
    till.sell(SOLD)
    until(lambda: cloud.held("t1") == SOLD, 60, "all in the cloud")
    before = till.journal.vector(), till.journal.digest()
    wipe(till)
    assert till.journal.vector() == {}
    till.start(broker=False)
    took_s = until(lambda: till.seq("t1") == SOLD, 60, "everything back from the cloud")
    assert (till.journal.vector(), till.journal.digest()) == before
    sys.stdout.write(f"{SOLD} events back from the cloud in {took_s:.1f} s\n")


def test_who_joins_without_its_peers_gets_the_absent_ones_events_from_the_cloud(
    terminals: Staff, cloud: Cloud, tmp_path: Path
) -> None:
    (one,) = terminals(1, cloud=cloud.address)
    two = Terminal(tmp_path / "two", "t2", "B", cloud=CloudLink(str(cloud.address)))
    cloud.register([one.card, two.card])
    one.sell(20)
    until(lambda: cloud.held("t1") == 20, 30)
    one.stop_replica()
    one.broker.kill()
    two.know([one, two])
    two.start()
    until(lambda: two.seq("t1") == 20, 30, "the absent terminal's events")
    assert two.journal.digest() == one.journal.digest()
    two.stop()


@pytest.mark.parametrize("held", [True, False], ids=["no internet", "control"])
def test_without_internet_nothing_comes_and_nothing_breaks(
    terminals: Staff, cloud: Cloud, held: bool
) -> None:
    (till,) = terminals(1, cloud=cloud.address)
    cloud.register([till.card])
    till.sell(5)
    until(lambda: cloud.held("t1") == 5, 30)
    wipe(till)
    if held:
        cloud.internet.cut()
    till.start(broker=False)
    if held:
        time.sleep(1.5)
        assert till.seq("t1") == 0
    else:
        until(lambda: till.seq("t1") == 5, 30)
