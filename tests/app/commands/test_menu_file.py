import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.commands.menu_export import export, export_json
from comptoir.commands.menu_file import (
    ERRORS_SHOWN_MAX,
    FILE_BYTES_MAX,
    MenuFileRefused,
    load,
    parse,
)
from comptoir.domain.menu import (
    EAT_IN,
    TAKE_AWAY,
    Category,
    Menu,
    Modifier,
    Variant,
)
from comptoir.domain.menu_rules import flaws, twins
from comptoir.domain.tax import TaxRate
from tests.fakes.large_menu import large_menu
from tests.fakes.menus import menus

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


def mistakes(data: bytes, name: str = "menu.csv", currency: str = "EUR") -> tuple[str, ...]:
    with pytest.raises(MenuFileRefused) as refused:
        parse(data, name, currency)
    return refused.value.errors


def told(data: bytes, name: str = "menu.csv") -> tuple[str, ...]:
    try:
        parse(data, name, "EUR")
    except MenuFileRefused as refused:
        return refused.errors
    return ()


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
        (changed(6, category="soop"), "menu.csv, line 8, category: unknown category 'soop'"),
        (changed(6, tax__eat_in="vat99"), "menu.csv, line 8, tax:eat_in: unknown tax 'vat99'"),
        (changed(6, groups="spicy"), "menu.csv, line 8, groups: unknown group 'spicy'"),
        (changed(4, group="spicy"), "menu.csv, line 6, group: unknown group 'spicy'"),
        (changed(6, price="6.805"), "menu.csv, line 8, price: '6.805' has more than 2 decimals"),
        (changed(6, price=""), "menu.csv, line 8, price: '' is not an amount"),
        (changed(6, price="-1"), "menu.csv, line 8, price: '-1' is not an amount"),
        (changed(6, barcode="4006381333932"), "menu.csv, line 8, barcode: barcode '4006381333932'"),
        (changed(6, barcode="400638"), "menu.csv, line 8, barcode: barcode '400638'"),
        (changed(6, name__en="", name__zh=""), "menu.csv, line 8, name:en: no name"),
        (changed(6, station="Wok 1"), "menu.csv, line 8, station: station 'Wok 1'"),
        (changed(6, course="x"), "menu.csv, line 8, course: 'x' is not a whole"),
        (changed(6, id="won ton"), "menu.csv, line 8, id: 'won ton'"),
        (changed(6, rate="10"), "menu.csv, line 8, rate: a row of kind item has none"),
        (changed(5, id="mild"), "menu.csv, line 7, id: modifier 'mild' is already on line 6"),
        (changed(3, max="3"), "menu.csv, line 5, max: group 'spice' has 2 modifiers, its max is 3"),
        (changed(3, min="2"), "menu.csv, line 5, max: min 2 and max 1 leave no choice"),
        (changed(2, colour="red"), "menu.csv, line 4, colour: 'red'"),
        (changed(1, rate="five"), "menu.csv, line 3, rate: 'five' is not a percentage"),
        (changed(1, inclusive="maybe"), "menu.csv, line 3, inclusive: 'maybe'"),
        (changed(0, kind="vat"), "menu.csv, line 2, kind: unknown kind 'vat'"),
        (csv_of(*GOOD, GOOD[-1]), "menu.csv, line 9, id: item 'wonton' is already on line 8"),
    ],
)
def test_a_wrong_row_is_named_with_file_line_column_and_reason(data: bytes, said: str) -> None:
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
    assert [line.split(", ")[1] for line in mistakes(data)[:2]] == ["line 2", "line 4"]


def test_the_mistakes_of_all_rows_are_told_at_once() -> None:
    rows = [GOOD[0] | {"rate": "x"}, *GOOD[1:6], GOOD[6] | {"category": "soop", "groups": "spicy"}]
    assert [said.split(": ")[0] for said in mistakes(csv_of(*rows))] == [
        "menu.csv, line 2, rate",
        "menu.csv, line 8, category",
        "menu.csv, line 8, groups",
    ]


def test_a_long_list_of_mistakes_is_cut() -> None:
    errors = mistakes(csv_of(*[{"kind": "x"}] * (ERRORS_SHOWN_MAX + 5)))
    assert str(MenuFileRefused(list(errors))).endswith("and 5 more")


def test_a_missing_file_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(MenuFileRefused, match="No such file or directory"):
        load(tmp_path / "none.csv", "EUR")


EVERYTHING = b"""kind,id,name:en,kitchen:zh,screen:en,category,price,groups,group,min,\
max,free,prefixes,item,options,portion,sku,sold_by,allergens,list,off,categories,order_types,days,from,to,first,\
last,priority,barcode,cost
category,mains,Mains,,,,,,,,,,,,,,,,,,,,,,,,,,,
group,sauce,Sauce,,,,,,,0,2,1,extra:150;no:0,,,,,,,,,,,,,,,,,
modifier,hoisin,Hoisin,\xe6\xb5\xb7\xe9\xb2\x9c\xe9\x85\xb1,,,0.50,heat,sauce,,,,,,,,,,soy;sesame,,,,,,,,,,,
modifier,plum,Plum,,,,0.50,,sauce,,,,,,,,,,,,,,,,,,,,,
group,heat,Heat,,,,,,,0,1,,,,,,,,,,,,,,,,,,,
modifier,hot,Hot,,,,,,heat,,,,,,,,,,,,,,,,,,,,,
item,duck,Roast duck,\xe7\x83\xa7\xe9\xb8\xad,Duck,mains,28.00,sauce,,,,,,,,,D-1,,gluten,,,,,,\
,,,,,,7.20
variant,half,Half,,,,15.00,,,,,,,duck,,0.5,,,,,,,,,,,,,,
item,shirt,Shirt,,,mains,20.00,,,,,,,,,,,,,,,,,,,,,,,
variant,red-l,Red L,,,,21.00,,,,,,,shirt,size=L;colour=red,,S-9,,,,,,,,,,,,,4006381333931
price-list,happy,Happy hour,,,,,,,,,,,,,,,,,,12.5,mains,eat_in,mon;fri,17:00,19:00,\
2026-01-01,2026-12-31,5,
price,,,,,,9.90,,,,,,,duck/half,,,,,,happy,,,,,,,,,,
"""


def test_every_part_of_a_menu_has_its_columns() -> None:
    menu = parse(EVERYTHING, "menu.csv", "EUR")
    sauce = menu.groups[0]
    assert (sauce.free, sauce.prefixes) == (1, {"extra": 1_500_000, "no": 0})
    assert sauce.modifiers[0].groups == ("heat",)
    assert sauce.modifiers[0].kitchen == {"zh": "海鲜酱"}
    assert sauce.modifiers[0].allergens == ("soy", "sesame")
    duck, shirt = menu.items
    assert (duck.for_screen()["en"], duck.for_kitchen()["zh"], duck.sku) == ("Duck", "烧鸭", "D-1")
    assert (duck.cost, duck.cost_of(duck.variants[0]), shirt.cost) == (720, 360, 0)
    assert duck.variants == (Variant("half", {"en": "Half"}, 1500, portion_milli=500),)
    assert shirt.variants[0].options == {"size": "L", "colour": "red"}
    assert menu.scanned("4006381333931") == (shirt, "red-l")
    happy = menu.price_lists[0]
    assert (happy.off_ppm, happy.days, happy.priority) == (125_000, (1, 5), 5)
    assert (happy.start_minute, happy.end_minute) == (1020, 1140)
    assert happy.prices == {"duck/half": 990}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"extra:150", b"triple:150", "line 3, prefixes: 'triple' is not one of no, extra"),
        (b"extra:150", b"extra", "line 3, prefixes: 'extra' is not written key:value"),
        (b",7.20", b",7.2.0", "line 8, cost: "),
        (b",soy;sesame", b",soya", "line 4, allergens: 'soya' is not one of gluten"),
        (b",0.50,heat,", b",0.50,heet,", "line 4, groups: unknown group 'heet'"),
        (b",,,heat,,", b",,sauce,heat,,", "line 8, groups: its choices nest more than 3 deep"),
        (b"duck,,0.5", b"duk,,0.5", "line 9, item: unknown item 'duk'"),
        (b"duck,,0.5", b"duck,,half", "line 9, portion: 'half' is not a quantity"),
        (b"size=L", b"size:L", "line 11, options: 'size:L' is not written key=value"),
        (b"mon;fri", b"monday", "line 12, days: 'monday' is not one of mon"),
        (b"17:00", b"25:00", "line 12, from: '25:00' is not a time of day"),
        (b"2026-12-31", b"2026-02-30", "line 12, last: '2026-02-30' is not a date"),
        (b",12.5,", b",112.5,", "line 12, off: 1125000 ppm is not between"),
        (b"duck/half", b"duck/third", "line 13, item: unknown item 'duck/third'"),
        (b",happy,,,", b",sad,,,", "line 13, list: unknown price-list 'sad'"),
        (b",D-1,,", b",D-1,pint,", "line 8, sold_by: 'pint' is not one of each"),
    ],
)  # fmt: skip
def test_a_wrong_cell_of_the_newer_columns_is_named(old: bytes, new: bytes, said: str) -> None:
    assert old in EVERYTHING
    assert mistakes(EVERYTHING.replace(old, new))[0].startswith(f"menu.csv, {said}")


@settings(max_examples=60, deadline=None)
@given(menus(), st.sampled_from(["EUR", "JPY", "TND"]))
def test_a_menu_written_to_a_file_reads_back_equal(menu: Menu, currency: str) -> None:
    assert parse(export(menu, currency).encode(), "menu.csv", currency) == menu
    assert parse(export_json(menu, currency).encode(), "menu.json", currency) == menu


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode), st.booleans())
def test_bytes_that_are_no_menu_are_refused_and_nothing_else_happens(
    data: bytes, as_json: bool
) -> None:
    name = "menu.json" if as_json else "menu.csv"
    assert all(said.startswith(name) for said in told(data, name))


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_menu_file_with_any_cell_changed_is_read_or_refused(data: st.DataObject) -> None:
    rows = EVERYTHING.decode().splitlines()
    at = data.draw(st.integers(1, len(rows) - 1))
    cells = rows[at].split(",")
    cells[data.draw(st.integers(0, len(cells) - 1))] = data.draw(
        st.text(st.characters(exclude_characters=',"\r\n'), max_size=12)
    )
    rows[at] = ",".join(cells)
    text = "\n".join(rows).encode(errors="replace")
    assert all(said.startswith("menu.csv, line ") for said in told(text))


@pytest.mark.parametrize("count", [600, 2000])
def test_k1_a_large_menu_goes_through_its_file_unchanged(count: int) -> None:
    menu = large_menu(count)
    assert len(menu.items) == count
    assert [*flaws(menu), *twins(menu)] == []
    assert parse(export(menu, "EUR").encode(), "menu.csv", "EUR") == menu


PACKED = b"""kind,id,name:en,category,price,tax_class,tax:eat_in
pack,ca-qc,,,,,
category,bakes,Bakes,,,,
item,muffin,Muffin,bakes,2.50,pastry,
item,water,Water,bakes,1.00,meal,gst
"""


def test_a_pack_brings_the_taxes_of_a_region_and_its_classes_to_the_items() -> None:
    menu = parse(PACKED, "menu.csv", "CAD")
    assert [tax.id for tax in menu.taxes] == ["gst", "gst-few", "qst", "qst-few"]
    assert menu.items[0].taxes == {EAT_IN: ("gst", "qst"), TAKE_AWAY: ("gst-few", "qst-few")}
    assert menu.items[1].taxes == {EAT_IN: ("gst",), TAKE_AWAY: ("gst", "qst")}
    assert parse(export(menu, "CAD").encode(), "menu.csv", "CAD") == menu


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"ca-qc", b"ca-xx", "line 2, id: There is no tax pack 'ca-xx'. Packs are us-ny-nyc"),
        (b"ca-qc", b"fr", "line 2, id: France takes EUR, this house CAD"),
        (b"pastry", b"cake", "line 4, tax_class: 'cake' is not one of meal, alcohol, pastry"),
        (b"pack,ca-qc,,,,,\n", b"", "line 3, tax_class: 'pastry' is not in a row of kind pack"),
    ],
)
def test_a_pack_or_a_class_that_is_not_there_is_named(old: bytes, new: bytes, said: str) -> None:
    found = mistakes(PACKED.replace(old, new), currency="CAD")
    assert found[0].startswith(f"menu.csv, {said}")
