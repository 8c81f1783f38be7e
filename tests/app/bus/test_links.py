"""Addresses and the bounded inbox."""

import pytest

from comptoir.bus import Address, AddressRefused, Arrival, Inbox, LinkUp


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [("t2.local:8883", "t2.local", 8883), ("[fe80::1]:8883", "fe80::1", 8883), ("::1:1", "::1", 1)],
)
def test_an_address_is_host_and_port(text: str, host: str, port: int) -> None:
    assert Address.parse(text) == Address(host, port)


@pytest.mark.parametrize("text", ["", "host", ":8883", "host:", "host:0", "host:65536", "h st:1"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(AddressRefused, match="host:port"):
        Address.parse(text)


@pytest.mark.parametrize("text", ["t2:8883", "[fe80::1]:8883"])
def test_an_address_reads_as_it_was_written(text: str) -> None:
    assert str(Address.parse(text)) == text


def test_a_full_inbox_drops_and_counts() -> None:
    inbox = Inbox(items_max=2)
    for n in range(5):
        inbox.put(Arrival("t2", f"topic/{n}", b""))
    assert inbox.dropped == 3
    first = inbox.get(0)
    assert isinstance(first, Arrival)
    assert first.topic == "topic/0"


def test_a_links_rise_is_never_dropped() -> None:
    inbox = Inbox(items_max=1)
    inbox.put(Arrival("t2", "topic", b""))
    inbox.put(LinkUp("t2"))
    taken = [inbox.get(0), inbox.get(0)]
    assert LinkUp("t2") in taken
    assert inbox.dropped == 0


def test_an_empty_inbox_gives_nothing() -> None:
    assert Inbox().get(0.01) is None
