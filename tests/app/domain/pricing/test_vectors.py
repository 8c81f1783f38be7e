"""Worked examples that others published: ``vectors.json`` names the page of each (E8)."""

import json
from pathlib import Path
from typing import Any

import pytest

from comptoir.commands.price_file import parse, written
from comptoir.domain.pricing import price

FILE = Path(__file__).with_name("vectors.json")
VECTORS = {vector["name"]: vector for vector in json.loads(FILE.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("name", VECTORS)
def test_the_engine_agrees_with_the_published_example(name: str) -> None:
    expected: dict[str, Any] = dict(VECTORS[name]["expect"])
    sheet = parse(json.dumps(VECTORS[name]["check"]).encode())
    found = written(sheet, price(sheet))
    bases, amounts = expected.pop("bases", {}), expected.pop("taxes", {})
    taxes = {tax["id"]: tax for tax in found["taxes"]}
    assert {tax: taxes[tax]["amount"] for tax in amounts} == amounts
    assert {tax: taxes[tax]["base"] for tax in bases} == bases
    assert {key: found[key] for key in expected} == expected


def test_every_example_names_its_page() -> None:
    for vector in VECTORS.values():
        assert vector["title"]
        assert vector["url"].startswith("http")
        assert vector["expect"]
