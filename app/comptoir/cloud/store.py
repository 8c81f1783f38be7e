"""What a store of the cloud must do; one test suite holds every store to it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from comptoir.commands.condition import Told
from comptoir.domain.envelope import LogId, Sealed, Vector
from comptoir.domain.errors import Refusal
from comptoir.domain.head_office import People
from comptoir.domain.house import Card
from comptoir.journal import Problem

UNREGISTERED = "unregistered restaurant"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class StoreUnavailable(Refusal):
    """The store cannot be reached or refuses to work; what was not committed will be sent again."""


class RestaurantRefused(Refusal):
    """A restaurant's id that no store would take."""


@dataclass(slots=True)
class Receipt:
    """What became of a restaurant's batch: how many events are new, and what was wrong.

    ``heads`` is how far its logs are held, committed when the store has answered.
    """

    stored: int = 0
    problems: list[Problem] = field(default_factory=list)
    heads: Vector = field(default_factory=dict)


class Store(Protocol):
    """Keeps the events of all restaurants, each once, keyed (restaurant, terminal, epoch, seq)."""

    def migrate(self) -> list[str]:
        """Make or update the tables; returns the names of the migrations applied."""
        ...

    def register(self, restaurant: str, cards: Iterable[Card]) -> None:
        """Take a restaurant in, or add to its first cards; raises RestaurantRefused."""
        ...

    def admit(self, batches: Mapping[str, Sequence[Sealed]]) -> Mapping[str, Receipt]:
        """Verify and store batches by restaurant; everything kept is committed on return."""
        ...

    def marks(self, restaurants: Iterable[str]) -> Mapping[str, Vector]:
        """Return how far the logs of each registered restaurant are held."""
        ...

    def range(
        self, restaurant: str, log: LogId, first: int, events_max: int, bytes_max: int
    ) -> list[Sealed]:
        """Return consecutive events of a log from seq ``first`` on, within both bounds."""
        ...

    def restaurants(self) -> list[str]:
        """Return the registered restaurants, by id."""
        ...

    def cards(self, restaurant: str) -> Mapping[str, Card]:
        """Return the cards that a restaurant was registered with, by terminal."""
        ...

    def taking_part(self, restaurant: str, terminal: str) -> Card | None:
        """Return the card of a terminal that takes part; None for one unknown or retired."""
        ...

    def hear(self, heard: Mapping[tuple[str, str], int]) -> None:
        """Note when known terminals (restaurant, terminal) were heard, in milliseconds."""
        ...

    def heard(self) -> Mapping[str, Mapping[str, int]]:
        """Return when each terminal was last heard, by restaurant and terminal."""
        ...

    def note_health(self, said: Mapping[tuple[str, str], Told]) -> None:
        """Note how terminals (restaurant, terminal) that were heard say they are."""
        ...

    def health(self, restaurants: Iterable[str]) -> Mapping[str, Mapping[str, Told]]:
        """Return how each terminal of these restaurants last said it was."""
        ...

    def writing(self, restaurant: str) -> AbstractContextManager[None]:
        """Hold the right to write a restaurant's log of the head office; others wait."""
        ...

    @property
    def people(self) -> People:
        """Return the users of the head office, and its audit."""
        ...

    def close(self) -> None:
        """Give up connections; safe to call twice."""
        ...


def checked_id(restaurant: str) -> str:
    """Return a restaurant's id; raises RestaurantRefused for one that is no plain name."""
    if not _ID.fullmatch(restaurant):
        raise RestaurantRefused(
            f"{restaurant!r} is no restaurant id; use letters, digits, - and _ (at most 64)."
        )
    return restaurant
