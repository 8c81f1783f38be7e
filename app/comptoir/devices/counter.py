"""The way to the till, which alone writes events: say it until the journal shows that it heard."""

import threading
import time
import uuid
from collections.abc import Callable

from comptoir.bus.wire import PrintReport
from comptoir.devices.board import Board, Waiting

CLAIM_S_MAX = 3.0
AGAIN_S = 0.5
OUTBOX_MAX = 500


class Counter:
    """Hands reports to the till; safe for threads. ``heard`` is called after the journal grew."""

    def __init__(self, board: Board, send: Callable[[PrintReport], object]) -> None:
        self._board = board
        self._send = send
        self._news = threading.Condition()
        self._outbox: dict[str, PrintReport] = {}

    def heard(self) -> None:
        """Wake those who wait for their report to be in the journal."""
        with self._news:
            done = [name for name in self._outbox if not self._board.waits(name)]
            for name in done:
                del self._outbox[name]
            self._news.notify_all()

    def claim(self, one: Waiting, printer: str) -> bool:
        """Say that this terminal is about to print; tells whether that is in the journal."""
        ticket = one.ticket
        report = PrintReport(uuid.uuid4().hex, False, ticket.check, ticket.id, printer)
        end = time.monotonic() + CLAIM_S_MAX
        while (left := end - time.monotonic()) > 0:
            self._send(report)
            with self._news:
                if self._news.wait_for(lambda: self._claimed(ticket.id), min(AGAIN_S, left)):
                    return True
        return False

    def _claimed(self, ticket: str) -> bool:
        return self._board.claimed_by_me(ticket)

    def printed(self, one: Waiting, printer: str, *, duplicate: bool, confirmed: bool) -> None:
        """Say that a ticket is on paper, again and again until the journal shows it."""
        ticket = one.ticket
        report = PrintReport(
            uuid.uuid4().hex, True, ticket.check, ticket.id, printer, duplicate, confirmed
        )
        with self._news:
            if len(self._outbox) < OUTBOX_MAX:
                self._outbox[ticket.id] = report
        self._send(report)

    def told(self, ticket: str) -> bool:
        """Tell whether a ticket was printed here and the journal does not show it yet."""
        with self._news:
            return ticket in self._outbox

    def again(self) -> None:
        """Send what the journal does not show yet once more."""
        with self._news:
            reports = list(self._outbox.values())
        for report in reports:
            self._send(report)
