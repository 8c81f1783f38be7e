"""What the till does beside its answers: news, a short journal, figures, what is due."""

import gc
import logging
import threading
from collections.abc import Callable

from comptoir.bus import Transport
from comptoir.bus.topics import JOURNAL
from comptoir.bus.wire import Grown, pack_json
from comptoir.domain.errors import DomainError
from comptoir.journal import Journal, JournalUnusable

# The answer to whoever made the event goes out first, and a burst is told once
TELL_AFTER_S = 0.002
TIDY_EVERY_S = 0.5
ADD_UP_EVERY_S = 2.0
DUE_EVERY_S = 2.0
ADD_UP_PAUSE_S = 0.05  # between two steps of many, for who sells

log = logging.getLogger(__name__)


class Upkeep:
    """Four threads from ``start`` to ``stop``; nobody who sells waits for them.

    ``add_up`` takes a step of the figures and tells whether it was the last; each of ``due`` looks
    whether its moment has come: a planned menu, a technician's door, a clock to be marked.
    """

    def __init__(
        self,
        journal: Journal,
        link: Transport,
        add_up: Callable[[], bool],
        *due: Callable[[], None],
    ) -> None:
        self._journal = journal
        self._link = link
        self._add_up = add_up
        self._due = due
        self._stopping = threading.Event()
        self._grown = threading.Event()
        journal.on_commit(self._grown.set)
        self._threads = [
            threading.Thread(target=self._tell, name="news"),
            threading.Thread(target=self._tidy, name="journal"),
            threading.Thread(target=self._sum, name="figures"),
            threading.Thread(target=self._look, name="due"),
        ]

    def start(self) -> None:
        """Begin; what is in memory by now is taken to stay."""
        gc.collect()
        gc.freeze()  # so that it is not searched again and again in the middle of sales
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End the threads, and wait for them."""
        self._stopping.set()
        self._grown.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    def _tell(self) -> None:
        """Tell the replica program whenever there is something to share."""
        while self._grown.wait() and not self._stopping.wait(TELL_AFTER_S):
            self._grown.clear()
            grown = Grown(self._journal.position())
            self._link.publish(JOURNAL.template, pack_json(grown), qos=JOURNAL.qos)

    def _tidy(self) -> None:
        while not self._stopping.wait(TIDY_EVERY_S):
            try:
                self._journal.tidy()
            except JournalUnusable as error:
                log.warning("%s", error)

    def _sum(self) -> None:
        """Keep the figures near the journal's end, a step at a time."""
        pause_s = ADD_UP_EVERY_S
        while not self._stopping.wait(pause_s):
            try:
                pause_s = ADD_UP_EVERY_S if self._add_up() else ADD_UP_PAUSE_S
            except JournalUnusable as error:
                pause_s = ADD_UP_EVERY_S
                log.warning("%s", error)

    def _look(self) -> None:
        """Do what is due; one that is refused keeps no other from it."""
        while not self._stopping.wait(DUE_EVERY_S):
            for due in self._due:
                try:
                    due()
                except (DomainError, JournalUnusable) as error:
                    log.warning("what is due: %s", error)
