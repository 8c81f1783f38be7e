"""Heartbeats: alive while heard, dead after so long without."""

from comptoir.replica.liveness import Liveness


def test_a_peer_lives_until_its_heartbeats_are_missed() -> None:
    liveness = Liveness(1.5)
    liveness.heard("t2", 10.0)
    assert liveness.live(11.4) == {"t2"}
    assert liveness.live(11.5) == set()


def test_only_live_peers_that_say_so_are_online() -> None:
    liveness = Liveness(1.5)
    for peer in ("t2", "t3"):
        liveness.heard(peer, 0.0)
    liveness.says("t2", cloud=True)
    liveness.says("t3", cloud=False)
    assert liveness.online(1.0) == {"t2"}
    assert liveness.online(2.0) == set()


def test_a_retired_peer_is_forgotten() -> None:
    liveness = Liveness(1.5)
    liveness.heard("t2", 0.0)
    liveness.says("t2", cloud=True)
    liveness.forget("t2")
    assert liveness.live(0.1) == set()
