"""The uplink under TLS, as in service: bridge and ingest with papers of the cloud's authority."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.cloud_link import CloudLink
from tests.fakes.cloud import Cloud
from tests.fakes.papers import Authority
from tests.fakes.restaurant import PACE, Terminal, until


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "papers")


@pytest.fixture
def cloud(tmp_path: Path, authority: Authority) -> Iterator[Cloud]:
    made = Cloud(tmp_path / "cloud", authority=authority)
    made.start()
    yield made
    made.stop()


def till_at(folder: Path, link: CloudLink) -> Terminal:
    till = Terminal(folder, "t1", "A", PACE, link)
    till.know([till])
    till.start()
    till.open_log()
    return till


def test_events_reach_the_cloud_and_the_mark_comes_back(
    tmp_path: Path, cloud: Cloud, authority: Authority
) -> None:
    certificate, key = authority.issue("t1", "r1/t1")
    till = till_at(tmp_path / "t1", CloudLink(str(cloud.address), authority.ca, certificate, key))
    cloud.register([till.card])
    till.sell(5)
    until(lambda: till.safety().cloud == {"t1/1": 5}, 20, "the mark at the till")
    till.stop()


def test_a_bridge_talks_to_no_cloud_of_another_authority(
    tmp_path: Path, cloud: Cloud, authority: Authority
) -> None:
    certificate, key = authority.issue("t1", "r1/t1")
    other = Authority(tmp_path / "other")
    till = till_at(tmp_path / "t1", CloudLink(str(cloud.address), other.ca, certificate, key))
    cloud.register([till.card])
    till.sell(1)
    with pytest.raises(AssertionError, match="not within"):
        until(lambda: till.safety().cloud, 3)
    till.stop()


def test_a_cloud_lets_no_bridge_in_that_has_no_certificate_of_it(
    tmp_path: Path, cloud: Cloud, authority: Authority
) -> None:
    stranger = Authority(tmp_path / "other").issue("t1", "r1/t1")
    till = till_at(tmp_path / "t1", CloudLink(str(cloud.address), authority.ca, *stranger))
    cloud.register([till.card])
    till.sell(1)
    with pytest.raises(AssertionError, match="not within"):
        until(lambda: till.safety().cloud, 3)
    till.stop()
