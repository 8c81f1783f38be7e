"""Restaurants that upload as terminals do: a window past the mark, again when it stands still."""

import threading
import time

from comptoir.bus import Address, Arrival, Endpoint, Inbox, LinkUp, Transport, topics, wire
from comptoir.domain.envelope import Head, LogId
from comptoir.replica.uplink import Uplink
from tests.fakes.crowd import Crowd
from tests.fakes.house import House
from tests.fakes.old_link import OldLink

LOG: LogId = ("t1", 1)
WINDOW, BATCH, STALL_S = 500, 20, 1.0
TURN_S = 0.05
INBOX_MAX = 100_000


class Fleet:
    """Drives the uplink's own rules for many restaurants over one link to the cloud's broker.

    With a ``name`` the link is in MQTT 3.1.1, which every broker knows; as a ``crowd`` each
    restaurant has a link of its own. ``whole_s`` is when each was told that all is held.
    """

    def __init__(
        self,
        broker: Address,
        houses: list[House],
        each: int,
        name: str = "",
        *,
        crowd: bool = False,
        stall_s: float = STALL_S,
    ) -> None:
        self.inbox = Inbox(INBOX_MAX)
        endpoint, down = Endpoint("fleet", broker, "fleet"), [topics.MARK.filter()]
        self._link: Transport | OldLink | Crowd = Transport(endpoint, self.inbox, down)
        if name:
            self._link = OldLink(name, broker, self.inbox, down)
        if crowd:
            self._link = Crowd(broker, [house.id for house in houses], self.inbox)
        self.whole_s: dict[str, float] = {}
        self._logs = {house.id: house.log(each) for house in houses}
        self._uplinks = {house.id: Uplink(WINDOW, stall_s) for house in houses}
        self.marks: dict[str, int] = dict.fromkeys(self._logs, 0)
        self.made = each  # of each log; what lies behind is not sold yet
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fleet")

    def start(self) -> None:
        self._link.start()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()
        self._link.stop()

    def done(self) -> bool:
        """Tell whether every restaurant was told that the cloud has all it made."""
        return all(mark == self.made for mark in self.marks.values())

    def _run(self) -> None:
        while not self._stopping.is_set():
            item = self.inbox.get(TURN_S)
            while item is not None:
                self._hear(item)
                item = self.inbox.get(0)
            for name in self._logs:
                if self.marks[name] != self.made:
                    self._work(name, time.monotonic())

    def _hear(self, item: Arrival | LinkUp) -> None:
        if isinstance(item, LinkUp):
            alone = self._uplinks.get(item.link)
            for uplink in [alone] if alone else self._uplinks.values():
                uplink.connection_lost()
            return
        name = item.topic.split("/")[1]
        if name not in self._logs:
            return  # of a restaurant at another link
        heads = wire.heads_of(wire.unpack(item.payload, wire.Mark).heads)
        self.marks[name] = heads[LOG].seq if LOG in heads else 0
        self._uplinks[name].marked(heads, time.monotonic())
        if self.marks[name] == self.made:
            self.whole_s.setdefault(name, time.monotonic())

    def _work(self, name: str, now_s: float) -> None:
        uplink, log = self._uplinks[name], self._logs[name]
        topic = topics.UP.at(name, "t1")
        made = self.made
        own = {LOG: Head(made, log[made - 1].digest.hex())}
        active = uplink.active("t1", (), own, now_s)
        if uplink.should_ask(now_s, active=active):
            self._link.publish(topic, wire.pack(wire.AskMark()), qos=0)
        for span in uplink.due(own, now_s) if active else ():
            for first in range(span.first, span.last + 1, BATCH):
                batch = log[first - 1 : min(first - 1 + BATCH, span.last)]
                if not self._link.publish(topic, wire.pack(wire.events_of(batch))):
                    break
                uplink.sent(LOG, first - 1 + len(batch), now_s)
