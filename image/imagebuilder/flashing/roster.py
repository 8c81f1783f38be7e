"""Which unit becomes which terminal: each place of the plan is given to one unit, once."""

import threading
from collections.abc import Sequence

from imagebuilder.flashing.book import Book
from imagebuilder.flashing.plan import Place


class Roster:
    """The places of a plan, given out in order, to units known by their serial."""

    def __init__(self, places: Sequence[Place], book: Book) -> None:
        self._places, self._book = places, book
        self._lock = threading.Lock()
        self._given: dict[str, str] = {}  # terminal id -> serial, while it is worked on

    def take(self, serial: str) -> Place | None:
        """Return the place for this unit; None if none is left.

        A place whose identity may be on another unit stays that unit's: two terminals of one
        identity would contradict each other for ever.
        """
        with self._lock:
            free = [place for place in self._places if place.terminal_id not in self._given]
            own = [place for place in free if self._book.holder(place.terminal_id) == serial]
            new = [place for place in free if self._book.holder(place.terminal_id) is None]
            place = next(iter(own + new), None)
            if place:
                self._given[place.terminal_id] = serial
            return place

    def give_back(self, place: Place) -> None:
        """Say that a unit is ended; the log tells whether the place is free again."""
        with self._lock:
            self._given.pop(place.terminal_id, None)

    @property
    def total(self) -> int:
        """Count the places."""
        return len(self._places)

    @property
    def good(self) -> int:
        """Count the places that a good unit has."""
        return sum(self._book.is_good(place.terminal_id) for place in self._places)
