"""A program of the terminal that only listens: what a till hears on the local broker."""

from comptoir.bus import Address, Arrival, Endpoint, Inbox, Transport, topics, wire


class Listener:
    """Keeps the newest ``local/safety``."""

    def __init__(self, address: Address) -> None:
        self._inbox = Inbox()
        self._link = Transport(
            Endpoint("listener", address, "listener"), self._inbox, [topics.SAFETY.template]
        )
        self._link.start()
        self._newest = wire.Safety({}, {}, {}, [], 0)
        self.heard: list[wire.Safety] = []

    def safety(self) -> wire.Safety:
        while (item := self._inbox.get(0)) is not None:
            if isinstance(item, Arrival):
                self._newest = wire.unpack_json(item.payload, wire.Safety)
                self.heard.append(self._newest)
        return self._newest

    def say_grown(self, position: int) -> None:
        self._link.wait_connected(2)
        grown = wire.pack_json(wire.Grown(position))
        self._link.publish(topics.JOURNAL.template, grown, qos=0)

    def stop(self) -> None:
        self._link.stop()
