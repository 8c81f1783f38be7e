"""Pinyin of Chinese names, so that ``ycf`` or ``yangzhou`` finds 扬州炒饭 on any keyboard.

Worked out when a menu is written and kept in the item, so that searching needs no dictionary and a
terminal that only sells never loads one.
"""

import functools
import importlib
import itertools
import os
from dataclasses import replace
from typing import Any

from comptoir.domain.menu import Item, Menu

READINGS_MAX = 4  # of a name with characters that are read in several ways
SPELLING_LENGTH_MAX = 80
HAN = ("\u3400", "\u9fff")


@functools.cache
def _dictionary() -> Any:
    # Its phrases take 45 MB more; every reading of a character is kept instead.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    return importlib.import_module("pypinyin")


def spellings(name: str) -> list[str]:
    """Return what a Chinese name is searched by: its initials, then its syllables run together."""
    han = "".join(letter for letter in name if HAN[0] <= letter <= HAN[1])
    if not han:
        return []
    library = _dictionary()
    readings = library.pinyin(han, style=library.Style.NORMAL, heteronym=True, errors="ignore")
    ways = [list(dict.fromkeys(syllables)) for syllables in readings]
    found: dict[str, None] = {}
    for way in itertools.islice(itertools.product(*ways), READINGS_MAX):
        found["".join(syllable[0] for syllable in way)[:SPELLING_LENGTH_MAX]] = None
        found["".join(way)[:SPELLING_LENGTH_MAX]] = None
    return list(found)


def with_pinyin(item: Item) -> Item:
    """Return an item with the spellings of all its Chinese names."""
    shown = (item.names, item.screen)
    names = [n for some in shown for language, n in some.items() if language.startswith("zh")]
    return replace(item, pinyin=tuple(dict.fromkeys(s for name in names for s in spellings(name))))


def menu_with_pinyin(menu: Menu) -> Menu:
    """Return a menu whose items can be searched by pinyin."""
    return replace(menu, items=tuple(with_pinyin(item) for item in menu.items))
