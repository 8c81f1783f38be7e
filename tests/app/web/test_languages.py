"""Every text of every screen is there in every language, whole and with its places to fill."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

import comptoir
from comptoir.domain import errors
from comptoir.web.labels import REFUSALS
from comptoir.web.languages import ENGLISH, LANGUAGES, catalogue, locale, nearest, tag
from tests.docs.catalogues import asked

WEB = Path("app/comptoir/web")
OTHERS = sorted(set(LANGUAGES) - {ENGLISH})
FOR_PROGRAMS = {
    "body-refused", "event-malformed", "idempotency-key-missing", "import-refused",
    "pack-not-found", "pack-not-taken", "pack-refused", "sample-not-found", "sheet-refused",
    "till-refused", "token-refused",
}  # fmt: skip
"""What a program or a technician at the command line meets, who read English."""


def _first(text: str | tuple[str, ...] | list[str]) -> str:
    return text if isinstance(text, str) else text[0]


def translated(language: str) -> Catalog:
    file = WEB / "translations" / str(locale(language)) / "LC_MESSAGES/messages.po"
    with file.open("rb") as source:
        return read_po(source)


def messages(language: str) -> Iterator[Message]:
    return (message for message in translated(language) if message.id)


def texts(message: Message) -> tuple[str, ...]:
    """Return the translation, one text per plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def fields(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)", text))


def test_the_five_languages_are_there() -> None:
    assert set(LANGUAGES) == {"en", "es", "fr", "zh-Hans", "zh-Hant"}


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_and_nothing_else(language: str) -> None:
    wanted = {(context, _first(text)) for context, text in asked()}
    assert len(wanted) > 100
    assert {(message.context, _first(message.id)) for message in messages(language)} == wanted


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_empty_or_a_guess(language: str) -> None:
    plurals = translated(language).num_plurals
    for message in messages(language):
        assert not message.fuzzy, message.id
        assert all(texts(message)), message.id
        assert len(texts(message)) == (plurals if message.pluralizable else 1), message.id


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_has_the_same_places_to_fill(language: str) -> None:
    for message in messages(language):
        wanted = fields(_first(message.id))
        assert [text for text in texts(message) if fields(text) != wanted] == []


def refusals(kind: type[errors.DomainError] = errors.DomainError) -> Iterator[str]:
    """Return the codes of every refusal that is loaded."""
    for one in kind.__subclasses__():
        yield one.code
        yield from refusals(one)


def test_every_refusal_a_person_can_meet_has_a_sentence() -> None:
    for module in pkgutil.walk_packages(comptoir.__path__, "comptoir."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    assert set(refusals()) - FOR_PROGRAMS - set(REFUSALS) == set()


def test_a_plural_follows_its_language() -> None:
    def guests(language: str, num: int) -> str:
        text: str = catalogue(language).ngettext("%(num)s guest", "%(num)s guests", num)
        return text % {"num": num}

    assert [guests("en", n) for n in (0, 1, 2)] == ["0 guests", "1 guest", "2 guests"]
    assert [guests("fr", n) for n in (0, 1, 2)] == ["0 couvert", "1 couvert", "2 couverts"]
    assert guests("zh-Hant", 1) == "1 位"


def test_a_language_stands_in_for_its_relatives() -> None:
    assert nearest("zh", ["en", "zh-Hans"]) == "zh-Hans"
    assert nearest("zh-Hans", {"zh": "虾饺", "en": "dumplings"}) == "zh"
    assert nearest("de", ["en"]) == ""
    assert tag(locale("zh")) == "zh-Hans"
    assert tag(locale("de")) == ENGLISH


def test_the_image_keeps_what_babel_knows_of_every_language() -> None:
    kept = yaml.safe_load(Path("roles/app/vars/main.yml").read_text("utf-8"))["__app_locales"]
    assert {str(locale(tag)) for tag in LANGUAGES} <= set(kept)
    assert {locale(tag).language for tag in LANGUAGES} <= set(kept)
