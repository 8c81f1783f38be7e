"""What RabbitMQ has acknowledged it holds, as role cloud_broker sets it up: through kill -9, with
full queues. Mosquitto holds nothing on disk: there the terminals' own journals are sent again."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.bus import Arrival, topics
from comptoir.cloud import Road
from tests.fakes.cloud_brokers import CloudRabbit
from tests.fakes.cloud_guest import Guest

PATIENCE_S = 240.0
QUIET_S = 10.0
AGED_S = 5.0  # RabbitMQ writes where a queue's log lies a moment after it has made the queue
MESSAGES = 400
QUEUE_BYTES = 1 << 20
UPLOAD = topics.UP.at("r1", "t1")


@pytest.fixture(params=[1, pytest.param(3, marks=pytest.mark.long)])
def rabbit(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CloudRabbit]:
    made = CloudRabbit(tmp_path, request.param, cloud_broker_uploads_bytes_max=QUEUE_BYTES)
    try:
        made.start()
        yield made
    finally:
        made.remove()


def found_queues(rabbit: CloudRabbit) -> None:
    """Have the queues made, as the first worker that ever starts does, not only just now."""
    road = rabbit.road()
    road.start()
    assert road.wait_connected(PATIENCE_S)
    road.stop()
    time.sleep(AGED_S)


def uploaded(
    rabbit: CloudRabbit, folder: Path, payloads: list[bytes], seconds: float
) -> set[bytes]:
    """Send through the last node; returns what was acknowledged."""
    paper = rabbit.papers.for_restaurant("r1")
    certificate, key = folder / "r1.crt", folder / "r1.key"
    certificate.write_bytes(paper.certificate)
    key.write_bytes(paper.key)
    guest = Guest(rabbit.doors[-1], rabbit.folder / "ca.crt", "r1.t1", certificate, key)
    assert guest.comes_in()
    acknowledged = guest.publish_all(UPLOAD, payloads, seconds)
    guest.leave()
    return set(acknowledged)


def taken(road: Road, wanted: set[bytes]) -> set[bytes]:
    """Return what a worker hears until it has all that is wanted, or it stays quiet."""
    road.start()
    assert road.wait_connected(PATIENCE_S)
    heard: set[bytes] = set()
    last_s = time.monotonic()
    while not wanted <= heard and time.monotonic() - last_s < QUIET_S:
        item = road.get(0.5)
        if isinstance(item, Arrival):
            heard.add(item.payload)
            last_s = time.monotonic()
        road.settle(kept=True)
    road.stop()
    return heard


def test_what_was_acknowledged_while_no_worker_lived_survives_a_killed_node(
    rabbit: CloudRabbit, tmp_path: Path
) -> None:
    found_queues(rabbit)
    payloads = [str(number).encode() for number in range(MESSAGES)]
    acknowledged = uploaded(rabbit, tmp_path, payloads, PATIENCE_S)
    assert len(acknowledged) == MESSAGES
    nodes = rabbit.rabbit.nodes
    nodes[0].kill()
    if len(nodes) == 1:
        rabbit.start()
    lost = acknowledged - taken(rabbit.road(), acknowledged)
    sys.stdout.write(f"{len(nodes)} nodes: acked {len(acknowledged)}, lost {len(lost)}\n")
    assert lost == set()


def test_a_full_queue_refuses_and_keeps_what_it_acknowledged(
    rabbit: CloudRabbit, tmp_path: Path
) -> None:
    found_queues(rabbit)
    size = QUEUE_BYTES // 16
    payloads = [number.to_bytes(2, "big") * (size // 2) for number in range(64)]
    acknowledged = uploaded(rabbit, tmp_path, payloads, QUIET_S)
    assert 0 < len(acknowledged) < len(payloads)
    assert acknowledged - taken(rabbit.road(), acknowledged) == set()
