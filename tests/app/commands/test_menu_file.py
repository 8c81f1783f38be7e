import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.commands.menu_export import export
from comptoir.commands.menu_file import (
    ERRORS_SHOWN_MAX,
    FILE_BYTES_MAX,
    MenuFileRefused,
    load,
    parse,
)
from comptoir.commands.menu_rows import check_digit
from comptoir.domain.menu import (
    EAT_IN,
    TAKE_AWAY,
    Category,
    Item,
    Menu,
    Modifier,
    ModifierGroup,
)
from comptoir.domain.tax import TaxRate

HEAD = (
    "kind,id,name:en,name:zh,number,category,price,tax:eat_in,tax:take_away,groups,group,"
    "station,course,barcode,rate,inclusive,min,max,colour\n"
)
GOOD = [
    {"kind": "tax", "id": "vat10", "name:en": "VAT 10%", "rate": "10"},
    {"kind": "tax", "id": "vat55", "name:en": "VAT 5.5%", "rate": "5.5", "inclusive": "no"},
    {"kind": "category", "id": "soups", "name:en": "Soups", "name:zh": "汤", "colour": "#aa3311"},
    {"kind": "group", "id": "spice", "name:en": "Spice", "min": "1", "max": "1"},
    {"kind": "modifier", "id": "mild", "name:en": "Mild", "group": "spice"},
    {"kind": "modifier", "id": "small", "name:en": "Small", "group": "spice", "price": "-0.50"},
    {
        "kind": "item", "id": "wonton", "name:en": "Wonton soup", "name:zh": "馄饨汤",
        "number": "12", "category": "soups", "price": "6.80", "tax:eat_in": "vat10",
        "tax:take_away": "vat55", "groups": "spice", "station": "wok", "course": "2",
        "barcode": "4006381333931",
    },
]  # fmt: skip


def csv_of(*rows: dict[str, str]) -> bytes:
    columns = HEAD.strip().split(",")
    lines = [",".join(row.get(column, "") for column in columns) for row in rows]
    return (HEAD + "\n".join(lines)).encode()


def changed(row: int, **cells: str) -> bytes:
    rows = [dict(r) for r in GOOD]
    rows[row] |= {key.replace("__", ":"): value for key, value in cells.items()}
    return csv_of(*rows)


def mistakes(data: bytes, name: str = "menu.csv") -> tuple[str, ...]:
    with pytest.raises(MenuFileRefused) as refused:
        parse(data, name, "EUR")
    return refused.value.errors


def test_a_menu_file_becomes_a_menu() -> None:
    menu = parse(csv_of(*GOOD), "menu.csv", "EUR")
    assert menu.taxes == (
        TaxRate("vat10", "VAT 10%", 100_000),
        TaxRate("vat55", "VAT 5.5%", 55_000, inclusive=False),
    )
    assert menu.categories == (Category("soups", {"en": "Soups", "zh": "汤"}, "#aa3311"),)
    assert menu.groups[0].modifiers == (
        Modifier("mild", {"en": "Mild"}),
        Modifier("small", {"en": "Small"}, -50),
    )
    item = menu.item("wonton")
    assert (item.price, item.number, item.station, item.course) == (680, "12", "wok", 2)
    assert item.taxes == {EAT_IN: ("vat10",), TAKE_AWAY: ("vat55",)}
    assert menu.by_barcode("4006381333931") is item


def test_the_json_form_holds_the_same_rows() -> None:
    rows = [dict(row) for row in GOOD]
    typed = rows[-1] | {"course": 2, "groups": ["spice"]}
    data = json.dumps([*rows[:-1], typed]).encode()
    assert parse(data, "menu.json", "EUR") == parse(csv_of(*GOOD), "menu.csv", "EUR")


def test_a_spreadsheet_with_semicolons_and_a_byte_order_mark_is_read() -> None:
    data = b"\xef\xbb\xbf" + csv_of(*GOOD).replace(b",", b";").replace(b"\n", b"\r\n")
    assert parse(data, "menu.csv", "EUR").items


def test_rows_may_come_in_any_order() -> None:
    assert parse(csv_of(*reversed(GOOD)), "menu.csv", "EUR").item("wonton").groups == ("spice",)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (changed(6, category="soop"), "menu.csv, line 8: unknown category 'soop'"),
        (changed(6, tax__eat_in="vat99"), "menu.csv, line 8: unknown tax 'vat99'"),
        (changed(6, groups="spicy"), "menu.csv, line 8: unknown group 'spicy'"),
        (changed(4, group="spicy"), "menu.csv, line 6: unknown group 'spicy'"),
        (changed(6, price="6.805"), "menu.csv, line 8: price: '6.805' has more than 2 decimals"),
        (changed(6, price=""), "menu.csv, line 8: price: '' is not an amount"),
        (changed(6, price="-1"), "menu.csv, line 8: price: '-1' is not an amount"),
        (changed(6, barcode="4006381333932"), "menu.csv, line 8: barcode '4006381333932'"),
        (changed(6, barcode="400638"), "menu.csv, line 8: barcode '400638'"),
        (changed(6, name__en="", name__zh=""), "menu.csv, line 8: no name"),
        (changed(6, station="Wok 1"), "menu.csv, line 8: station 'Wok 1'"),
        (changed(6, course="x"), "menu.csv, line 8: course 'x'"),
        (changed(6, id="won ton"), "menu.csv, line 8: id 'won ton'"),
        (changed(6, rate="10"), "menu.csv, line 8: a row of kind item has no rate"),
        (changed(5, id="mild"), "menu.csv, line 7: modifier 'mild' is already on line 6"),
        (changed(3, max="3"), "menu.csv, line 5: group 'spice' has 2 modifiers, its max is 3"),
        (changed(3, min="2"), "menu.csv, line 5: min 2 and max 1 leave no choice"),
        (changed(2, colour="red"), "menu.csv, line 4: colour 'red'"),
        (changed(1, rate="five"), "menu.csv, line 3: rate 'five' is not a percentage"),
        (changed(1, inclusive="maybe"), "menu.csv, line 3: inclusive 'maybe'"),
        (changed(0, kind="vat"), "menu.csv, line 2: unknown kind 'vat'"),
        (csv_of(*GOOD, GOOD[-1]), "menu.csv, line 9: item 'wonton' is already on line 8"),
    ],
)
def test_a_wrong_row_is_named_with_file_line_and_reason(data: bytes, said: str) -> None:
    assert mistakes(data)[0].startswith(said)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "menu.csv, line 1: the first line names the columns"),
        (HEAD.encode(), "menu.csv: no item in it"),
        (b"kind,id,prize\n", "menu.csv, line 1: unknown column 'prize'"),
        (b"kind,id,id\n", "menu.csv, line 1: a column stands twice"),
        (b"kind,id,name:en\ntax,a,b,c\n", "menu.csv, line 2: 4 cells under 3 columns"),
        (b'kind,id,name:en\n"tax,a,b\n', "menu.csv, line 2: unexpected end of data"),
        ("kind,id\ntax,a\ncategory,Thé".encode("latin-1"), "menu.csv, line 3: not UTF-8"),
        (b" " * (FILE_BYTES_MAX + 1), "menu.csv: more than 4 MB is no menu"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_menu_says_why(data: bytes, said: str) -> None:
    assert mistakes(data)[0].startswith(said)


@pytest.mark.parametrize("data", [b"[", b"{}", b"[1]", b'[{"kind":"item","prize":1}]'])
def test_json_that_is_no_menu_says_why(data: bytes) -> None:
    assert mistakes(data, "menu.json")[0].startswith("menu.json")


def test_a_line_number_counts_the_lines_inside_quotes() -> None:
    data = b'kind,id,name:en\ncategory,a,"two\nlines"\ncategory,b b,B\n'
    assert [line.split(":")[0] for line in mistakes(data)[:2]] == [
        "menu.csv, line 2",
        "menu.csv, line 4",
    ]


def test_the_mistakes_of_all_rows_are_told_at_once() -> None:
    rows = [GOOD[0] | {"rate": "x"}, *GOOD[1:6], GOOD[6] | {"category": "soop", "groups": "spicy"}]
    assert [said.split(":")[0] for said in mistakes(csv_of(*rows))] == [
        "menu.csv, line 2",
        "menu.csv, line 8",
        "menu.csv, line 8",
    ]


def test_a_long_list_of_mistakes_is_cut() -> None:
    errors = mistakes(csv_of(*[{"kind": "x"}] * (ERRORS_SHOWN_MAX + 5)))
    assert str(MenuFileRefused(list(errors))).endswith("and 5 more")


def test_a_missing_file_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(MenuFileRefused, match="No such file or directory"):
        load(tmp_path / "none.csv", "EUR")


ids = st.integers(0, 999).map("id-{}".format)
words = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=9)
texts = st.lists(words, min_size=1, max_size=3).map(" ".join)
names = st.dictionaries(st.sampled_from(["en", "fr", "zh"]), texts, min_size=1, max_size=2)
barcodes = st.integers(10**11, 10**12 - 1).map(lambda n: f"{n}{check_digit(str(n))}")


@st.composite
def menus(draw: st.DrawFn) -> Menu:
    taxes = [
        TaxRate(i, draw(texts), draw(st.integers(0, 1_000_000)), draw(st.booleans()))
        for i in draw(st.lists(ids, unique=True, max_size=3))
    ]
    categories = [
        Category(i, draw(names), draw(st.sampled_from(["", "#00ff7f"])))
        for i in draw(st.lists(ids, unique=True, min_size=1, max_size=3))
    ]
    groups = [_group(draw, i) for i in draw(st.lists(ids, unique=True, max_size=3))]
    items = [
        Item(
            id=i,
            category=draw(st.sampled_from([c.id for c in categories])),
            names=draw(names),
            price=draw(st.integers(0, 10_000_000)),
            taxes={t: (draw(st.sampled_from(taxes)).id,) for t in (EAT_IN, TAKE_AWAY) if taxes},
            number=str(n) if draw(st.booleans()) else "",
            groups=tuple(group.id for group in groups if draw(st.booleans())),
            station=draw(st.sampled_from(["kitchen", "wok"])),
            course=draw(st.integers(0, 9)),
            barcode=barcode,
        )
        for n, (i, barcode) in enumerate(
            draw(
                st.lists(
                    st.tuples(ids, barcodes),
                    unique_by=(lambda p: p[0], lambda p: p[1]),
                    min_size=1,
                    max_size=5,
                )
            )
        )
    ]
    return Menu("", tuple(taxes), tuple(categories), tuple(groups), tuple(items))


def _group(draw: st.DrawFn, name: str) -> ModifierGroup:
    modifiers = [
        Modifier(f"{name}.{n}", draw(names), draw(st.integers(-1000, 1000)))
        for n in range(draw(st.integers(1, 4)))
    ]
    most = draw(st.integers(1, len(modifiers)))
    return ModifierGroup(name, draw(names), tuple(modifiers), draw(st.integers(0, most)), most)


@settings(max_examples=40, deadline=None)
@given(menus(), st.sampled_from(["EUR", "JPY", "TND"]))
def test_a_menu_written_to_a_file_reads_back_equal(menu: Menu, currency: str) -> None:
    assert parse(export(menu, currency).encode(), "menu.csv", currency) == menu
