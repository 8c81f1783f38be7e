"""A bundle from a peer over mTLS, in parts, at a rate; from the next one when that goes away."""

import http.client
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from comptoir.updates import bundles
from comptoir.updates.bundles import Content, Held
from comptoir.updates.door import Door, Lost, asked, path_of
from comptoir.updates.rate import Rate
from comptoir.updates.sources import ROUNDS_MAX, Remote, Source
from tests.fakes.bundles import bundle, root
from tests.fakes.neighbour import FAST, Neighbour

Neighbours = list[Neighbour]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "own.raucb"
    place.write_bytes(bundle(root()))
    return place


class Asking:
    """Makes remote bundles, and hangs up after the test."""

    def __init__(self) -> None:
        self.made: list[Remote] = []
        self.pauses: list[float] = []

    def __call__(self, held: Held, *sources: Source) -> Remote:
        about = held.about
        self.made.append(Remote(about.bundle, about.size, sources, Rate(FAST), self.pauses.append))
        return self.made[-1]


@pytest.fixture
def remote() -> Iterator[Asking]:
    asking = Asking()
    yield asking
    for one in asking.made:
        one.close()


def test_a_peers_bundle_is_read_byte_for_byte(
    neighbours: Neighbours, remote: Asking, file: Path
) -> None:
    one, two, _ = neighbours
    held = two.has(file)
    got = remote(held, two.seen_by(one))
    assert b"".join(bundles.pieces(got)) == file.read_bytes()
    assert got.read(5, 7) == file.read_bytes()[5:12]
    assert got.taken == {"t2": held.size + 7}


def test_who_has_it_not_or_is_gone_is_passed_over(
    neighbours: Neighbours, remote: Asking, file: Path
) -> None:
    one, two, three = neighbours
    held = three.has(file)
    two.door.stop()
    got = remote(held, two.seen_by(one), three.seen_by(one))
    assert bundles.sum_of(got) == held.about.bundle
    assert set(got.taken) == {"t3"}


def test_a_peer_that_dies_in_the_middle_costs_nothing_that_came(
    neighbours: Neighbours, remote: Asking, file: Path
) -> None:
    one, two, three = neighbours
    held = two.has(file)
    three.has(file)
    got = remote(held, two.seen_by(one), three.seen_by(one))
    first = got.read(0, 100_000)
    two.held.clear()
    assert first + got.read(100_000, held.size - 100_000) == file.read_bytes()
    assert got.taken == {"t2": 100_000, "t3": held.size - 100_000}


def test_a_peer_that_hung_up_on_a_silent_line_is_asked_again_before_the_next(
    neighbours: Neighbours, remote: Asking, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, three = neighbours
    held = two.has(file)
    three.has(file)
    once = BaseHTTPRequestHandler.handle_one_request
    monkeypatch.setattr(two.door.RequestHandlerClass, "handle", once)
    got = remote(held, two.seen_by(one), three.seen_by(one))
    assert bundles.sum_of(got) == held.about.bundle
    got.read(0, 10)
    assert set(got.taken) == {"t2"}


def test_attempts_are_bounded_and_further_and_further_apart(
    neighbours: Neighbours, remote: Asking, file: Path
) -> None:
    one, two, _ = neighbours
    held = two.has(file)
    two.held.clear()
    got = remote(held, two.seen_by(one))
    with pytest.raises(Lost):
        got.read(0, 10)
    assert len(remote.pauses) == ROUNDS_MAX - 1
    assert remote.pauses == sorted(set(remote.pauses))
    assert two.asked == ROUNDS_MAX


def test_a_stranger_and_a_retired_terminal_get_nothing(
    neighbours: Neighbours, remote: Asking, file: Path
) -> None:
    one, two, three = neighbours
    held = two.has(file)
    assert remote(held, two.seen_by(one)).read(0, 10)
    two.known = [three.card]
    with pytest.raises(Lost):
        remote(held, two.seen_by(one)).read(0, 10)
    assert remote(held, two.seen_by(three)).read(0, 10)


def test_who_shows_another_certificate_than_the_listed_one_is_not_believed(
    neighbours: Neighbours, remote: Asking, file: Path
) -> None:
    one, two, three = neighbours
    held = two.has(file)
    with pytest.raises(Lost):
        remote(held, two.seen_by(one, three.card.lan_cert)).read(0, 10)
    assert two.asked == 0


def test_another_bundle_under_the_same_name_is_not_taken(
    neighbours: Neighbours, remote: Asking, file: Path, tmp_path: Path
) -> None:
    one, two, _ = neighbours
    held = bundles.whole(file)
    other = tmp_path / "other.raucb"
    other.write_bytes(bundle(root(size=1000)))
    two.held[held.about.bundle] = bundles.whole(other)
    with pytest.raises(Lost):
        remote(held, two.seen_by(one)).read(0, 10)


def test_bytes_pass_at_the_rate_and_no_faster() -> None:
    now = [0.0]

    def pause(seconds: float) -> None:
        now[0] += seconds

    rate = Rate(1000, lambda: now[0], pause)
    assert (rate.lasts_s(0), rate.lasts_s(2001)) == (0, 3)
    for _ in range(100):
        rate.spend(500)
    assert now[0] >= 50_000 / 1000 - 1  # a second's worth may come at once
    now[0] += 3600
    at = now[0]
    for _ in range(100):
        rate.spend(500)
    assert now[0] - at >= 50_000 / 1000 - 1  # an idle hour is not made up for


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ("", (0, 99, False)),
        ("bytes=5-9", (5, 9, True)),
        ("bytes=90-", (90, 99, True)),
        ("bytes=0-500", (0, 99, True)),
        ("bytes=1-2,5-6", (0, 99, False)),
        ("lines=1-2", (0, 99, False)),
    ],
)
def test_a_range_is_read_as_http_means_it(said: str, part: tuple[int, int, bool]) -> None:
    assert asked(said, 100) == part


def test_a_range_beyond_the_end_is_refused() -> None:
    with pytest.raises(ValueError, match="100-"):
        asked("bytes=100-", 100)


class Slow:
    """Content that lets nobody go before it is told to."""

    size = 10

    def __init__(self) -> None:
        self.go = threading.Event()
        self.begun = threading.Semaphore(0)

    def read(self, offset: int, count: int) -> bytes:
        self.begun.release()
        assert self.go.wait(60)
        return bytes(10)[offset : offset + count]


def test_few_are_served_at_once_and_the_tap_speaks_plain_http() -> None:
    slow, name = Slow(), "0" * 64
    table: dict[str, Content] = {name: slow}
    tap = Door(("127.0.0.1", 0), table.get, Rate(FAST))
    tap.start()
    talks = [http.client.HTTPConnection("127.0.0.1", tap.server_port, timeout=60) for _ in range(5)]
    try:
        for talk in talks[:4]:
            talk.request("GET", path_of(name), headers={"Range": "bytes=2-4"})
        for _ in range(4):
            assert slow.begun.acquire(timeout=60)
        talks[4].request("HEAD", path_of(name))
        with pytest.raises((OSError, http.client.HTTPException)):
            talks[4].getresponse()
        slow.go.set()
        for talk in talks[:4]:
            answer = talk.getresponse()
            assert (answer.status, answer.read()) == (206, bytes(3))
            assert answer.headers["Content-Range"] == "bytes 2-4/10"
        talks[0].request("GET", "/../etc/passwd")
        assert talks[0].getresponse().status == 404
    finally:
        slow.go.set()
        for talk in talks:
            talk.close()
        tap.stop()


def test_a_door_that_knows_nobody_lets_nobody_in(neighbours: Neighbours) -> None:
    one, two, _ = neighbours
    two.known = []
    source = two.seen_by(one)
    got = Remote("0" * 64, 10, [source], Rate(FAST), lambda _: None)
    with pytest.raises(Lost):
        got.read(0, 1)
    assert two.asked == 0
    assert isinstance(source.context(), ssl.SSLContext)
