"""Uploading for the whole restaurant, the dead included, over Mosquitto's bridge."""

from collections.abc import Callable, Collection

from comptoir.bus import Link, topics, wire
from comptoir.domain.envelope import Vector
from comptoir.journal import Journal
from comptoir.replica.member import Member, Pace
from comptoir.replica.uplink import Span, Uplink

BATCHES_MAX = 20


class Uploader:
    """Carries out what ``Uplink`` decides, a bounded number of batches at a time."""

    def __init__(
        self,
        journal: Journal,
        member: Member,
        pace: Pace,
        restart: Callable[[str], None],
        health: Callable[[], wire.Health],
    ) -> None:
        self._journal = journal
        self._member = member
        self._pace = pace
        self._restart = restart
        self._health = health
        self.uplink = Uplink(pace.uplink_window, pace.mark_stall_s)
        self.active = False
        self.held = False

    def work(self, own: Vector, online: Collection[str], broker: Link, now_s: float) -> None:
        """Ask for the mark and send what is due, when it is this terminal's turn.

        While a manager holds the restaurant offline, nothing is asked and nothing sent.
        """
        if self.held:
            self.active = False
            return
        self.active = self.uplink.active(self._member.terminal, online, own, now_s)
        topic = topics.UP.at(self._member.restaurant, self._member.terminal)
        if broker.connected and self.uplink.should_ask(now_s, active=self.active):
            asked = wire.AskMark(self._health())
            broker.publish(topic, wire.pack(asked), qos=0)  # QoS 0: never queued
        if self._member.has_cloud and self.uplink.unheard(now_s):
            self._restart("the cloud was never heard")
        if not self.active:
            return
        batches = BATCHES_MAX
        for span in self.uplink.due(own, now_s):
            batches = self._send(span, broker, now_s, batches)
        if self.uplink.stuck(now_s):
            self._restart("the cloud answers, but nothing sent to it arrives")

    def _send(self, span: Span, broker: Link, now_s: float, batches: int) -> int:
        """Send a span in batches; returns how many more may go out."""
        topic = topics.UP.at(self._member.restaurant, self._member.terminal)
        first = span.first
        while batches and first <= span.last:
            count = min(self._pace.events_max, span.last - first + 1)
            batch = self._journal.range(span.log, first, count, self._pace.bytes_max)
            if not batch or not broker.publish(topic, wire.pack(wire.events_of(batch))):
                return 0
            first += len(batch)
            batches -= 1
            self.uplink.sent(span.log, first - 1, now_s)
        return batches
