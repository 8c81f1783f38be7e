"""From a till to the cloud over real brokers and Mosquitto's own bridge."""

import sys

from tests.app.replica.conftest import Staff
from tests.fakes.cloud import Cloud
from tests.fakes.restaurant import until


def test_events_reach_the_cloud_and_the_mark_comes_back(terminals: Staff, cloud: Cloud) -> None:
    (till,) = terminals(1, cloud=cloud.address)
    cloud.register([till.card])
    till.sell(30)
    took_s = until(lambda: cloud.held("t1") == 30, 20, "30 events in the cloud")
    sys.stdout.write(f"30 events in the cloud after {took_s * 1000:.0f} ms\n")
    until(lambda: till.safety().cloud == {"t1/1": 30}, 5, "the mark at the till")
    assert till.safety().safe == {"t1/1": 30}
