import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.commands.price_fields import SheetRefused
from comptoir.commands.price_file import BYTES_MAX, parse, written
from comptoir.domain.pricing import BUCKET, HALF_UP, price

LINE = {"id": "a", "unit_price": 1000}


def refusal(check: Any) -> str:
    data = check if isinstance(check, bytes) else json.dumps(check).encode()
    with pytest.raises(SheetRefused) as caught:
        parse(data)
    message = str(caught.value)
    assert "\n" not in message
    return message


def with_line(**fields: Any) -> dict[str, Any]:
    return {"currency": "EUR", "lines": [LINE | fields]}


def test_what_may_be_absent_has_the_value_that_changes_nothing() -> None:
    sheet = parse(json.dumps({"currency": "EUR", "lines": [LINE]}).encode())
    assert (sheet.terms.rounding.mode, sheet.terms.rounding.scope) == (HALF_UP, BUCKET)
    found = written(sheet, price(sheet))
    assert found["lines"] == [{"id": "a", "gross": 1000, "discount": 0, "net": 1000, "tax": 0}]
    assert found["cash_total"] == found["total"] == 1000


def test_a_declared_tax_that_nothing_bears_is_listed_with_nothing() -> None:
    tax = {"id": "vat", "rate_ppm": 200_000, "inclusive": True, "compound": False}
    sheet = parse(json.dumps({"currency": "EUR", "taxes": [tax], "lines": [LINE]}).encode())
    assert written(sheet, price(sheet))["taxes"] == [{"id": "vat", "base": 0, "amount": 0}]


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ([], "$: expected an object, not []"),
        (b"{", "$: not JSON: "),
        (b"\xff", "$: not UTF-8 at byte 0"),
        (b" " * (BYTES_MAX + 1), "$: more than 4 MB"),
        (b"[" * 200_000, "$: nested too deep"),
        (b"9" * 5000, "$: not JSON: "),
        (b'{"currency": "EUR", "currency": "USD"}', "$: key 'currency' stands twice"),
        ({"lines": []}, "$.currency: missing"),
        ({"currency": "euro", "lines": []}, "$.currency: expected an ISO 4217 code"),
        ({"currency": "EUR"}, "$.lines: missing"),
        ({"currency": "EUR", "lines": {}}, "$.lines: expected a list, not {}"),
        ({"currency": "EUR", "lines": [7]}, "$.lines[0]: expected an object, not 7"),
        ({"currency": "EUR", "lines": [LINE, LINE]}, "$.lines[1]: 'a' is already $.lines[0]"),
        ({"currency": "EUR", "lines": [], "discuont": 1}, "$: unknown key 'discuont'"),
        ({"currency": "EUR", "lines": [], "rounding": {"mode": "up"}}, "$.rounding.mode: 'up' is"),
        ({"currency": "EUR", "lines": [], "rounding": {"scope": []}}, "$.rounding.scope: [] is"),
        ({"currency": "EUR", "lines": [], "cash_rounding": -5}, "$.cash_rounding: -5 is not from"),
        (with_line(unit_price=-1), "$.lines[0].unit_price: -1 is not from 0 to"),
        (with_line(unit_price=10.5), "$.lines[0].unit_price: expected a whole number, not 10.5"),
        (with_line(unit_price=True), "$.lines[0].unit_price: expected a whole number, not true"),
        (with_line(unit_price=10**30), "$.lines[0].unit_price: 1000"),
        (with_line(qty_milli=-1000), "$.lines[0].qty_milli: -1000 is not from 0 to"),
        (with_line(discount=-1), "$.lines[0].discount: -1 is not from 0 to"),
        (with_line(discount_ppm=1_000_001), "$.lines[0].discount_ppm: 1000001 is not from 0 to"),
        (with_line(id=""), "$.lines[0].id: expected a text of 1 to 64 characters"),
        (with_line(id="a\nb"), "$.lines[0].id: expected a text"),
        (with_line(taxes=["vat"]), "$.lines[0].taxes[0]: 'vat' is not the id of a tax in $.taxes"),
        (with_line(modifiers=[5]), "$.lines[0].modifiers[0]: expected an object, not 5"),
        (with_line(modifiers=[{}]), "$.lines[0].modifiers[0].price: missing"),
        (with_line(modifiers=[{"price": -1001}]), "$.lines[0]: unit_price and modifiers come to"),
        (with_line(discount=None), "$.lines[0].discount: expected a whole number, not null"),
    ],
)
def test_what_is_no_check_is_refused_by_path_and_reason(check: Any, said: str) -> None:
    assert refusal(check).startswith(said)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "lines", "taxes", "rate_ppm", "unit_price", "x"]), inner
        )
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(["currency", "lines", "taxes", "rounding", "check_discount"]), values
    )
)
def test_any_json_is_priced_or_refused_in_one_line(check: dict[str, Any]) -> None:
    data = json.dumps({"currency": "EUR", "lines": []} | check).encode()
    try:
        total = price(parse(data)).total
    except SheetRefused:
        assert refusal(data)
    else:
        assert total >= 0
