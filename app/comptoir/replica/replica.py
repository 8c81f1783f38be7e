"""The replica program: one thread decides, fed by a bounded inbox and its own timers."""

import logging
import threading
from collections.abc import Callable, Mapping

from msgspec import structs

from comptoir.bus import Arrival, Inbox, LinkUp, topics, wire
from comptoir.domain.errors import EventMalformed
from comptoir.domain.events import SPEAKS
from comptoir.domain.offline import OFFLINE
from comptoir.journal import Journal, JournalUnusable
from comptoir.replica.absence import Absence
from comptoir.replica.archivist import Archivist
from comptoir.replica.condition import Condition
from comptoir.replica.copies import CLOUD
from comptoir.replica.exchange import Exchange
from comptoir.replica.liveness import Liveness
from comptoir.replica.member import Clock, Lan, Member, Pace
from comptoir.replica.mesh import OWN, Mesh
from comptoir.replica.quota import Quota
from comptoir.replica.renewal import Renewal
from comptoir.replica.roster import Roster
from comptoir.replica.safety import safety
from comptoir.replica.timers import Timers
from comptoir.replica.upload import Uploader
from comptoir.replica.whereabouts import Whereabouts

log = logging.getLogger(__name__)
ITEMS_PER_TURN_MAX = 100
CHANGES_MAX = 500
REFRESH_S = 1.0
CLOCK_STEP_MS = 2000


class Replica:
    """Shares one journal with the peers and the cloud; ``run`` blocks until ``stop``."""

    def __init__(
        self, journal: Journal, member: Member, lan: Lan, pace: Pace, clock: Clock
    ) -> None:
        self._journal = journal
        self._member = member
        self._lan = lan
        self._pace = pace
        self._clock = clock
        self._inbox = Inbox()
        self._mesh = Mesh(member, lan, self._inbox)
        self._whereabouts = Whereabouts(lan.peers, lan.named)
        self._exchange = Exchange(journal, member, pace, self._mesh, lan.seconds)
        self._archivist = Archivist(journal, member, self._exchange.copies, lan.seconds)
        self._liveness = Liveness(pace.heartbeat_s * pace.heartbeats_missed)
        self._condition = Condition(lan.disk)
        self._uploader = Uploader(journal, member, pace, lan.trust_store.ask_restart, self._health)
        self._quota = Quota()
        self._renewal = Renewal(lan.paper) if lan.paper else None
        self._absence = Absence(member.has_cloud)
        self._roster = Roster({}, frozenset())
        self._position = journal.position()
        self._basis: tuple[object, ...] = ()
        self._screens: Mapping[str, str] = {}
        self._announced = self._told_history = 0
        self._dropped = 0
        self._stopping = threading.Event()
        self._timers = self._set_timers()
        self._handlers: Mapping[str, Callable[[str, Arrival], None]] = {
            "ev": self._exchange.heard_events,
            "vec": self._exchange.heard_vector,
            "pull": self._exchange.heard_pull,
            "hb": self._heard_heartbeat,
        }

    def run(self) -> None:
        """Work until ``stop`` is called from another thread or a signal handler."""
        self.begin()
        try:
            while not self._stopping.is_set():
                self.turn(self._inbox.get(self.idle_s()))
        finally:
            self.end()

    def begin(self) -> None:
        """Open the links; ``turn`` again and again does the work."""
        self._refresh_roster()
        self._refresh_offline()
        self._mesh.own.start()

    def end(self) -> None:
        """Close the links."""
        self._mesh.stop()

    def idle_s(self) -> float:
        """Return how long nothing is due unless something arrives."""
        return self._timers.wait_s(self._lan.seconds())

    def stop(self) -> None:
        """End ``run`` within a moment."""
        self._stopping.set()

    def _set_timers(self) -> Timers:
        timers = Timers()
        timers.every(self._pace.poll_s, self._poll)
        timers.every(self._pace.heartbeat_s, self._beat)
        timers.every(self._pace.vector_s, self._show_vectors)
        timers.every(REFRESH_S, self._refresh_links)
        timers.every(REFRESH_S, self._tell_history)
        timers.every(REFRESH_S, self._exchange.mend)
        timers.every(REFRESH_S, self._file_days)
        timers.every(REFRESH_S, self._renew)
        return timers

    def turn(self, item: Arrival | LinkUp | None) -> None:
        """Take what arrived, do what is due, tell the till what changed."""
        taken = 0
        while item is not None:
            self._take(item)
            taken += 1
            item = self._inbox.get(0) if taken < ITEMS_PER_TURN_MAX else None
        try:
            self._timers.run(self._lan.seconds())
        except EventMalformed as error:
            self._unreadable(error)
        self._tell()

    def _unreadable(self, error: EventMalformed) -> None:
        """Carry on without what the disk made unreadable, until it is put back."""
        log.error("in the journal: %s", error)
        self._exchange.mender.hurry()

    def _take(self, item: Arrival | LinkUp) -> None:
        try:
            if isinstance(item, LinkUp):
                self._linked(item.link)
            elif item.link == OWN:
                self._take_local(item)
            else:
                self._take_reply(item)
        except (wire.MessageRefused, JournalUnusable) as error:
            log.warning("message over %s refused: %s", item.link, error)
        except EventMalformed as error:
            self._unreadable(error)

    def _linked(self, link: str) -> None:
        if link == OWN:
            self._uploader.uplink.connection_lost()
            self._basis = ()
        else:
            self._exchange.show_vector([link])

    def _take_local(self, item: Arrival) -> None:
        if item.topic == topics.JOURNAL.template:
            self._poll()
            return
        if item.topic == topics.PRINTERS.template:
            self._condition.heard_printers(item.payload, self._lan.seconds())
            return
        place = topics.place(item.topic)
        if place is None or place.restaurant != self._member.restaurant:
            return
        if item.topic == topics.MARK.at(self._member.restaurant):
            self._heard_mark(item)
        elif item.topic == topics.DOWN.at(self._member.restaurant):
            self._exchange.heard_cloud(item)
        elif item.topic == topics.PAPER.at(self._member.restaurant):
            self._heard_paper(item)
        elif not self._takes_part(place.terminal) or place.channel not in self._handlers:
            return
        elif self._hears(place.terminal, item):
            self._handlers[place.channel](place.terminal, item)

    def _take_reply(self, item: Arrival) -> None:
        """Take an answer; only the peer whose broker it is may speak on that link."""
        place = topics.place(item.topic)
        if place is None or place.peer != item.link or not self._takes_part(item.link):
            return
        if self._hears(item.link, item, asked=self._exchange.awaits(item.link, item)):
            self._exchange.heard_answer(item.link, item)

    def _hears(self, peer: str, item: Arrival, *, asked: bool = False) -> bool:
        """Note a sign of life; tells whether what a peer sent, asked or not, is looked at."""
        now_s = self._lan.seconds()
        self._liveness.heard(peer, now_s)
        return asked or self._quota.takes(peer, len(item.payload), now_s)

    def _takes_part(self, peer: str) -> bool:
        return peer in self._roster.admitted and peer != self._member.terminal

    def _heard_heartbeat(self, peer: str, item: Arrival) -> None:
        beat = wire.unpack(item.payload, wire.Heartbeat)
        ahead_ms = beat.at - self._clock.now_ms()
        self._liveness.says(
            peer, cloud=beat.cloud, ahead_ms=ahead_ms, screens=beat.screens, sure=beat.sure
        )
        self._liveness.understands(peer, beat.speaks)

    def _heard_mark(self, item: Arrival) -> None:
        mark = wire.unpack(item.payload, wire.Mark)
        self._liveness.understands(CLOUD, mark.speaks)
        heads = wire.heads_of(mark.heads)
        self._uploader.uplink.marked(heads, self._lan.seconds())
        self._exchange.heard_mark(heads)
        self._upload()

    def _renew(self) -> None:
        """Ask for the bridge's next certificate in time; held offline too, or it would end."""
        now_s, uploader = self._lan.seconds(), self._uploader
        if self._renewal is None or not (uploader.uplink.reachable(now_s) or uploader.held):
            return
        now_ms = self._clock.now_ms() + self._off_ms()
        asked = self._renewal.request(now_s, now_ms, time_known=self._time_known())
        if asked is not None:
            topic = topics.UP.at(self._member.restaurant, self._member.terminal)
            self._mesh.own.publish(topic, wire.pack(asked), qos=0)  # QoS 0: never queued

    def _heard_paper(self, item: Arrival) -> None:
        said = wire.unpack(item.payload, wire.Renewed)
        if self._renewal is None or said.terminal != self._member.terminal:
            return
        if self._renewal.answered(said.certificate, self._lan.seconds()):
            log.info("the certificate of the bridge was renewed")

    def _poll(self) -> None:
        """See what the till, or this program, added to the journal."""
        changes = self._journal.changes(self._position, CHANGES_MAX)
        if changes:
            self._position = changes[-1].position
            self._exchange.grown()
            self._exchange.push()
            if any(change.kind.startswith("terminal.") for change in changes):
                self._refresh_roster()
            if any(OFFLINE in change.aggregates for change in changes):
                self._refresh_offline()
        self._exchange.plan()
        self._exchange.comparison.look()
        self._exchange.fold()
        self._upload()

    def _upload(self) -> None:
        now_s = self._lan.seconds()
        online = self._liveness.online(now_s)
        self._uploader.work(self._exchange.own, online, self._mesh.own, now_s)
        self._exchange.relays_mark = self._uploader.uplink.reachable(now_s)
        self._exchange.asks_cloud = self._exchange.relays_mark and not self._uploader.held

    def _health(self) -> wire.Health:
        return self._condition.health(
            self._lan.seconds(),
            waiting=self._uploader.uplink.waiting(self._exchange.own),
            off_ms=self._off_ms(),
            time_known=self._time_known(),
        )

    def _beat(self) -> None:
        cloud = self._uploader.uplink.reachable(self._lan.seconds())
        screens, sure = self._lan.screens, self._lan.time_known()
        now_ms = self._clock.now_ms()
        beat = wire.Heartbeat(now_ms, cloud=cloud, screens=screens, sure=sure, speaks=SPEAKS)
        self._exchange.voice.beat(beat)

    def _file_days(self) -> None:
        """Move what a closed day said out of the journal, once everybody has it."""
        self._archivist.work(self._roster.admitted.keys() - {self._member.terminal})

    def _show_vectors(self) -> None:
        self._exchange.show_vector(self._mesh.connected())

    def _refresh_roster(self) -> None:
        """Follow admissions and retirements: links, trust and counted copies."""
        self._roster = Roster.of(self._member.trust, self._journal.states("terminal"))
        for name in self._roster.retired:
            self._liveness.forget(name)
            self._quota.forget(name)
            self._exchange.forget(name)
        others = {n: c for n, c in self._roster.admitted.items() if n != self._member.terminal}
        self._lan.trust_store.sync({name: card.lan_cert for name, card in others.items()})
        self._refresh_links()

    def _refresh_offline(self) -> None:
        """Follow the manager's switch; let back, what the bridge holds may be gone."""
        held = self._journal.state(OFFLINE).on
        if self._uploader.held and not held:
            self._uploader.uplink.connection_lost()
        self._uploader.held = held

    def _refresh_links(self) -> None:
        if self._inbox.dropped != self._dropped:
            self._dropped = self._inbox.dropped
            log.warning("overloaded: %d messages dropped so far; vectors repair it", self._dropped)
        now_s, peers = self._lan.seconds(), self._roster.admitted.keys() - {self._member.terminal}
        brokers = self._whereabouts.addresses(peers, self._mesh.connected(), now_s)
        resting = self._quota.resting(now_s)
        heard = {peer: at for peer, at in brokers.items() if peer not in resting}
        self._mesh.sync(self._roster.admitted, heard)
        self._screens = self._liveness.screens(brokers)

    def _tell_grown(self) -> None:
        grown = wire.Grown(self._journal.position())
        if self._mesh.own.publish(topics.JOURNAL.template, wire.pack_json(grown), qos=0):
            self._announced = self._exchange.stored
            self._told_history = self._exchange.history

    def _tell_history(self) -> None:
        """Say now and then that history came in, or was folded: nobody waits for it."""
        if self._exchange.history != self._told_history:
            self._tell_grown()

    def _off_ms(self) -> int:
        """Return what this machine's clock lacks; behind its own journal it knows least."""
        behind = self._clock.now_ms() < self._exchange.newest_own_ms() - CLOCK_STEP_MS
        unsure = behind or not self._lan.time_known()
        return self._liveness.off_ms(self._lan.seconds(), unsure=unsure)

    def _time_known(self) -> bool:
        return self._lan.time_known() or self._liveness.knows_time(self._lan.seconds())

    def _away_since_ms(self) -> int:
        now_s = self._lan.seconds()
        uploader = self._uploader
        reached = uploader.uplink.reachable(now_s) or bool(self._liveness.online(now_s))
        return self._absence.since_ms(
            now_s, self._clock.now_ms(), reached=reached, held=uploader.held
        )

    def _tell(self) -> None:
        """Tell the till when something changed: foreign events, what is SAFE, who lives."""
        exchange = self._exchange
        if exchange.stored != self._announced:
            self._tell_grown()
        others = self._roster.admitted.keys() - {self._member.terminal}
        live = self._liveness.live(self._lan.seconds()) & others
        off_ms, away_ms = self._off_ms(), self._away_since_ms()
        known = self._time_known()
        until_ms = self._renewal.ends_ms if self._renewal else 0
        speaks = self._liveness.speaks(SPEAKS)
        state = (frozenset(live), self._roster, off_ms // CLOCK_STEP_MS, away_ms, known, until_ms)
        seen = (exchange.copies.revision, exchange.revision, speaks)
        basis = (*seen, *state, tuple(self._screens.items()))
        if basis == self._basis:
            return
        needed = self._pace.safe_copies
        now = safety(self._member.terminal, exchange.own, exchange.copies, others, needed)
        told = structs.replace(
            now,
            peers=sorted(live),
            at=self._clock.now_ms(),
            off_ms=off_ms,
            away_since_ms=away_ms,
            screens=dict(self._screens),
            time_known=known,
            cloud_until_ms=until_ms,
            speaks=speaks,
        )
        sent = wire.pack_json(told)
        if self._mesh.own.publish(topics.SAFETY.template, sent, retain=True):
            self._basis = basis
