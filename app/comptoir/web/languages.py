"""The languages of the screens: gettext catalogues under ``translations/``, English in the sources.

A language is a catalogue and a line in LANGUAGES. Catalogues are compiled when they are first asked
for, so that what is shipped is the text that translators edit.
"""

import functools
import io
from collections.abc import Iterable, Mapping
from importlib import resources

from babel import Locale
from babel.messages import mofile, pofile
from babel.support import NullTranslations, Translations
from flask import Flask, g
from flask_babel import Babel, Domain, get_locale

ENGLISH = "en"
LANGUAGES: Mapping[str, str] = {
    ENGLISH: "English",
    "es": "Español",
    "fr": "Français",
    "zh-Hans": "简体中文",
    "zh-Hant": "繁體中文",
}
"""Tags (BCP 47) with the name that a speaker of the language looks for."""


def setup(app: Flask) -> None:
    """Let templates say ``_('Free')`` in the reader's language."""
    _Languages().init_app(app, locale_selector=lambda: locale(g.get("language", ENGLISH)))


def locale(language: str) -> Locale:
    """Return Babel's locale of a language, of English where there is no catalogue."""
    tag = nearest(language, LANGUAGES) or ENGLISH
    return Locale.parse(tag, sep="-")


def current() -> Locale:
    """Return the reader's locale."""
    return get_locale() or locale(ENGLISH)


def tag(of: Locale) -> str:
    """Return the language tag of a locale, as HTML and the catalogue's folder write it."""
    return str(of).replace("_", "-")


def nearest(language: str, offered: Iterable[str]) -> str:
    """Return the offered language that is this one or shares its root (``zh`` and ``zh-Hans``)."""
    offered = list(offered)
    if language in offered:
        return language
    root = language.partition("-")[0]
    return next((other for other in offered if other.partition("-")[0] == root), "")


class _Languages(Babel):  # type: ignore[misc]  # it ships no types
    @functools.cached_property
    def domain_instance(self) -> Domain:
        return _Catalogues()


class _Catalogues(Domain):  # type: ignore[misc]  # it ships no types
    def get_translations(self) -> NullTranslations:
        return catalogue(tag(current()))


@functools.cache
def catalogue(language: str) -> NullTranslations:
    """Return the texts of a language; English needs none."""
    if language == ENGLISH:
        return NullTranslations()
    compiled = io.BytesIO()
    folder = resources.files("comptoir.web") / "translations" / language.replace("-", "_")
    with (folder / "LC_MESSAGES" / "messages.po").open("rb") as source:
        mofile.write_mo(compiled, pofile.read_po(source))
    compiled.seek(0)
    return Translations(compiled)
