"""Files closed days away once everybody holds them: every terminal that takes part, and the cloud.

Nobody else's copy is thrown away by it, and no byte either: it moves into a file of its own.
"""

import logging
from collections.abc import Collection, Iterator

from comptoir.domain.envelope import LogId
from comptoir.journal import Journal, JournalUnusable, filing, joining
from comptoir.replica.copies import CLOUD, Copies
from comptoir.replica.member import Member, Seconds

log = logging.getLogger(__name__)
LOOK_S = 60.0
AGAIN_S = 600.0
DONE = object()


class Archivist:
    """Moves the journal's closed days a step at a time; all calls come from one thread."""

    def __init__(self, journal: Journal, member: Member, copies: Copies, seconds: Seconds) -> None:
        self._journal = journal
        self._member = member
        self._copies = copies
        self._seconds = seconds
        self._look_s = seconds()
        self._steps: Iterator[None] | None = None

    def work(self, others: Collection[str]) -> None:
        """Do the next step, or look for a day that ``others`` hold as well."""
        now_s = self._seconds()
        if self._steps is None and now_s < self._look_s:
            return
        try:
            if self._steps is None:
                self._steps = self._begin(others)
                self._look_s = now_s + LOOK_S
            elif next(self._steps, DONE) is DONE:
                self._steps, self._look_s = None, now_s
        except JournalUnusable as error:
            log.warning("a closed day stays in the journal for now: %s", error)
            self._steps, self._look_s = None, now_s + AGAIN_S

    def _begin(self, others: Collection[str]) -> Iterator[None] | None:
        if begun := filing.begun(self._journal):
            return filing.let_go(self._journal, begun[0])
        if not joining.settled(self._journal):
            return None
        day = filing.due(self._journal, lambda at: self._held(at, others))
        if day is None:
            return None
        log.info("%s is filed away", day.date)
        return filing.file_day(self._journal, day)

    def _held(self, at: LogId, others: Collection[str]) -> int:
        """Return up to which seq everybody is known to hold a log."""
        holders = [*others, CLOUD] if self._member.has_cloud else list(others)
        own = self._journal.head(at).seq
        return min([own, *(self._copies.proven(holder, at) for holder in holders)])
