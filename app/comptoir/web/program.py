"""The till program: settles its epoch with the peers, hears the own broker, serves the screens."""

import logging
import threading
import time
from collections.abc import Callable

from comptoir.bus import Arrival, Endpoint, Inbox, Transport
from comptoir.bus.topics import JOURNAL, PRINTERS, PRINTING, SAFETY, UPDATES, UPDATING
from comptoir.bus.wire import (
    Grown,
    MessageRefused,
    PrintReport,
    Safety,
    UpdateReport,
    unpack_json,
)
from comptoir.commands import Actor, ClaimTicket, RecordPrint, queries
from comptoir.commands.menu_draft import publisher
from comptoir.commands.offline import EndAway
from comptoir.domain.errors import DomainError
from comptoir.domain.house import SYSTEM
from comptoir.journal import JournalUnusable
from comptoir.web import figures
from comptoir.web.application import create_app
from comptoir.web.server import Server
from comptoir.web.services import Services
from comptoir.web.settling import Answers, Settling
from comptoir.web.updates import command_of
from comptoir.web.upkeep import Upkeep

LISTEN_S = 0.5
RECOVERY_S_MAX = 20.0
ASKING_S = 0.05
TOPICS = (SAFETY, JOURNAL, PRINTING, PRINTERS, UPDATES, UPDATING)
HEARD = tuple(topic.template for topic in TOPICS)
DEVICES, REPLICA = Actor("devices", SYSTEM), Actor("replica", SYSTEM)
UPDATER = Actor("updates", SYSTEM)

log = logging.getLogger(__name__)


class Till:
    """One till: ``run`` serves until ``stop``, both callable from any thread, ``stop`` repeatedly.

    ``on_open`` runs once the own log is open (a new terminal founds its house), ``on_news``
    after foreign events came in (a retirement is attested), ``on_due`` every two seconds.
    """

    def __init__(
        self,
        services: Services,
        broker: Endpoint,
        *,
        on_open: Callable[[], None],
        on_news: Callable[[], None],
        on_due: Callable[[], None],
    ) -> None:
        self._services = services
        self._on_open = on_open
        self._on_news = on_news
        self._inbox = Inbox()
        self._link = Transport(broker, self._inbox, HEARD)
        self._safety: Safety | None = None
        self._stopping = threading.Event()
        app = create_app(services.settings, services)
        self._server = Server(app, services.settings, services.changes.close)
        looks = (services.door.follow, services.newcomers.look, on_due)
        due = (publisher(services.journal, services.desk), *looks)
        self._upkeep = Upkeep(services.journal, self._link, figures.of(app).follow, *due)

    def run(self) -> None:
        """Settle the epoch, then serve the screens until told to stop."""
        self._link.start()
        listener = threading.Thread(target=self._listen, name="own broker")
        listener.start()
        self._upkeep.start()
        try:
            self._settle()
            if not self._stopping.is_set():
                self._on_open()
                self._on_news()
                self._server.run()
        finally:
            self._stopping.set()
            listener.join()
            self._upkeep.stop()
            self._services.newcomers.close()
            self._services.desk.log.close()
            self._link.stop()

    def stop(self) -> None:
        """End the server; events already answered are on disk."""
        self._stopping.set()
        self._server.stop()

    def _settle(self) -> None:
        """Ask peers for this terminal's own events before it makes new ones."""
        own = self._services.desk.log
        if self._alone():
            own.open(peers_answered=False)
            return
        settling = Settling(own, self._services.settings.start_wait_ms / 1000, RECOVERY_S_MAX)
        begin_s = time.monotonic()
        while not settling.step(Answers.of(self._safety), time.monotonic() - begin_s):
            if self._stopping.wait(ASKING_S):
                return
        log.info("epoch %d, peers answered %s", own.epoch, Answers.of(self._safety))

    def _alone(self) -> bool:
        others = {terminal.id for terminal in queries.terminals(self._services.journal)}
        return others | set(self._services.identity.trust) == {self._services.identity.terminal}

    def _listen(self) -> None:
        while not self._stopping.is_set():
            arrival = self._inbox.get(LISTEN_S)
            if isinstance(arrival, Arrival):
                self._hear(arrival)

    def _hear(self, arrival: Arrival) -> None:
        try:
            if arrival.topic == SAFETY.template:
                before, self._safety = self._safety, unpack_json(arrival.payload, Safety)
                self._services.safety.update(arrival.payload)
                self._note_return(before, self._safety)
            elif arrival.topic == PRINTERS.template:
                self._services.printers.update(arrival.payload)
            elif arrival.topic == UPDATES.template:
                self._services.updates.update(arrival.payload)
            elif self._services.desk.log.epoch:
                self._hear_news(arrival)
        except (MessageRefused, DomainError, JournalUnusable) as error:
            log.warning("%s: %s", arrival.topic, error)

    def _note_return(self, before: Safety | None, now: Safety) -> None:
        """Make it a fact that the cloud answers again; said twice, it is one."""
        since_ms = before.away_since_ms if before else 0
        if since_ms and not now.away_since_ms and self._services.desk.log.epoch:
            name = f"away-{self._services.identity.terminal}-{since_ms}"
            until_ms = self._services.clock.now_ms()
            self._services.desk.run(EndAway(name, since_ms, until_ms), REPLICA)

    def _hear_news(self, arrival: Arrival) -> None:
        if arrival.topic == PRINTING.template:
            self._write_down(unpack_json(arrival.payload, PrintReport))
            return
        if arrival.topic == UPDATING.template:
            report = unpack_json(arrival.payload, UpdateReport)
            self._services.desk.run(command_of(report), UPDATER)
            return
        unpack_json(arrival.payload, Grown)
        self._services.changes.notify()
        self._on_news()

    def _write_down(self, report: PrintReport) -> None:
        """Make what a printer did a fact; a repeated report does nothing twice."""
        about = (report.command, report.check, report.ticket, report.printer)
        if report.printed:
            record = RecordPrint(*about, report.duplicate, report.confirmed)
            self._services.desk.run(record, DEVICES)
        else:
            self._services.desk.run(ClaimTicket(*about), DEVICES)
