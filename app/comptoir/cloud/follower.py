"""Keeps the head office's figures of all restaurants a second behind the store."""

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace

from comptoir.cloud.mirror import Mirror
from comptoir.cloud.store import Store, StoreUnavailable
from comptoir.commands.business_day import business_date
from comptoir.commands.overview import Overview
from comptoir.domain.envelope import Head, Vector
from comptoir.domain.errors import Refusal
from comptoir.journal import Clock, Journal, JournalUnusable

log = logging.getLogger(__name__)
TURN_S = 1.0
NOT_YET: Vector = {("", 0): Head(0, "")}


class Follower:
    """Looks at every restaurant in turn, and works only on those with news.

    What a page shows side by side lies ready in memory; the store is asked four questions a
    turn, however many pages are open. ``attest`` is asked of each restaurant that has news.
    """

    def __init__(
        self,
        store: Store,
        mirror: Mirror,
        clock: Clock,
        attest: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._store = store
        self._mirror = mirror
        self._clock = clock
        self._attest = attest
        self._marks: dict[str, Vector] = {}
        self._sites: Mapping[str, Overview] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)
        self._fault = ""

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End within a moment."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    @property
    def fault(self) -> str:
        """Return why the store cannot be read; empty while it can."""
        return self._fault

    def sites(self) -> Mapping[str, Overview]:
        """Return the figures of every restaurant, by id."""
        return self._sites

    def journal(self, restaurant: str) -> AbstractContextManager[Journal]:
        """Open a restaurant's copy to look into it."""
        return self._mirror.journal(restaurant)

    def turn(self) -> None:
        """Look at every restaurant once; raises StoreUnavailable."""
        names = self._store.restaurants()
        marks, heard = self._store.marks(names), self._store.heard()
        health = self._store.health(names)
        self._sites = {name: site for name, site in self._sites.items() if name in marks}
        for name in names:
            site = self._sites.get(name)
            mark = marks.get(name, {})
            if site is None or mark != self._marks.get(name) or self._new_day(site):
                site, whole = self._mirror.follow(name, mark)
                self._marks[name] = mark if whole else NOT_YET
                self._put(name, site, heard)
                self._say_what_is_held(name)
        self._sites = {
            name: replace(site, heard=heard.get(name, {}), health=health.get(name, {}))
            for name, site in self._sites.items()
        }

    def _say_what_is_held(self, name: str) -> None:
        """Attest what the store holds of retired terminals; refused, it is tried again."""
        try:
            self._attest(name)
        except Refusal as error:
            log.warning("%s: what the cloud holds of a retired terminal: %s", name, error)
            self._marks[name] = NOT_YET

    def _put(self, name: str, site: Overview, heard: Mapping[str, Mapping[str, int]]) -> None:
        """Show one restaurant at once: the first turn of a new head office takes minutes."""
        self._sites = {**self._sites, name: replace(site, heard=heard.get(name, {}))}

    def _new_day(self, site: Overview) -> bool:
        return business_date(self._clock.now_ms(), site.house) != site.day

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.turn()
                if self._fault:
                    log.info("the store works again")
                self._fault = ""
            except (StoreUnavailable, JournalUnusable) as error:
                if not self._fault:
                    log.warning("figures stand still until the store works: %s", error)
                self._fault = str(error)
            self._stopping.wait(TURN_S)
