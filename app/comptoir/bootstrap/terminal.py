"""What every program of a terminal needs: its clock and its journal."""

import time
from pathlib import Path

from comptoir.journal import Journal, folding
from comptoir.journal.known_time import KnownTime, Machine
from comptoir.settings import Settings


class SystemClock:
    """The machine's own clock."""

    def now_ms(self) -> int:
        """Return milliseconds since 1970, UTC."""
        return time.time_ns() // 1_000_000


BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
BATTERY_CLOCKS = Path("/sys/class/rtc")
DAY_S = 86_400


def known_time(journal: Journal, terminal: str, settings: Settings) -> KnownTime:
    """Return this machine's time, and whether anything confirms it."""
    file = Path(settings.clock_file) if settings.clock_file else None
    certain = file is None or battery_agrees(BATTERY_CLOCKS)
    machine = Machine(
        SystemClock(),
        lambda: certain or (file is not None and file.exists()),
        lambda: time.monotonic_ns() // 1_000_000,
        BOOT_ID.read_text().strip() if BOOT_ID.exists() else "",
    )
    return KnownTime(machine, journal, terminal)


def battery_agrees(clocks: Path) -> bool:
    """Tell whether the machine took its time from a clock with a battery, which still agrees."""
    for clock in clocks.glob("rtc*"):
        try:
            set_by_it = (clock / "hctosys").read_text().strip() == "1"
            seconds = int((clock / "since_epoch").read_text())
        except (OSError, ValueError):
            continue
        if set_by_it and abs(seconds - time.time()) < DAY_S:
            return True
    return False


def open_journal(settings: Settings) -> Journal:
    """Return the journal, whose tables the till makes at its start."""
    return Journal(settings.journal_file)


def migrate(settings: Settings) -> list[str]:
    """Make or update the journal's tables; returns the names of the migrations applied."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    journal = open_journal(settings)
    try:
        if folding.current(journal):
            return []
        applied = journal.migrate()
        return [*applied, "projections folded anew"] if folding.renew(journal) else applied
    finally:
        journal.close()
