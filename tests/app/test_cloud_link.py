"""The bridge's block is what was proven against faults."""

import json
from pathlib import Path

from comptoir.cloud_link import CloudLink, bridge_block

EXPECTED = """\
connection cloud
address cloud.example:8883
remote_clientid r1.t1
local_clientid r1-t1-bridge
topic r/r1/up/# out 1
topic r/r1/down/# in 1
cleansession false
notifications false
try_private false
restart_timeout 1 5
keepalive_interval 10
bridge_attempt_unsubscribe false
bridge_cafile /i/cloud-ca.crt
bridge_certfile /i/cloud.crt
bridge_keyfile /i/cloud.key
"""


def test_the_block_is_exactly_this() -> None:
    files = [Path("/i") / name for name in ("cloud-ca.crt", "cloud.crt", "cloud.key")]
    link = CloudLink("cloud.example:8883", *files)
    assert bridge_block("r1", "t1", link) == EXPECTED


def test_without_certificates_it_is_plain(tmp_path: Path) -> None:
    where = json.dumps({"host": "127.0.0.1", "port": 1883})
    (tmp_path / "cloud.json").write_text(where, encoding="utf-8")
    link = CloudLink.read(tmp_path)
    assert link is not None
    assert "bridge_cafile" not in bridge_block("r1", "t1", link)


def test_an_enrolled_terminal_knows_its_cloud(tmp_path: Path) -> None:
    where = json.dumps({"host": "cloud.example", "port": 8883})
    (tmp_path / "cloud.json").write_text(where, encoding="utf-8")
    (tmp_path / "cloud-ca.crt").write_text("pem", encoding="utf-8")
    link = CloudLink.read(tmp_path)
    assert link is not None
    assert link.certificate == tmp_path / "cloud.crt"


def test_a_terminal_without_cloud_has_no_link(tmp_path: Path) -> None:
    assert CloudLink.read(tmp_path) is None


def test_of_a_cluster_the_bridge_knows_every_host() -> None:
    lines = bridge_block("r1", "t1", CloudLink("one,two,three:8883")).splitlines()
    assert "address one:8883 two:8883 three:8883" in lines
