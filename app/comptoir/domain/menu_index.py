"""Finds items by what a waiter types: beginnings of names, dish number, pinyin, barcode.

Made once per menu; a search is a few bisections, so that it keeps up with typing over 2,000 items.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

WORD = re.compile(r"\w+")
HAN = ("\u3400", "\u9fff")
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


class MenuIndex:
    """Positions of items by what they are called."""

    def __init__(self, items: Sequence[Searched]) -> None:
        self._texts: list[str] = []
        keys: list[tuple[str, int, int]] = []
        for place, item in enumerate(items):
            names = [*item.names.values(), *item.screen.values(), *item.kitchen.values()]
            texts = [plain(name) for name in dict.fromkeys(names)]
            self._texts.append("\n".join(texts))
            keys += [(text, WHOLE, place) for text in texts]
            keys += [(word, WORDS, place) for text in texts for word in words(text)]
            keys += [(spelling, WORDS, place) for spelling in item.pinyin]
            codes = (item.number, item.barcode, item.sku)
            keys += [(plain(code), CODE, place) for code in codes if code]
        self._keys = sorted(set(keys))

    def search(self, text: str, limit: int) -> list[int]:
        """Return positions of items, best first: the code itself, then names, then insides."""
        wanted = plain(text.strip())
        if not wanted:
            return []
        best = self._starting(wanted)
        several = list(WORD.findall(wanted))
        if len(several) > 1:
            for place in set.intersection(*(set(self._starting(word)) for word in several)):
                best.setdefault(place, WORDS)
        if len(best) < limit:
            for place, names in enumerate(self._texts):
                if wanted in names:
                    best.setdefault(place, INSIDE)
        return sorted(best, key=lambda place: (best[place], place))[:limit]

    def _starting(self, wanted: str) -> dict[int, int]:
        found: dict[int, int] = {}
        first = bisect_left(self._keys, (wanted, 0, 0))
        for i in range(first, len(self._keys)):
            word, rank, place = self._keys[i]
            if not word.startswith(wanted):
                break
            better = EXACT if rank == CODE and word == wanted else rank
            found[place] = min(better, found.get(place, INSIDE))
        return found
