"""The page of prices says what the engine does: its example, its tests and its packs are real."""

import json
import re
from pathlib import Path

from comptoir import packs
from comptoir.commands.price_file import LINE_KEYS, SHEET_KEYS, TAX_KEYS, parse, written
from comptoir.domain.pricing import price

PAGE = Path("app/docs/pricing.md")
TEXT = PAGE.read_text(encoding="utf-8")


def example(name: str) -> str:
    found = re.search(rf"<!-- example: {name} -->\n\n((?:    .*\n)+)", TEXT)
    assert found, f"{PAGE} has no example {name}"
    return found[1]


def test_the_example_is_priced_as_the_page_says() -> None:
    sheet = parse(example("check").encode())
    assert written(sheet, price(sheet)) == json.loads(example("answer"))


def test_every_test_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", TEXT))
    files = Path("tests/app/domain/pricing").glob("test_*.py")
    there = {
        name
        for file in files
        for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(named) > 10
    assert named <= there


def test_every_file_that_the_page_names_is_there() -> None:
    for name in re.findall(r"`(tests/app/[\w/.]+)`", TEXT):
        assert Path(name).exists(), name


def test_every_key_is_explained() -> None:
    for key in {*SHEET_KEYS, *LINE_KEYS, *TAX_KEYS}:
        assert f"`{key}`" in TEXT


def test_the_table_of_packs_names_every_region_and_its_classes() -> None:
    rows = re.findall(
        r"^\| (`[^|]+) \| ([\w, ]+) \|", TEXT.partition("## Tax packs")[2], re.MULTILINE
    )
    told = {
        region: sorted(classes.strip().split(", "))
        for cell, classes in rows
        for region in re.findall(r"`([\w-]+)`", cell)
    }
    assert told == {region: sorted(packs.load(region).classes) for region in packs.regions()}
