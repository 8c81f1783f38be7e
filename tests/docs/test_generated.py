"""The generated parts of the documents say what the code says now."""

import dataclasses

import pytest

from tests.docs import parts
from tests.docs.parts import PARTS, Part


@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{part.file}: {part.name}")
def test_a_generated_part_is_what_the_code_says(part: Part) -> None:
    text = parts.current(part)
    assert text == parts.renewed(part, text), "renew it: tests/run --write"


def test_drift_is_noticed() -> None:
    part = PARTS[0]
    text = parts.current(part)
    changed = dataclasses.replace(part, render=lambda: part.render() + "\n\nOne kind more.")
    assert parts.renewed(changed, text) != text


def test_a_document_without_markers_is_refused() -> None:
    with pytest.raises(parts.PartMissing, match="put back"):
        parts.renewed(PARTS[0], "# Events\n")
