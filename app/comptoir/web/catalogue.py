"""The words on the screens: one TOML file per language under ``languages/``.

Adding a language is adding a file with the same keys; a missing key falls back to English.
"""

import functools
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources

FALLBACK = "en"


@dataclass(frozen=True)
class Words:
    """The words of one language, by dotted key (``floor.free``)."""

    language: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """Return a text with its values put in; an unknown key raises KeyError."""
        text = self.texts.get(key) or words(FALLBACK).texts[key]
        return text.format(**values) if values else text

    def get(self, key: str) -> str | None:
        """Return a text, or None when no language has it."""
        return self.texts.get(key) or words(FALLBACK).texts.get(key)


@functools.cache
def languages() -> dict[str, str]:
    """Return every language there is a file for, with its own name: ``{"fr": "Français"}``."""
    folder = resources.files("comptoir.web") / "languages"
    names = sorted(file.name.removesuffix(".toml") for file in folder.iterdir())
    return {name: _read(name)["language.name"] for name in names}


def words(language: str) -> Words:
    """Return the words of a language or its nearest relative, else of English."""
    return _words(nearest(language, languages()) or FALLBACK)


def nearest(language: str, offered: Iterable[str]) -> str:
    """Return the offered language that is this one or shares its root (``zh`` and ``zh-Hans``)."""
    offered = list(offered)
    if language in offered:
        return language
    root = language.partition("-")[0]
    return next((other for other in offered if other.partition("-")[0] == root), "")


@functools.cache
def _words(language: str) -> Words:
    return Words(language, _read(language))


@functools.cache
def _read(language: str) -> Mapping[str, str]:
    file = resources.files("comptoir.web") / "languages" / f"{language}.toml"
    sections = tomllib.loads(file.read_text(encoding="utf-8"))
    return {f"{s}.{key}": text for s, texts in sections.items() for key, text in texts.items()}
