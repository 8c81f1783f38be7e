"""The LAN of a simulation: brokers, sessions, and everything that can happen to a message."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comptoir.bus import Arrival, Endpoint, Inbox, LinkUp, ReplyTo
from comptoir.replica import TrustStore
from comptoir.replica.mesh import OWN
from tests.faults.world import World

NOTICED_S = 4.0  # until a dead connection is noticed
RETRY_S = 1.0
Wake = Callable[[], None]


@dataclass
class Weather:
    """How the LAN behaves; shares of messages."""

    lost: float = 0.0
    twice: float = 0.0
    delay_s: float = 0.003
    jitter_s: float = 0.01


def matches(pattern: str, topic: str) -> bool:
    wanted, parts = pattern.split("/"), topic.split("/")
    return len(wanted) == len(parts) and all(
        w in {"+", p} for w, p in zip(wanted, parts, strict=True)
    )


class Trusted(TrustStore):
    """Whom a broker lets in; a removal ends its sessions."""

    def __init__(self, broker: "Broker") -> None:
        self._broker = broker
        self.names: set[str] = set()

    def sync(self, listed: Mapping[str, str]) -> None:
        gone = self.names - listed.keys()
        self.names = set(listed)
        if gone:
            self._broker.restart()

    def ask_restart(self, why: str) -> None:
        del why
        self._broker.restart()


class Broker:
    """A terminal's broker: knows sessions, keeps nothing."""

    def __init__(self, network: "Network", name: str) -> None:
        self.network, self.name = network, name
        self.trusted = Trusted(self)
        self.up = False
        self.sessions: list[FakeLink] = []

    def restart(self) -> None:
        for link in list(self.sessions):
            link.broken()

    def route(self, sender: "FakeLink", topic: str, payload: bytes, reply: ReplyTo) -> None:
        for session in list(self.sessions):
            if session is not sender and any(matches(p, topic) for p in session.patterns):
                arrival = Arrival(session.link, topic, payload, reply)
                self.network.carry(self.name, session.owner, session.take, arrival)


class FakeLink:
    """A session of one terminal at a broker, its own or a peer's."""

    def __init__(
        self, network: "Network", owner: str, endpoint: Endpoint, inbox: Inbox, patterns: list[str]
    ) -> None:
        self.network, self.owner, self.link = network, owner, endpoint.link
        self.at = owner if endpoint.link == OWN else endpoint.link
        self.patterns = patterns
        self._inbox = inbox
        self.connected = False
        self.wanted = False
        self.due_s = 0.0
        self.local: Callable[[str, bytes], None] | None = None

    def start(self) -> None:
        self.wanted = True
        self.network.links.append(self)
        self.due_s = self.network.world.now_s
        if self.at == self.owner:
            self.network.attend(self)

    def hang_up(self) -> None:
        self.wanted = False
        self.broken()

    def stop(self) -> None:
        self.hang_up()
        if self in self.network.links:
            self.network.links.remove(self)

    def broken(self) -> None:
        broker = self.network.brokers[self.at]
        if self in broker.sessions:
            broker.sessions.remove(self)
        self.connected = False
        dice = self.network.world.dice(f"retry {self.owner} {self.at}")
        self.due_s = self.network.world.now_s + dice.uniform(RETRY_S / 2, RETRY_S * 2)

    def joined(self) -> None:
        self.connected = True
        self.network.brokers[self.at].sessions.append(self)
        self._inbox.put(LinkUp(self.link))
        self.network.wake(self.owner)

    def take(self, arrival: Any) -> None:
        if self.connected:
            self._inbox.put(arrival)
            self.network.wake(self.owner)

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        qos: int = 1,
        retain: bool = False,
        reply: ReplyTo | None = None,
    ) -> bool:
        del qos, retain
        if not self.connected:
            return False
        if topic.startswith("local/") or "/up/" in topic:
            if self.local is not None:
                self.local(topic, payload)
            return True

        def arrive(_: Any) -> None:
            if self.connected:
                self.network.brokers[self.at].route(self, topic, payload, reply or ReplyTo())

        self.network.carry(self.owner, self.at, arrive, None)
        return True


class Network:
    """Every way between two terminals, each direction for itself."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.weather = Weather()
        self.brokers: dict[str, Broker] = {}
        self.links: list[FakeLink] = []
        self.wakes: dict[str, Wake] = {}
        self._shut: dict[tuple[str, str], float] = {}
        world.every(0.5, "network", self._look)

    def add(self, name: str) -> Broker:
        self.brokers[name] = Broker(self, name)
        return self.brokers[name]

    def connect(self, owner: str) -> Callable[[Endpoint, Inbox, Sequence[str]], FakeLink]:
        return lambda endpoint, inbox, patterns: FakeLink(
            self, owner, endpoint, inbox, list(patterns)
        )

    def wake(self, name: str) -> None:
        self.wakes[name]()

    def shut(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Let nothing pass in these directions."""
        for pair in pairs:
            self._shut.setdefault(pair, self.world.now_s)

    def heal(self) -> None:
        self._shut.clear()

    def passes(self, a: str, b: str) -> bool:
        return (a, b) not in self._shut

    def carry(self, a: str, b: str, deliver: Callable[[Any], None], what: Any) -> None:
        """Deliver later, or never, or twice; what is sent first may arrive last."""
        if a == b:
            self.world.after(0.0005, f"m {a}{b}", lambda: deliver(what))
            return
        weather, dice = self.weather, self.world.dice(f"way {a} {b}")
        for _ in range(1 + (dice.random() < weather.twice)):
            lost = dice.random() < weather.lost
            delay_s = weather.delay_s + dice.expovariate(1 / weather.jitter_s)
            if not lost and self.passes(a, b):
                self.world.after(
                    delay_s, f"m {a}{b}", lambda: deliver(what) if self.passes(a, b) else None
                )

    def attend(self, link: FakeLink) -> None:
        """Connect a link whose time has come, if it can be; break one that is dead."""
        broker, now_s = self.brokers[link.at], self.world.now_s
        ways = [(link.owner, link.at), (link.at, link.owner)]
        since = [self._shut[way] for way in ways if way in self._shut]
        if link.connected:
            dead = since and now_s - min(since) >= NOTICED_S
            if dead or not broker.up:
                link.broken()
            return
        listed = link.owner == link.at or link.owner in broker.trusted.names
        if link.wanted and listed and link.due_s <= now_s and broker.up and not since:
            link.joined()

    def _look(self) -> None:
        for link in sorted(self.links, key=lambda one: (one.owner, one.at)):
            self.attend(link)
