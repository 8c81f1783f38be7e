"""The updates program: looks once a second whether there is anything to do about an update."""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from comptoir.bus import Arrival, Endpoint, Inbox, Link, Transport
from comptoir.bus.topics import SAFETY, UPDATES, UPDATING
from comptoir.bus.wire import (
    HeldBundle,
    MessageRefused,
    Safety,
    UpdateReport,
    UpdatesNow,
    pack_json,
    unpack_json,
)
from comptoir.commands import queries
from comptoir.commands.overview import unpaid
from comptoir.commands.updates import updates
from comptoir.domain.house import Restaurant
from comptoir.domain.updates import AT_DAYS_END, Offer, Updates
from comptoir.journal import Clock, Journal, JournalUnusable
from comptoir.updates.bundles import About, Content, Held
from comptoir.updates.door import Door
from comptoir.updates.install import INSTALLING, Ended, Install
from comptoir.updates.rate import Rate
from comptoir.updates.sources import Remote, Source
from comptoir.updates.store import Shelf
from comptoir.updates.turns import SETTLE_S, Facts, Move, Step, move

LOOK_S = 1.0
TELL_S, REPORT_S, RESTART_S, SHELF_S = 5.0, 5.0, 600.0, 30.0
QUIET_MINUTES, MINUTES_A_DAY = 120, 1440

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Which terminal this is, what runs here, for what its system is made, and its clocks.

    ``seconds`` is a clock that never runs back, ``root`` what the running system was booted from.
    """

    terminal: str
    version: str
    compatible: str
    clock: Clock
    seconds: Callable[[], float] = time.monotonic
    root: Path | None = None


@dataclass(frozen=True, slots=True)
class Links:
    """The own broker, who takes part and who is out, where bundles are to be had, at which rate."""

    broker: Endpoint
    roster: Callable[[], tuple[frozenset[str], frozenset[str]]]
    sources: Callable[[Sequence[str]], Sequence[Source]]
    tap: Door
    door: Door
    rate: Rate
    connect: Callable[[Endpoint, Inbox, Sequence[str]], Link] = Transport


class Program:
    """Updates this terminal in its turn, and gives others what it has; ``run`` until ``stop``."""

    def __init__(
        self,
        journal: Journal,
        place: Place,
        links: Links,
        shelf: Shelf,
        install: Install,
    ) -> None:
        self._journal = journal
        self._place = place
        self._links = links
        self._shelf = shelf
        self._install = install
        self._clock = place.clock
        self._seconds = place.seconds
        self._inbox = Inbox()
        self._link = links.connect(links.broker, self._inbox, (SAFETY.template,))
        self._safety: Safety | None = None
        self._content: Content | None = None
        self._ended: Ended | None = None
        self._may_since_s: float | None = None
        self._last_step = Step.NOTHING
        self._report: UpdateReport | None = None
        self._sent_s = self._told_s = self._restart_s = self._named_s = -RESTART_S
        self._naming = uuid.uuid4().hex
        self._looked_s = place.seconds()
        self._stopping = threading.Event()

    def run(self) -> None:
        """Work until ``stop`` is called from another thread or a signal handler."""
        self._link.start()
        self._links.door.start()
        self._links.tap.start()
        try:
            while not self._stopping.is_set():
                item = self._inbox.get(LOOK_S)
                while item is not None:
                    self.hear(item)
                    item = self._inbox.get(0)
                self.turn()
        finally:
            self._links.door.stop()
            self._links.tap.stop()
            self._link.stop()
            self._hang_up()

    def stop(self) -> None:
        """End ``run`` within a moment; what RAUC installs goes on, and is looked after later."""
        self._stopping.set()

    def hear(self, item: object) -> None:
        """Take what the replica says of the others."""
        if isinstance(item, Arrival) and item.topic == SAFETY.template:
            try:
                self._safety = unpack_json(item.payload, Safety)
            except MessageRefused as error:
                log.warning("%s: %s", item.topic, error)

    def turn(self) -> None:
        """Do what there is to do now, and tell the till."""
        if self._seconds() - self._looked_s >= SHELF_S:
            self._shelf.refresh()
            self._looked_s = self._seconds()
        try:
            state = updates(self._journal)
            self._name_system(state)
            done = self._act(state, self.facts(state))
        except JournalUnusable as error:
            log.warning("%s", error)
            return
        changed = done.step is not self._last_step
        if changed:
            log.info("update: %s %s", done.step, done.who)
            self._last_step = done.step
        if changed or self._seconds() - self._told_s >= TELL_S:
            self._tell(done)

    def facts(self, state: Updates) -> Facts:
        """Return how it stands."""
        others, out = self._links.roster()
        house = queries.restaurant(self._journal)
        safety = self._safety
        return Facts(
            self._place.terminal,
            self._place.compatible,
            self._place.version,
            others - {self._place.terminal},
            out,
            frozenset(safety.peers if safety else ()),
            self._safe(safety, others - {self._place.terminal}),
            self._quiet(state.minutes, house),
            bool(unpaid(self._journal)),
        )

    def _safe(self, safety: Safety | None, others: frozenset[str]) -> bool:
        """Tell whether another has all that was written here; alone and without cloud, nobody."""
        if safety is None:
            return False
        if not others and not safety.cloud:
            return True
        me = self._place.terminal
        return all(
            max(safety.safe.get(f"{me}/{log[1]}", 0), safety.cloud.get(f"{me}/{log[1]}", 0))
            >= head.seq
            for log, head in self._journal.vector().items()
            if log[0] == me
        )

    def _quiet(self, minutes: int, house: Restaurant) -> bool:
        begins = house.cutoff_minutes if minutes == AT_DAYS_END else minutes
        at = datetime.fromtimestamp(self._clock.now_ms() / 1000, ZoneInfo(house.timezone))
        return (at.hour * 60 + at.minute - begins) % MINUTES_A_DAY < QUIET_MINUTES

    def _act(self, state: Updates, facts: Facts) -> Move:
        if self._ended is not None or self._install.under is not None:
            going_on = self._go_on(state, facts)
            if going_on is not None:
                return going_on
        found = move(state, facts)
        if found.step is not Step.CLAIM:
            self._report = None
        if found.step not in {Step.CLAIM, Step.SETTLE} or found.offer is None:
            self._may_since_s = None
            return found
        if self._may_since_s is None or found.step is not self._last_step:
            self._may_since_s = self._seconds()
        waited_s = self._seconds() - self._may_since_s
        if found.step is Step.CLAIM:
            if waited_s >= facts.wait_s:
                self._say(found.offer.bundle)
            return found
        if waited_s >= (SETTLE_S if facts.others else 0):
            self._begin(found.offer, facts, first=True)
            return Move(Step.FETCHING, found.offer)
        return found

    def _go_on(self, state: Updates, facts: Facts) -> Move | None:
        """Go on with what is under way here; None when there is nothing any more."""
        mine, under = state.mine(facts.me), self._install.under
        bundle = self._ended.bundle if self._ended else under.bundle if under else ""
        turn = mine if mine is not None and mine.bundle == bundle and not mine.outcome else None
        offer = state.offer(bundle)
        if turn is None:
            self._ended = None
            self._let_go()
            return None
        if self._ended is not None:
            self._say(bundle, self._ended)
            return Move(Step.TRIAL, offer)
        if under is not None and under.phase == INSTALLING:
            return self._installing(offer, bundle, facts)
        if self._install.same_boot:
            return self._restart(offer, facts)
        self._ended = self._install.judged()
        return Move(Step.TRIAL, offer)

    def _installing(self, offer: Offer | None, bundle: str, facts: Facts) -> Move:
        under = self._install.under
        if offer is None:
            self._ended = Ended(bundle, "failed", "another one was offered meanwhile")
        elif not self._install.same_boot and under and under.number:
            self._ended = self._install.cut_short()
        elif self._content is None or (under and not under.number):
            self._begin(offer, facts)
        else:
            self._ended = self._install.installed(_about(offer), self._content)
        return Move(Step.FETCHING, offer)

    def _begin(self, offer: Offer, facts: Facts, *, first: bool = False) -> None:
        self._content = self._shelf.find(offer.bundle) or Remote(
            offer.bundle,
            offer.size,
            self._links.sources(sorted(facts.live & facts.others)),
            self._links.rate,
        )
        if first and self._place.root:
            self._ended = self._install.needless(_about(offer), self._content, self._place.root)
        if self._ended is None:
            self._install.begin(_about(offer), self._content)

    def _restart(self, offer: Offer | None, facts: Facts) -> Move:
        """Restart once all is SAFE; asked again if nothing came of it, given up if told why."""
        self._ended = self._install.stays()
        if self._ended is not None:
            return Move(Step.RESTART, offer)
        if facts.safe and self._seconds() - self._restart_s >= RESTART_S:
            self._restart_s = self._seconds()
            self._install.restart()
        return Move(Step.RESTART, offer)

    def _let_go(self) -> None:
        self._install.forget()
        self._hang_up()
        self._content = self._report = None
        self._shelf.refresh()

    def _hang_up(self) -> None:
        if isinstance(self._content, Remote):
            self._content.close()

    def _say(self, bundle: str, ended: Ended | None = None) -> None:
        """Have the till write it down; the same command until the journal shows it."""
        outcome, why = (ended.outcome, ended.why) if ended else ("", "")
        before = self._report
        if before is None or (before.bundle, before.outcome) != (bundle, outcome):
            self._report = UpdateReport(uuid.uuid4().hex, bundle, outcome, why)
            self._sent_s = -REPORT_S
        if self._report and self._seconds() - self._sent_s >= REPORT_S:
            self._sent_s = self._seconds()
            self._link.publish(UPDATING.template, pack_json(self._report), qos=UPDATING.qos)

    def _name_system(self, state: Updates) -> None:
        """Have the till write down what runs here, until the journal shows it."""
        here, known = self._place, state.system(self._place.terminal)
        same = known and (known.version, known.compatible) == (here.version, here.compatible)
        if not same and self._seconds() - self._named_s >= REPORT_S:
            self._named_s = self._seconds()
            about = (here.version, here.compatible)
            report = UpdateReport(self._naming, "", "", "", *about)
            self._link.publish(UPDATING.template, pack_json(report), qos=UPDATING.qos)

    def _tell(self, done: Move) -> None:
        self._told_s = self._seconds()
        held, content = self._shelf.newest(), self._content
        remote = content if isinstance(content, Remote) else None
        now = UpdatesNow(
            done.step.value,
            self._clock.now_ms(),
            self._place.version,
            self._place.compatible,
            done.who,
            done.offer.bundle if done.offer else "",
            remote.total if remote else 0,
            remote.newest if remote else "",
            _told(held) if held else None,
            self._links.rate.lasts_s(max(0, remote.size - remote.total)) if remote else 0,
        )
        self._link.publish(UPDATES.template, pack_json(now), retain=True)


def _about(offer: Offer) -> About:
    return About(offer.bundle, offer.compatible, offer.version, offer.size)


def _told(held: Held) -> HeldBundle:
    about = held.about
    return HeldBundle(about.bundle, about.compatible, about.version, about.size)
