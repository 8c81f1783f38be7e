"""A connection to a printer: short, bounded in time and bytes, and never trusted."""

import time
from collections.abc import Callable
from typing import Self

from comptoir.devices.cable import plug
from comptoir.devices.condition import (
    QUESTIONS,
    Condition,
    State,
    condition,
    is_paper_status,
    is_status,
    only_answer,
)
from comptoir.domain.printing import Printer

ANSWER_S_MAX = 1.0
CHUNK_BYTES = 4096
CHUNK_S_MAX = 5.0
JOB_S_MAX = 60.0
SERIAL_JOB_S_MAX = 240.0  # a drawn paper of 120 kB at 9600 bits a second: better in letters
FINISH_S_MAX = 15.0
NOISE_BYTES_MAX = 256
DLE_EOT = b"\x10\x04"
GS_R_PAPER = b"\x1dr\x01"
DRAWER_PULSE = b"\x1bp\x00\x19\x7d"  # ESC p, pin 2, 50 ms on, 250 ms off


class PrinterFailed(Exception):
    """A printer did not do it; ``begun`` when some of the job may be on paper."""

    def __init__(self, state: State, *, begun: bool = False) -> None:
        super().__init__(state.value)
        self.state = state
        self.begun = begun


class Connection:
    """One conversation; ends with the ``with`` block."""

    def __init__(self, printer: Printer) -> None:
        self._job_s = SERIAL_JOB_S_MAX if printer.baud else JOB_S_MAX
        try:
            self._cable = plug(printer)
        except OSError as error:
            raise PrinterFailed(State.OFF) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._cable.close()

    def condition(self) -> Condition:
        """Ask how the printer is; raises PrinterFailed when it says nothing that makes sense."""
        self._cable.drain()
        return condition(*(self._ask(number) for number in QUESTIONS))

    def _ask(self, number: int) -> int:
        self._send(DLE_EOT + bytes([number]), begun=False)
        return self._answer(ANSWER_S_MAX, is_status)

    def print(self, job: bytes) -> None:
        """Send a job; raises PrinterFailed with ``begun`` when it stops in the middle."""
        end = time.monotonic() + self._job_s
        for start in range(0, len(job), CHUNK_BYTES):
            if time.monotonic() > end:
                raise PrinterFailed(State.SILENT, begun=True)
            self._send(job[start : start + CHUNK_BYTES], begun=True)

    def confirm(self) -> None:
        """Wait until the printer has worked through the job; raises PrinterFailed if it does not.

        GS r is answered in its turn, after everything sent before it was printed.
        """
        self._cable.drain()
        self._send(GS_R_PAPER, begun=True)
        try:
            self._answer(FINISH_S_MAX, is_paper_status)
        except PrinterFailed as failed:
            raise PrinterFailed(failed.state, begun=True) from failed

    def _send(self, data: bytes, *, begun: bool) -> None:
        try:
            self._cable.send(data, CHUNK_S_MAX)
        except OSError as error:
            raise PrinterFailed(State.OFF, begun=begun) from error

    def _answer(self, seconds: float, fits: Callable[[int], bool]) -> int:
        """Return the status byte that comes; raises PrinterFailed for silence or anything else."""
        try:
            said = self._cable.receive(NOISE_BYTES_MAX, seconds)
        except TimeoutError as error:
            raise PrinterFailed(State.SILENT) from error
        except OSError as error:
            raise PrinterFailed(State.OFF) from error
        if not said:
            raise PrinterFailed(State.OFF)
        answer = only_answer(said, fits)
        if answer is None:
            raise PrinterFailed(State.GARBLED)
        return answer
