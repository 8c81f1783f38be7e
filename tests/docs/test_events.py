"""Every kind of event, and every record inside one, is explained to a reader."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.domain.events import KINDS, Body

PAGE = Path("app/docs/events.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_its_entry(kind: str) -> None:
    assert f"#### `{kind}` v{KINDS[kind].V}\n" in PAGE


def test_no_body_is_left_out_of_the_kinds() -> None:
    assert {body.KIND for body in _below(Body) if hasattr(body, "KIND")} == set(KINDS)


def _below(cls: type[Body]) -> Iterator[type[Body]]:
    for body in cls.__subclasses__():
        yield body
        yield from _below(body)


@pytest.mark.parametrize("body", KINDS.values(), ids=lambda body: body.KIND)
def test_a_kind_says_what_happened(body: type[Body]) -> None:
    words = body.__doc__ or ""
    assert words.strip()
    assert not words.startswith(f"{body.__name__}("), "a dataclass's own signature says nothing"
