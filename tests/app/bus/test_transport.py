"""One link on a real broker: it comes back by itself, and never holds anyone up."""

import errno
import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from paho.mqtt.client import Client

from comptoir.bus import Address, Arrival, Endpoint, Inbox, LinkUp, ReplyTo, Transport
from comptoir.bus.transport import QUEUED_MESSAGES_MAX
from tests.fakes.broker import Broker
from tests.fakes.restaurant import until


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    made = Broker(tmp_path / "broker")
    made.start()
    yield made
    made.kill()


class Pair:
    """Two links to one broker: one speaks, the other hears ``local/#``."""

    def __init__(self, broker: Broker) -> None:
        address = Address("127.0.0.1", broker.local_port)
        self.inbox = Inbox()
        self.hears = Transport(Endpoint("hears", address, "hears"), self.inbox, ["local/#"])
        self.speaks = Transport(Endpoint("speaks", address, "speaks"), Inbox())
        for link in (self.hears, self.speaks):
            link.start()
            assert link.wait_connected(5)

    def next(self) -> Arrival:
        while isinstance(item := self.inbox.get(5), LinkUp):
            pass
        assert item is not None
        return item


@pytest.fixture
def pair(broker: Broker) -> Iterator[Pair]:
    made = Pair(broker)
    yield made
    made.hears.stop()
    made.speaks.stop()


def test_a_message_arrives_with_where_to_answer(pair: Pair) -> None:
    assert pair.speaks.publish("local/x", b"hello", reply=ReplyTo("local/answer", b"\x01\x02"))
    item = pair.next()
    assert (item.link, item.topic, item.payload) == ("hears", "local/x", b"hello")
    assert item.reply == ReplyTo("local/answer", b"\x01\x02")


def test_a_program_does_not_hear_itself(pair: Pair) -> None:
    pair.hears.publish("local/x", b"mine")
    pair.speaks.publish("local/x", b"yours")
    assert pair.next().payload == b"yours"


def test_a_retained_message_waits_for_who_comes_later(pair: Pair, broker: Broker) -> None:
    pair.speaks.publish("local/kept", b"still here", retain=True)
    pair.next()
    late = Inbox()
    address = Address("127.0.0.1", broker.local_port)
    link = Transport(Endpoint("late", address, "late"), late, ["local/kept"])
    link.start()
    arrivals: list[Arrival] = []

    def arrived() -> bool:
        item = late.get(0.05)
        arrivals.extend([item] if isinstance(item, Arrival) else [])
        return bool(arrivals)

    until(arrived)
    link.stop()
    assert arrivals[0].payload == b"still here"


def test_a_link_comes_back_and_says_so_once(
    pair: Pair, broker: Broker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    broker.kill()
    until(lambda: not pair.hears.connected and not pair.speaks.connected)
    assert not pair.speaks.publish("local/x", b"nobody")
    broker.start()
    until(lambda: pair.hears.connected and pair.speaks.connected)
    pair.speaks.publish("local/x", b"again")
    assert pair.next().payload == b"again"
    said = [r.message for r in caplog.records if "link hears" in r.message]
    assert len(said) == 2
    assert "trying again" in said[0]
    assert "connected again" in said[1]


def test_a_broker_that_hangs_makes_publishing_refuse_not_wait(pair: Pair, broker: Broker) -> None:
    broker.freeze()
    taken = [pair.speaks.publish("local/x", b"x" * 100) for _ in range(QUEUED_MESSAGES_MAX + 50)]
    broker.thaw()
    assert taken[0]
    assert not taken[-1]


def test_a_link_whose_thread_fails_has_another_connection(
    pair: Pair, broker: Broker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(_: Client) -> None:
        monkeypatch.undo()
        raise OSError(errno.EINVAL, "Invalid argument")  # as a kernel with its clock moved might

    monkeypatch.setattr(Client, "_reconnect_wait", refused)
    broker.kill()
    until(lambda: "Invalid argument" in caplog.text)
    assert not pair.hears.connected
    broker.start()
    until(lambda: pair.hears.connected and pair.speaks.connected)
    assert pair.speaks.publish("local/x", b"again")
    assert pair.next().payload == b"again"


def test_a_link_that_fails_ends_at_a_goodbye(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise ValueError("file descriptor cannot be a negative integer (-1)")

    monkeypatch.setattr(Client, "loop_forever", fails)
    link = Transport(Endpoint("peer", Address("127.0.0.1", 1), "ends"), Inbox())
    link.start()
    until(lambda: "negative integer" in caplog.text)
    link.stop()
    until(lambda: all("ends" not in thread.name for thread in threading.enumerate()))
