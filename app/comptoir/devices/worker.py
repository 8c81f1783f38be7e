"""One printer's thread: asks how it is, prints what is due, and says what became of it."""

import logging
import threading
import time
from collections.abc import Callable

from comptoir.devices.board import Board, Waiting
from comptoir.devices.condition import Condition, State
from comptoir.devices.connection import DRAWER_PULSE, Connection, PrinterFailed
from comptoir.devices.counter import Counter
from comptoir.domain.errors import DomainError
from comptoir.domain.printing import Printer

BUSY_S, WAITING_S, IDLE_S = 0.2, 1.0, 10.0
BACK_OFF_S_MAX = 8.0
KICK_S_MAX = 5.0  # a drawer that opens later opens in front of nobody
JOBS_PER_TURN_MAX = 20

log = logging.getLogger(__name__)
Prepare = Callable[[Waiting, Printer, bool], bytes]


def again_s(state: State, failures: int) -> float:
    """Return how long to wait after a try that failed, in seconds.

    One that is off is tried less and less often. One that is silent prints for another terminal,
    and what waits here may be due in the next moment.
    """
    if state is not State.OFF:
        return WAITING_S
    return float(min(BACK_OFF_S_MAX, WAITING_S * 2 ** min(failures - 1, 8)))


class Worker:
    """Looks after one printer until ``stop``; ``prepare`` turns a ticket into bytes."""

    def __init__(self, printer: Printer, board: Board, counter: Counter, prepare: Prepare) -> None:
        self.printer = printer
        self._board = board
        self._counter = counter
        self._prepare = prepare
        self._condition = Condition(State.UNKNOWN)
        self._trouble = ""
        self._ready_since_s = 0.0
        self._asked_s = 0.0
        self._failures = 0
        self._kick_s = 0.0
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self.failed = False
        self._thread = threading.Thread(target=self._run, name=f"printer {printer.id}")

    @property
    def condition(self) -> Condition:
        """Return how the printer was when it was last asked."""
        return self._condition

    @property
    def message(self) -> str:
        """Return what to do about it."""
        return self._trouble or self._condition.message

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end; ``join`` waits for it."""
        self._stopping.set()
        self._wake.set()

    def join(self) -> None:
        """Wait until the thread has ended."""
        self._thread.join()

    def wake(self) -> None:
        """Say that there may be something to print."""
        self._wake.set()

    def kick(self) -> None:
        """Open the cash drawer, now or never."""
        self._kick_s = time.monotonic()
        self._wake.set()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._wake.wait(self._pause_s())
                self._wake.clear()
                if not self._stopping.is_set():
                    self._turn()
        except BaseException:
            self.failed = True
            raise

    def _pause_s(self) -> float:
        if not self._board.for_printer(self.printer.id):
            return IDLE_S
        if self._failures:
            return again_s(self._condition.state, self._failures)
        return BUSY_S if self._condition.ready else WAITING_S

    def _turn(self) -> None:
        if time.monotonic() - self._kick_s < KICK_S_MAX:
            self._kick_s = 0.0
            self._guarded(self._open_drawer)
        due = self._board.due(self.printer.id, self._ready_since_s, time.monotonic())
        due = [one for one in due if not self._counter.told(one.ticket.id)][:JOBS_PER_TURN_MAX]
        for one in due:
            if not self._guarded(lambda one=one: self._print(one)):  # type: ignore[misc]
                return
        if not due and time.monotonic() - self._asked_s >= self._ask_again_s():
            self._guarded(self._ask)

    def _ask_again_s(self) -> float:
        waits = bool(self._board.for_printer(self.printer.id))
        return WAITING_S if waits else IDLE_S - WAITING_S

    def _guarded(self, action: Callable[[], bool]) -> bool:
        """Do it; a printer that fails is noted, not fatal. Tells whether it was done."""
        try:
            done = action()
        except PrinterFailed as failed:
            self._failures += 1
            self._note(Condition(failed.state))
            return False
        self._failures = 0 if done else self._failures
        return done

    def _ask(self) -> bool:
        with Connection(self.printer) as connection:
            return self._ready(connection)

    def _ready(self, connection: Connection) -> bool:
        self._asked_s = time.monotonic()
        self._failures = 0
        if self.printer.answers:
            self._note(connection.condition())
        else:
            self._note(Condition(State.READY))
        return self._condition.ready

    def _open_drawer(self) -> bool:
        with Connection(self.printer) as connection:
            connection.print(DRAWER_PULSE)
        return True

    def _print(self, one: Waiting) -> bool:
        duplicate = self._board.may_be_second(one)
        try:
            job = self._prepare(one, self.printer, duplicate)
        except DomainError as error:
            self._failures += 1
            self._say_trouble(str(error))
            return False
        with Connection(self.printer) as connection:
            if not self._ready(connection):
                return False
            if not one.mine and not self._counter.claim(one, self.printer.id):
                self._say_trouble("The till does not answer. It starts again by itself.")
                return False
            one.mine = True
            self._send(connection, one, job)
        self._say_trouble("")
        self._counter.printed(
            one, self.printer.id, duplicate=duplicate, confirmed=self.printer.answers
        )
        return True

    def _send(self, connection: Connection, one: Waiting, job: bytes) -> None:
        try:
            connection.print(job)
            if self.printer.answers:
                connection.confirm()
        except PrinterFailed as failed:
            one.begun = one.begun or failed.begun
            raise

    def _say_trouble(self, why: str) -> None:
        if why and why != self._trouble:
            log.warning("printer %s: %s", self.printer.id, why)
        self._trouble = why

    def _note(self, condition: Condition) -> None:
        """Keep a condition; its beginning and its end are logged once each."""
        if condition.state is not self._condition.state:
            log.info("printer %s: %s", self.printer.id, condition.message)
            if condition.ready:
                self._ready_since_s = time.monotonic()
        self._condition = condition
