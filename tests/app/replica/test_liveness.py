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


def unsure_of(liveness: Liveness, **ahead_ms: tuple[int, bool]) -> None:
    for peer, (ahead, sure) in ahead_ms.items():
        liveness.heard(peer, 0.0)
        liveness.says(peer, cloud=False, ahead_ms=ahead, sure=sure)


def test_who_is_unsure_takes_the_time_of_those_who_are_sure() -> None:
    liveness = Liveness(1.5)
    unsure_of(liveness, t2=(60_000, False), t3=(-7000, True), t4=(90_000, False))
    assert liveness.off_ms(1.0, unsure=True) == -7000
    assert liveness.off_ms(1.0) == 0, "who is sure asks nobody who is not"
    assert liveness.knows_time(1.0)


def test_when_nobody_is_sure_the_median_of_the_unsure_is_taken() -> None:
    liveness = Liveness(1.5)
    unsure_of(liveness, t2=(60_000, False), t3=(70_000, False), t4=(90_000, False))
    assert liveness.off_ms(1.0, unsure=True) == 70_000
    assert liveness.off_ms(1.0) == 0
    assert not liveness.knows_time(1.0)


def test_the_house_speaks_what_its_oldest_version_understands_until_that_one_is_out() -> None:
    liveness = Liveness(1.5)
    assert liveness.speaks(3) == 3
    liveness.understands("t2", 4)
    liveness.understands("t3", 2)
    assert liveness.speaks(3) == 2
    liveness.forget("t3")
    assert liveness.speaks(3) == 3


def test_who_is_away_comes_back_as_it_was() -> None:
    liveness = Liveness(1.5)
    liveness.heard("t2", 0.0)
    liveness.understands("t2", 1)
    assert "t2" not in liveness.live(9.0)
    assert liveness.speaks(2) == 1
