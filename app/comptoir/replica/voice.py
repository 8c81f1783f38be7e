"""What this terminal says: each message goes out under its own name, and says where to answer."""

import secrets
from collections.abc import Iterable
from typing import NamedTuple

from comptoir.bus import Arrival, ReplyTo, topics, wire
from comptoir.domain.envelope import LogId, Sealed, Vector
from comptoir.journal import folding
from comptoir.replica.member import Member
from comptoir.replica.mesh import Mesh


class Seen(NamedTuple):
    """What a vector tells besides: where logs froze, the hash over the projections, the present."""

    frozen: Vector
    folded: str
    present: Vector


NOTHING = Seen({}, "", {})


class Voice:
    """Speaks to peers over their brokers, and answers over the own one."""

    def __init__(self, member: Member, mesh: Mesh) -> None:
        self._member = member
        self._mesh = mesh
        self._instance = secrets.token_hex(8)
        self._count = 0

    def push(self, batch: Iterable[Sealed], peers: Iterable[str]) -> None:
        """Send events of one log: over a peer's broker, or, where none is linked, over the own."""
        payload = wire.pack(wire.events_of(batch))
        connected = self._mesh.connected()
        for peer in sorted(peers):
            if peer in connected:
                self._say(peer, topics.EV, payload)
            else:
                self._mesh.own.publish(self._reply_topic(peer), payload)

    def show(self, peer: str, vector: wire.Vector) -> None:
        """Show a peer the whole vector; it answers with its own."""
        self._say(peer, topics.VEC, wire.pack(vector))

    def beat(self, beat: wire.Heartbeat) -> None:
        """Send every connected peer a sign of life."""
        payload = wire.pack(beat)
        for peer in sorted(self._mesh.connected()):
            self._say(peer, topics.HB, payload)

    def ask(self, peer: str, pull: wire.Asked, correlation: bytes) -> bool:
        """Ask a peer for events; tells whether the question went out."""
        return self._say(peer, topics.PULL, wire.pack(pull), correlation)

    def ask_cloud(self, pull: wire.Pull) -> bool:
        """Ask the cloud for events; QoS 0: a bridge that is down does not queue the question."""
        topic = topics.UP.at(self._member.restaurant, self._member.terminal)
        return self._mesh.own.publish(topic, wire.pack(pull), qos=0)

    def answer(self, peer: str, asked: Arrival, message: wire.Answer) -> None:
        """Answer over the own broker, only where that peer's answers belong."""
        expected = self._reply_topic(peer)
        if asked.reply.topic == expected:
            reply = ReplyTo("", asked.reply.correlation)
            self._mesh.own.publish(expected, wire.pack(message), reply=reply)

    def _reply_topic(self, peer: str) -> str:
        """Return where a peer that is connected to the own broker listens."""
        return topics.REPLY.at(self._member.restaurant, peer, self._member.terminal)

    def vector(
        self, own: Vector, only: Iterable[LogId] | None, mark: Vector, seen: Seen = NOTHING
    ) -> wire.Vector:
        """Return the vector as it stands, or of some logs only, with the cloud's mark to relay."""
        self._count += 1
        logs = own.keys() if only is None else only
        return wire.Vector(
            self._instance,
            self._count,
            wire.head_list({at: own[at] for at in logs if at in own}),
            whole=only is None,
            cloud=wire.head_list(mark),
            frozen=wire.head_list(seen.frozen),
            folded=seen.folded,
            fold=folding.version() if seen.folded else "",
            present=wire.head_list(seen.present),
        )

    def _say(
        self, peer: str, topic: topics.Topic, payload: bytes, correlation: bytes = b""
    ) -> bool:
        if (link := self._mesh.to(peer)) is None:
            return False
        restaurant, me = self._member.restaurant, self._member.terminal
        reply = ReplyTo(topics.REPLY.at(restaurant, me, peer), correlation)
        return link.publish(topic.at(restaurant, me), payload, qos=topic.qos, reply=reply)
