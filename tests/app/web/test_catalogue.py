import re
import string
from pathlib import Path

import pytest

from comptoir.domain import errors
from comptoir.web.catalogue import FALLBACK, languages, nearest, words

TEMPLATES = Path("app/comptoir/web/templates")
OTHERS = sorted(set(languages()) - {FALLBACK})


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_english_french_and_simplified_chinese_are_there() -> None:
    assert {"en", "fr", "zh-Hans"} <= set(languages())


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_same_keys(language: str) -> None:
    keys = set(words(language).texts)
    assert set(words(FALLBACK).texts) - keys == set()
    assert {
        key for key in keys - set(words(FALLBACK).texts) if not key.startswith("error.")
    } == set()


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_has_the_same_places_to_fill(language: str) -> None:
    told = words(language).texts
    english = words(FALLBACK).texts
    assert [k for k in english if k in told and fields(told[k]) != fields(english[k])] == []


def refusals(kind: type[errors.DomainError] = errors.DomainError) -> list[str]:
    return [one.code for one in kind.__subclasses__()] + [
        code for one in kind.__subclasses__() for code in refusals(one)
    ]


@pytest.mark.parametrize("language", OTHERS)
def test_every_refusal_a_waiter_can_meet_is_translated(language: str) -> None:
    told = words(language)
    met = {
        "check-not-found", "check-settled", "line-not-found", "item-not-found", "modifier-refused",
        "amount-refused", "not-allowed", "nothing-to-send", "payment-not-found", "pin-wrong",
        "too-many-tries", "request-forged", "field-refused", "too-many-streams",
    }  # fmt: skip
    assert met <= set(refusals()), "a code that nothing raises"
    assert [code for code in sorted(met) if told.texts.get(f"error.{code}") is None] == []


def test_every_word_a_template_asks_for_is_there() -> None:
    asked = {
        key
        for file in TEMPLATES.glob("*.html")
        for key in re.findall(r"words\('([\w.-]+)'[),]", file.read_text(encoding="utf-8"))
    }
    assert len(asked) > 50
    assert asked - set(words(FALLBACK).texts) == set()


def test_a_language_stands_in_for_its_relatives() -> None:
    assert nearest("zh", ["en", "zh-Hans"]) == "zh-Hans"
    assert nearest("zh-Hans", {"zh": "虾饺", "en": "dumplings"}) == "zh"
    assert nearest("de", ["en"]) == ""
    assert words("zh").language == "zh-Hans"
    assert words("de").language == FALLBACK
