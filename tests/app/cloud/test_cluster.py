"""Three RabbitMQ nodes, one killed with kill -9 while terminals upload: what the broker has said it
holds must come out at the other nodes. Classic queues are the control, and lose."""

import sys
import time
from collections.abc import Iterator

import pytest
from paho.mqtt.client import Client, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

from comptoir.bus import Arrival, topics
from comptoir.cloud.amqp import CLASSIC, QUORUM, AmqpRoad
from tests.fakes.rabbitmq import Rabbit
from tests.fakes.restaurant import until

pytestmark = pytest.mark.long
MESSAGES = 600
PATIENCE_S = 240.0


@pytest.fixture(params=[QUORUM, CLASSIC])
def cluster(request: pytest.FixtureRequest) -> Iterator[tuple[Rabbit, str]]:
    made = Rabbit(3, request.param)
    try:
        made.start()
        yield made, request.param
    finally:
        made.remove()


def _road(cluster: Rabbit, queue_type: str, first: int) -> AmqpRoad:
    """Return a road by way of a node, or the others should it be away."""
    nodes = [node.amqp for node in cluster.nodes]
    return AmqpRoad(nodes[first:] + nodes[:first], queue_type=queue_type)


def _publish(cluster: Rabbit, node: int) -> set[int]:
    """Send messages through a node that lives; returns which of them it acknowledged."""
    acknowledged: set[int] = set()
    client = Client(CallbackAPIVersion.VERSION2, client_id="bridge", protocol=MQTTv311)
    client.on_publish = lambda _c, _u, mid, _r, _p: acknowledged.add(mid)
    at = cluster.nodes[node].mqtt
    client.connect(at.host, at.port)
    client.loop_start()
    for number in range(1, MESSAGES + 1):
        topic = topics.UP.at(f"r{number % 50}", "t1")
        info = client.publish(topic, str(number).encode(), qos=1)
        assert info.mid == number
    until(lambda: len(acknowledged) == MESSAGES, PATIENCE_S, "the broker acknowledges all")
    client.disconnect()
    client.loop_stop()
    return acknowledged


def test_what_a_cluster_acknowledged_survives_a_killed_node_in_quorum_queues_only(
    cluster: tuple[Rabbit, str],
) -> None:
    rabbit, queue_type = cluster
    founder = _road(rabbit, queue_type, 0)  # its node becomes the queues' leader
    founder.start()
    assert founder.wait_connected(PATIENCE_S), founder._fault
    founder.stop()
    acknowledged = _publish(rabbit, 1)
    rabbit.nodes[0].kill()
    heard = _drain(_road(rabbit, queue_type, 1), len(acknowledged), queue_type)
    lost = len(acknowledged - heard)
    sys.stdout.write(
        f"{queue_type}: acked {len(acknowledged)}, lost {lost} with the node of the queues killed\n"
    )
    assert (lost == 0) == (queue_type == QUORUM)


def _drain(road: AmqpRoad, count: int, queue_type: str) -> set[int]:
    """Return the numbers of what comes out, settled in parts as a worker does."""
    heard: set[int] = set()
    road.start()
    quiet_s = PATIENCE_S if queue_type == QUORUM else 20.0
    last_s = time.monotonic()
    while len(heard) < count and time.monotonic() - last_s < quiet_s:
        item = road.get(1.0)
        if isinstance(item, Arrival):
            heard.add(int(item.payload))
            last_s = time.monotonic()
        if item is None or len(heard) % 500 == 0:
            road.settle(kept=True)
    road.stop()
    return heard
