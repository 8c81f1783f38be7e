"""What every program of a terminal needs: its clock and its journal."""

import time

from comptoir.journal import Journal, folding
from comptoir.settings import Settings


class SystemClock:
    """The machine's own clock."""

    def now_ms(self) -> int:
        """Return milliseconds since 1970, UTC."""
        return time.time_ns() // 1_000_000


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
