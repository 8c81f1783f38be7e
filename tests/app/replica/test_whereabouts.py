"""Peers are found by name where no address is written down, or nobody is at it."""

from pathlib import Path

import pytest

from comptoir.bus import Address
from comptoir.replica import PeerBook, whereabouts
from comptoir.replica.whereabouts import TURN_S, Whereabouts
from tests.app.replica.conftest import Staff
from tests.fakes.ports import free_ports
from tests.fakes.restaurant import Terminal, until

WRITTEN, NAMED = Address("192.0.2.7", 8883), Address("comptoir-t2.local", 8883)
WAIT_S = 60.0


@pytest.fixture
def book(tmp_path: Path) -> PeerBook:
    file = tmp_path / "peers.json"
    file.write_text(f'{{"t2": "{WRITTEN}"}}', encoding="utf-8")
    return PeerBook(file)


def named(peer: str) -> Address:
    return Address(f"comptoir-{peer}.local", 8883)


def test_without_names_only_what_is_written_counts(book: PeerBook) -> None:
    places = Whereabouts(book, None)
    for now_s in (0.0, TURN_S, 2 * TURN_S):
        assert places.addresses({"t2", "t3"}, (), now_s) == {"t2": WRITTEN}


def test_who_is_not_written_down_is_looked_for_by_name(book: PeerBook) -> None:
    found = Whereabouts(book, named).addresses({"t2", "t3"}, (), 0.0)
    assert found == {"t2": WRITTEN, "t3": named("t3")}


def test_a_peer_that_is_at_neither_place_is_looked_for_at_both_in_turn(book: PeerBook) -> None:
    places = Whereabouts(book, named)
    found = [places.addresses({"t2"}, (), n * TURN_S)["t2"] for n in range(4)]
    assert found == [WRITTEN, NAMED, WRITTEN, NAMED]


def test_a_peer_that_was_found_is_left_where_it_is(book: PeerBook) -> None:
    places = Whereabouts(book, named)
    places.addresses({"t2"}, (), 0.0)
    places.addresses({"t2"}, (), TURN_S)
    for n in range(2, 6):
        assert places.addresses({"t2"}, {"t2"}, n * TURN_S) == {"t2": NAMED}
    assert places.addresses({"t2"}, (), 5.5 * TURN_S) == {"t2": NAMED}
    assert places.addresses({"t2"}, (), 6 * TURN_S) == {"t2": WRITTEN}


def know_by_name(staff: list[Terminal]) -> None:
    places = {one.name: Address("127.0.0.1", one.broker.lan_port) for one in staff}
    for one in staff:
        one.named = places.__getitem__


def heard(staff: list[Terminal]) -> bool:
    held = [one.journal.vector() for one in staff]
    return held[0] == held[1] and {name for name, _ in held[0]} == {one.name for one in staff}


@pytest.mark.parametrize("written", [False, True])
def test_terminals_find_each_other_by_name(
    terminals: Staff, monkeypatch: pytest.MonkeyPatch, written: bool
) -> None:
    monkeypatch.setattr(whereabouts, "TURN_S", 0.5)
    staff = terminals(2, start=False)
    (nobody,) = free_ports(1)
    for one in staff:
        book = {other.name: f"127.0.0.1:{nobody}" for other in staff} if written else {}
        (one.folder / "peers.json").write_text(str(book).replace("'", '"'), encoding="utf-8")
    know_by_name(staff)
    for one in staff:
        one.start()
        one.open_log()
        one.sell()
    until(lambda: heard(staff), WAIT_S, "what the other sold")
