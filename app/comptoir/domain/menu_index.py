"""Finds items by what a waiter types: beginnings of names, dish number, pinyin, barcode.

Made once per menu; a search is a few bisections, so that it keeps up with typing over 2,000 items.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Protocol

WORD = re.compile(r"\w+")
HAN = ("\u3400", "\u9fff")
END = "\U0010ffff"
TEXTS_CACHED_MAX = 16_384
EXACT, WHOLE, WORDS, CODE, INSIDE = range(5)


class Searched(Protocol):
    """What an item is searched by."""

    @property
    def names(self) -> Mapping[str, str]: ...
    @property
    def screen(self) -> Mapping[str, str]: ...
    @property
    def kitchen(self) -> Mapping[str, str]: ...
    @property
    def number(self) -> str: ...
    @property
    def barcode(self) -> str: ...
    @property
    def sku(self) -> str: ...
    @property
    def pinyin(self) -> tuple[str, ...]: ...


def plain(text: str) -> str:
    """Return text without case, accents and typographic forms: ``Éclair`` is ``eclair``."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def words(text: str) -> Iterator[str]:
    """Return the words of plain text; every Han character begins one, as nothing divides them."""
    for word in WORD.findall(text):
        yield word
        for i, letter in enumerate(word[1:], 1):
            if HAN[0] <= letter <= HAN[1]:
                yield word[i:]


@lru_cache(maxsize=TEXTS_CACHED_MAX)
def _keys(text: str) -> tuple[str, ...]:
    """Return what a name is found by, each with its rank: an edit makes only its own anew."""
    name = plain(text)
    return (f"{name}\0{WHOLE}", *(f"{word}\0{WORDS}" for word in dict.fromkeys(words(name))))


class MenuIndex:
    """Positions of items by what they are called.

    One sorted list of ``word NUL rank position``: text sorts several times faster than tuples.
    """

    def __init__(self, items: Sequence[Searched]) -> None:
        keys: list[str] = []
        self._texts: list[str] = []
        for place, item in enumerate(items):
            names = {*item.names.values(), *item.screen.values(), *item.kitchen.values()}
            found = [key for name in names for key in _keys(name)]
            self._texts.append("\n".join(key[:-2] for key in found if key[-1] == str(WHOLE)))
            found += [f"{spelling}\0{WORDS}" for spelling in item.pinyin]
            codes = (item.number, item.barcode, item.sku)
            found += [f"{plain(code)}\0{CODE}" for code in codes if code]
            keys += [f"{key}{place}" for key in found]
        keys.sort()
        divided = [key.rpartition("\0") for key in keys]
        self._words = [word for word, _, _ in divided]
        self._hits = [(int(end[0]), int(end[1:])) for _, _, end in divided]

    def search(self, text: str, limit: int) -> list[int]:
        """Return positions of items, best first: the code itself, then names, then insides."""
        wanted = plain(text.strip()).replace("\0", "")
        if not wanted:
            return []
        best = self._starting(wanted)
        several = WORD.findall(wanted)
        if len(several) > 1:
            for place in set.intersection(*(set(self._starting(word)) for word in several)):
                best.setdefault(place, WORDS)
        if len(best) < limit:
            for place, names in enumerate(self._texts):
                if wanted in names:
                    best.setdefault(place, INSIDE)
        return sorted(best, key=lambda place: (best[place], place))[:limit]

    def _starting(self, wanted: str) -> dict[int, int]:
        first = bisect_left(self._words, wanted)
        last = bisect_left(self._words, wanted + END, first)
        found: dict[int, int] = {}
        for rank, place in self._hits[first:last]:
            if rank < found.get(place, INSIDE):
                found[place] = rank
        for rank, place in self._hits[first : bisect_right(self._words, wanted, first, last)]:
            if rank == CODE:
                found[place] = EXACT
        return found
