"""The embedded store: one journal per restaurant, for the demo and for one small restaurant."""

import fcntl
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from comptoir import durable
from comptoir.cloud.document import Document
from comptoir.cloud.people_files import PeopleInFiles
from comptoir.cloud.store import UNREGISTERED, Receipt, StoreUnavailable, checked_id
from comptoir.commands.condition import Told
from comptoir.domain.envelope import LogId, Sealed, Vector
from comptoir.domain.house import Card, Terminal
from comptoir.domain.records import dump, load
from comptoir.journal import Journal, JournalUnusable, Problem

CARDS = ".cards.json"


class EmbeddedStore:
    """Keeps ``<restaurant>.db`` and ``<restaurant>.cards.json`` in a folder.

    Several programs may work on it: an ingest worker and the head office.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._journals: dict[str, Journal] = {}
        self._cards: dict[str, tuple[int, dict[str, Card]]] = {}
        self._heard = Document(folder / "heard.json")
        self._health = Document(folder / "health.json")
        self.people = PeopleInFiles(folder)

    def migrate(self) -> list[str]:
        """Bring every restaurant's journal up to this version."""
        self._folder.mkdir(parents=True, exist_ok=True)
        applied: list[str] = []
        for name in self.restaurants():
            applied += [f"{name}: {done}" for done in self._journal(name).migrate()]
        return applied

    def register(self, restaurant: str, cards: Iterable[Card]) -> None:
        """Write the restaurant's first cards; they are trusted from the start."""
        file = self._file(checked_id(restaurant))
        self._folder.mkdir(parents=True, exist_ok=True)
        known = self._read_cards(restaurant) if file.exists() else {}
        known |= {card.terminal: card for card in cards}
        durable.replace(file, json.dumps([dump(card) for card in known.values()]).encode())
        self._journal(restaurant).migrate()

    def admit(self, batches: Mapping[str, Sequence[Sealed]]) -> Mapping[str, Receipt]:
        """Verify and store; each restaurant's batch is one transaction."""
        return {name: self._admit(name, batch) for name, batch in batches.items()}

    def _admit(self, restaurant: str, batch: Sequence[Sealed]) -> Receipt:
        if not self._registered(restaurant):
            return Receipt(0, [Problem(UNREGISTERED)])
        trust = self._trust(restaurant)
        try:
            journal = self._journal(restaurant)
            done = journal.admit(batch, restaurant=restaurant, trust=trust)
        except JournalUnusable as error:
            raise StoreUnavailable(str(error)) from error
        return Receipt(done.stored, done.problems, journal.vector())

    def marks(self, restaurants: Iterable[str]) -> Mapping[str, Vector]:
        """Return the vectors of the restaurants' journals."""
        return {n: self._journal(n).vector() for n in restaurants if self._registered(n)}

    def range(
        self, restaurant: str, log: LogId, first: int, events_max: int, bytes_max: int
    ) -> list[Sealed]:
        """Return consecutive events of a log from seq ``first`` on, within both bounds."""
        if not self._registered(restaurant):
            return []
        return self._journal(restaurant).range(log, first, events_max, bytes_max)

    def journal(self, restaurant: str) -> Journal:
        """Return the journal of a registered restaurant, to look at."""
        return self._journal(checked_id(restaurant))

    def restaurants(self) -> list[str]:
        """Return the registered restaurants, by id."""
        files = self._folder.glob(f"*{CARDS}")
        return sorted(file.name.removesuffix(CARDS) for file in files)

    def cards(self, restaurant: str) -> Mapping[str, Card]:
        """Return the cards that a restaurant was registered with."""
        return self._trust(restaurant) if self._registered(restaurant) else {}

    def taking_part(self, restaurant: str, terminal: str) -> Card | None:
        """Return the card of a terminal that takes part; None for one unknown or retired."""
        if not self._registered(restaurant):
            return None
        known: Terminal = self._journal(restaurant).state(f"terminal:{terminal}")
        return None if known.retired else self._trust(restaurant).get(terminal) or known.card

    def hear(self, heard: Mapping[tuple[str, str], int]) -> None:
        """Note when terminals of registered restaurants were heard."""
        known = {who: at for who, at in heard.items() if self._knows(*who)}

        def change(all_heard: dict[str, Any]) -> None:
            for (restaurant, terminal), at_ms in known.items():
                there = all_heard.setdefault(restaurant, {})
                there[terminal] = max(at_ms, there.get(terminal, 0))

        if known:
            self._heard.change(change)

    def heard(self) -> Mapping[str, Mapping[str, int]]:
        """Return when each terminal was last heard, by restaurant."""
        return self._heard.read()

    def note_health(self, said: Mapping[tuple[str, str], Told]) -> None:
        """Note how terminals that were heard say they are."""
        heard = self._heard.read()
        known = {who: told for who, told in said.items() if who[1] in heard.get(who[0], {})}

        def change(health: dict[str, Any]) -> None:
            for (restaurant, terminal), told in known.items():
                there = health.setdefault(restaurant, {})
                if told.at_ms >= there.get(terminal, {}).get("at_ms", 0):
                    there[terminal] = msgspec.to_builtins(told)

        if known:
            self._health.change(change)

    def health(self, restaurants: Iterable[str]) -> Mapping[str, Mapping[str, Told]]:
        """Return how each terminal of these restaurants last said it was."""
        said = self._health.read()
        return {
            name: {terminal: msgspec.convert(told, Told) for terminal, told in said[name].items()}
            for name in restaurants
            if name in said
        }

    @contextmanager
    def writing(self, restaurant: str) -> Iterator[None]:
        """Lock a file, whichever program asks, until the block ends."""
        with (self._folder / f"{checked_id(restaurant)}.writer").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _knows(self, restaurant: str, terminal: str) -> bool:
        if not self._registered(restaurant):
            return False
        logs = self._journal(restaurant).vector()
        return terminal in self._trust(restaurant) or any(log[0] == terminal for log in logs)

    def close(self) -> None:
        """Close every journal."""
        for journal in self._journals.values():
            journal.close()
        self._journals.clear()

    def _registered(self, restaurant: str) -> bool:
        return self._file(checked_id(restaurant)).exists()

    def _journal(self, restaurant: str) -> Journal:
        if restaurant not in self._journals:
            self._journals[restaurant] = Journal(self._folder / f"{restaurant}.db")
        return self._journals[restaurant]

    def _trust(self, restaurant: str) -> Mapping[str, Card]:
        """Return the first cards, read again when another program has added some."""
        written = self._file(restaurant).stat().st_mtime_ns
        known = self._cards.get(restaurant)
        if known is None or known[0] != written:
            known = self._cards[restaurant] = (written, self._read_cards(restaurant))
        return known[1]

    def _read_cards(self, restaurant: str) -> dict[str, Card]:
        listed = json.loads(self._file(restaurant).read_text(encoding="utf-8"))
        return {card.terminal: card for card in (load(Card, one) for one in listed)}

    def _file(self, restaurant: str) -> Path:
        return self._folder / f"{restaurant}{CARDS}"
