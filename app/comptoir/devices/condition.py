"""What a printer says of itself, read from the bytes of its real-time status (DLE EOT n, GS r n).

Source: Epson's ESC/POS command reference. Every status byte has fixed bits; one that lacks them is
no answer to the question and is refused, whatever sent it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

FIXED_MASK, FIXED = 0b1001_0011, 0b0001_0010  # DLE EOT: bits 0 and 7 clear, 1 and 4 set
PAPER_MASK, PAPER_FIXED = 0b1001_0000, 0b0000_0000  # GS r 1: bits 4 and 7 clear
ASB_FIXED, ASB_BYTES = 0b0001_0000, 4  # its first byte: bits 0, 1 and 7 clear, 4 set
ASK_PRINTER, ASK_OFFLINE, ASK_ERROR, ASK_PAPER = 1, 2, 3, 4
QUESTIONS = (ASK_PRINTER, ASK_OFFLINE, ASK_ERROR, ASK_PAPER)


class State(StrEnum):
    """How a printer is; only ``ready`` takes paper jobs."""

    READY = "ready"
    OFF = "off"
    COVER_OPEN = "cover-open"
    PAPER_OUT = "paper-out"
    ERROR = "error"
    OFFLINE = "offline"
    SILENT = "silent"
    GARBLED = "garbled"
    UNKNOWN = "unknown"


MESSAGES = {
    State.READY: "Ready.",
    State.OFF: "Does not answer. Is it switched on, and its cable in?",
    State.COVER_OPEN: "The cover is open. Close it.",
    State.PAPER_OUT: "Out of paper. Put in a new roll.",
    State.ERROR: "The cutter or the print head is stuck. Switch it off, free it, switch it on.",
    State.OFFLINE: "Paused. Press its feed button, or switch it off and on.",
    State.SILENT: "Connected, but tells nothing. Is something else printing on it?",
    State.GARBLED: "Answers what no printer says. Is this the printer's address?",
    State.UNKNOWN: "Not asked yet.",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """How a printer is now; ``paper_low`` says that the roll ends soon."""

    state: State
    paper_low: bool = False
    drawer_open: bool = False

    @property
    def ready(self) -> bool:
        """Tell whether it takes a job."""
        return self.state is State.READY

    @property
    def message(self) -> str:
        """Return what to do about it."""
        return MESSAGES[self.state]


def is_status(byte: int) -> bool:
    """Tell whether a byte can be an answer to DLE EOT."""
    return byte & FIXED_MASK == FIXED


def is_paper_status(byte: int) -> bool:
    """Tell whether a byte can be an answer to GS r 1."""
    return byte & PAPER_MASK == PAPER_FIXED


def only_answer(data: bytes, fits: Callable[[int], bool]) -> int | None:
    """Return the one status byte in what a printer said; None when that is anything else.

    Reports that some printers send unasked (four bytes, Epson's ASB) are passed over.
    """
    while len(data) >= ASB_BYTES and data[0] & FIXED_MASK == ASB_FIXED:
        data = data[ASB_BYTES:]
    return data[0] if len(data) == 1 and fits(data[0]) else None


def condition(printer: int, offline: int, error: int, paper: int) -> Condition:
    """Return the condition that the four status bytes tell, the gravest first."""
    low = bool(paper & 0b0000_1100)
    drawer = bool(printer & 0b0000_0100)
    checks = (
        (offline & 0b0000_0100, State.COVER_OPEN),
        (paper & 0b0110_0000 or offline & 0b0010_0000, State.PAPER_OUT),
        (error & 0b0110_1000 or offline & 0b0100_0000, State.ERROR),
        (printer & 0b0000_1000, State.OFFLINE),
    )
    state = next((state for bits, state in checks if bits), State.READY)
    return Condition(state, low, drawer)
