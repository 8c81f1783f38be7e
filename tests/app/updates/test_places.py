"""Where a terminal asks its peers for an update."""

from pathlib import Path

import pytest

from comptoir.bootstrap.updates import _Peers
from comptoir.bus import Address
from comptoir.settings import Settings
from tests.fakes.restaurant import Terminal

WRITTEN, NAMED = Address("192.0.2.7", 8884), Address("comptoir-t2.local", 8884)


@pytest.mark.parametrize(
    ("written", "name", "places"),
    [
        ('{"t2": "192.0.2.7:8883"}', "", [WRITTEN]),
        ('{"t2": "192.0.2.7:8883"}', "comptoir-{id}.local", [WRITTEN, NAMED]),
        ("{}", "comptoir-{id}.local", [NAMED]),
        ("{}", "", []),
    ],
)
def test_a_peer_is_asked_where_it_is_written_down_and_by_its_name(
    tmp_path: Path, written: str, name: str, places: list[Address]
) -> None:
    one, two = (Terminal(tmp_path / n, n, n[-1]) for n in ("t1", "t2"))
    one.open_log()
    one.admit(two.card)
    peers_file = tmp_path / "peers.json"
    peers_file.write_text(written, encoding="utf-8")
    settings = Settings(peers_file=peers_file, peer_name=name)
    found = _Peers(one.journal, one.identity, settings).sources(["t2"])
    assert [source.at for source in found] == places
    for terminal in (one, two):
        terminal.journal.close()
