"""The devices program: one thread hears the journal, one prints for each printer."""

import logging
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

from comptoir.bus import Arrival, Endpoint, Inbox, Transport
from comptoir.bus.topics import JOURNAL, PRINTERS, PRINTING, SAFETY
from comptoir.bus.wire import (
    MessageRefused,
    PrinterNow,
    PrintersNow,
    PrintReport,
    Safety,
    pack_json,
    unpack_json,
)
from comptoir.devices.board import Board, Waiting
from comptoir.devices.composing import compose
from comptoir.devices.counter import Counter
from comptoir.devices.worker import Worker
from comptoir.domain.events import (
    AccountPaid,
    DrawerKicked,
    Event,
    PaymentRefunded,
    PaymentTaken,
)
from comptoir.domain.hlc import milliseconds
from comptoir.domain.printing import Printer
from comptoir.domain.tender import CASH
from comptoir.fonts import find
from comptoir.journal import Change, Clock, Journal, JournalUnusable

LISTEN_S = 0.25
CHANGES_MAX = 500
TELL_S = 2.0
REFRESH_S = 5.0
DRAWER_AGE_MS_MAX = 5000

DRAWER_KINDS = {PaymentTaken.KIND, PaymentRefunded.KIND, AccountPaid.KIND, DrawerKicked.KIND}

log = logging.getLogger(__name__)


class PrinterThreadEnded(Exception):
    """A printer's thread ended by a fault of ours: the program starts anew."""


@dataclass(frozen=True, slots=True)
class Look:
    """What this terminal's settings say of paper: the font's file, where receipts are found."""

    font: str = ""
    receipt_url: str = ""


class Devices:
    """Prints what this terminal has to print; ``run`` blocks until ``stop``."""

    def __init__(
        self, journal: Journal, terminal: str, clock: Clock, broker: Endpoint, look: Look
    ) -> None:
        self._journal = journal
        self._terminal = terminal
        self._clock = clock
        self._look = look
        self._inbox = Inbox()
        self._link = Transport(broker, self._inbox, (SAFETY.template, JOURNAL.template))
        self._board = Board(journal, terminal, clock)
        self._counter = Counter(self._board, self._report)
        self._workers: dict[str, Worker] = {}
        self._position = 0
        self._told_s = 0.0
        self._refreshed_s = 0.0
        self._stopping = threading.Event()

    def run(self) -> None:
        """Print until told to stop; raises PrinterThreadEnded when a thread of ours failed."""
        self._link.start()
        try:
            self._position = self._board.start(time.monotonic())
            while not self._stopping.is_set():
                self._turn()
        finally:
            for worker in self._workers.values():
                worker.stop()
            for worker in self._workers.values():
                worker.join()
            self._link.stop()

    def stop(self) -> None:
        """End ``run`` within a moment; a paper that is being printed is finished first."""
        self._stopping.set()

    def _turn(self) -> None:
        item = self._inbox.get(LISTEN_S)
        if isinstance(item, Arrival) and item.topic == SAFETY.template:
            self._hear_safety(item)
        self._read_journal()
        self._keep_workers()
        if time.monotonic() - self._told_s >= TELL_S or item is not None:
            self._told_s = time.monotonic()
            self._counter.again()
            self._tell()

    def _hear_safety(self, item: Arrival) -> None:
        try:
            self._board.hear_live(unpack_json(item.payload, Safety).peers)
        except MessageRefused as error:
            log.warning("%s: %s", item.topic, error)

    def _read_journal(self) -> None:
        try:
            changes = self._journal.changes(self._position, CHANGES_MAX)
            if not changes:
                return
            names = {name for change in changes for name in change.aggregates}
            self._board.refresh(names, time.monotonic())
            self._position = changes[-1].position
            self._open_drawers(changes)
        except JournalUnusable as error:
            log.warning("%s", error)
            return
        self._counter.heard()
        for worker in self._workers.values():
            worker.wake()

    def _open_drawers(self, changes: Iterable[Change]) -> None:
        """Open this terminal's drawer for cash that moved here just now, or for no sale."""
        home = self._board.plan.receipt_printer(self._terminal)
        if home is None or not home.drawer or home.id not in self._workers:
            return
        touched = {
            name
            for change in changes
            if change.kind in DRAWER_KINDS and change.terminal == self._terminal
            for name in change.aggregates
        }
        if any(self._opens(event) for name in touched for event in self._journal.events(name)):
            self._workers[home.id].kick()

    def _opens(self, event: Event) -> bool:
        """Tell whether an event of this terminal opens its drawer now; never one of long ago."""
        age_ms = self._clock.now_ms() - milliseconds(event.envelope.hlc)
        if event.envelope.terminal != self._terminal or age_ms > DRAWER_AGE_MS_MAX:
            return False
        match event.body:
            case (
                PaymentTaken(tender=tender)
                | PaymentRefunded(tender=tender)
                | AccountPaid(tender=tender)
            ):
                return tender == CASH
            case DrawerKicked():
                return True
            case _:
                return False

    def _keep_workers(self) -> None:
        """Have one thread for each printer of the plan, as it is set up now."""
        wanted = {printer.id: printer for printer in self._board.plan.reachable(self._terminal)}
        for name, worker in list(self._workers.items()):
            if worker.failed:
                raise PrinterThreadEnded(f"printer {name}: its thread ended; see above")
            if wanted.get(name) != worker.printer:
                worker.stop()
                worker.join()
                del self._workers[name]
        for name, printer in wanted.items():
            if name not in self._workers:
                self._workers[name] = Worker(printer, self._board, self._counter, self._prepare)
                self._workers[name].start()

    def _prepare(self, one: Waiting, printer: Printer, duplicate: bool) -> bytes:
        from comptoir.devices.encoding import encode  # noqa: PLC0415 - 12 MB; many print nothing

        plan, base = self._board.plan, self._look.receipt_url
        paper = compose(self._journal, plan, one.ticket, duplicate=duplicate, base=base)
        return encode(paper, printer, find(self._look.font))

    def _report(self, report: PrintReport) -> bool:
        return self._link.publish(PRINTING.template, pack_json(report), qos=PRINTING.qos)

    def _tell(self) -> None:
        """Tell the till how each printer is, and how much waits for it."""
        printers = [
            PrinterNow(
                worker.printer.id,
                worker.condition.state.value,
                worker.message,
                worker.condition.paper_low,
                len(self._board.for_printer(worker.printer.id)),
            )
            for worker in self._workers.values()
        ]
        now = PrintersNow(printers, self._clock.now_ms())
        self._link.publish(PRINTERS.template, pack_json(now), retain=True)
