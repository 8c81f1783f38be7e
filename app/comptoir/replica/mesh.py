"""The links: one to the own broker, one to the broker of each admitted peer."""

import logging
from collections.abc import Mapping

from comptoir.bus import Address, CertificateRefused, Endpoint, Inbox, Link, PeerTls, topics
from comptoir.domain.house import Card
from comptoir.replica.member import Lan, Member

log = logging.getLogger(__name__)
OWN = "own broker"
How = tuple[Address, str]  # where a peer's broker is, and the certificate (PEM) that it must show


class Mesh:
    """Opens and closes links as the roster and the addresses change."""

    def __init__(self, member: Member, lan: Lan, inbox: Inbox) -> None:
        self._member = member
        self._lan = lan
        self._inbox = inbox
        self.own = lan.connect(
            Endpoint(OWN, lan.broker, f"replica-{member.terminal}"),
            inbox,
            [
                *(t.filter(member.restaurant) for t in (topics.EV, topics.VEC, topics.HB)),
                topics.PULL.filter(member.restaurant),
                topics.MARK.filter(member.restaurant),
                topics.DOWN.filter(member.restaurant),
                topics.PAPER.filter(member.restaurant),
                *(topics.JOURNAL.template, topics.PRINTERS.template),
            ],
        )
        self._links: dict[str, tuple[Link, How]] = {}
        self._refused: dict[str, How] = {}

    def sync(self, admitted: Mapping[str, Card], addresses: Mapping[str, Address]) -> None:
        """Have links to exactly these peers."""
        wanted = {
            name: (addresses[name], card.lan_cert)
            for name, card in admitted.items()
            if name in addresses and name != self._member.terminal
        }
        for name in [n for n, (_, how) in self._links.items() if wanted.get(n) != how]:
            self._links.pop(name)[0].stop()
        for name in sorted(wanted.keys() - self._links.keys()):
            if self._refused.get(name) != wanted[name]:
                self._open(name, wanted[name])

    def _open(self, name: str, how: How) -> None:
        address, pem = how
        tls = PeerTls(self._lan.certificate, self._lan.key, name, pem)
        reply = topics.REPLY.at(self._member.restaurant, self._member.terminal, name)
        endpoint = Endpoint(name, address, self._member.terminal, tls)
        try:
            link = self._lan.connect(endpoint, self._inbox, [reply])
        except (CertificateRefused, OSError) as error:
            log.warning("no link to %s: %s", name, error)
            self._refused[name] = how
            return
        self._links[name] = (link, how)
        link.start()

    def to(self, peer: str) -> Link | None:
        """Return the link to a peer's broker, if there is one."""
        link, _ = self._links.get(peer, (None, None))
        return link

    def connected(self) -> set[str]:
        """Return the peers whose brokers are connected."""
        return {name for name, (link, _) in self._links.items() if link.connected}

    def stop(self) -> None:
        """Close every link."""
        links = [self.own, *(link for link, _ in self._links.values())]
        for link in links:
            link.hang_up()
        for link in links:
            link.stop()
        self._links.clear()
