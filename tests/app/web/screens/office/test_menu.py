"""K2, X2: the menu is edited in the browser; each change is read first, and can be undone."""

import html
import io
import json
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from comptoir.domain.menu import Menu
from tests.app.web.conftest import Screen
from tests.fakes.box import StandingClock

FORM = {
    "names:en": "Prawn dumplings", "names:zh": "虾饺", "price": "7.20", "category": "dim-sum",
    "number": "1", "course": "1", "station": "dimsum", "sold_by": "each",
}  # fmt: skip


def menu(screen: Screen) -> Menu:
    found: Menu = screen.till.journal.state("menu:it")
    return found


def category(screen: Screen) -> str:
    return menu(screen).item("har-gow-steamed").category


def plain(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize(
    "path",
    [
        "/office/menu", "/office/menu?text=prawn", "/office/menu/item/new",
        "/office/menu/item/cantonese-roast-duck", "/office/menu/category/new",
        "/office/menu/groups", "/office/menu/group/new", "/office/menu/prices",
        "/office/menu/price_list/new", "/office/menu/file", "/office/menu/history",
        "/office/menu/draft",
        "/office/menu/dishes/har-gow-steamed/left",
    ],
)  # fmt: skip
def test_every_page_of_the_menu_is_there(office: Screen, path: str) -> None:
    page = office.get(path)
    assert page.status_code == 200, page.text
    assert "style=" not in page.text


def test_a_waiter_is_refused(waiter: Screen) -> None:
    assert waiter.get("/office/menu").status_code == 403
    assert waiter.post("/office/menu/item/har-gow-steamed", **FORM).status_code == 403


def test_a_price_is_looked_at_then_published_then_undone(office: Screen) -> None:
    form = FORM | {"category": category(office)}
    before = menu(office).item("har-gow-steamed").price
    look = plain(office.post("/office/menu/item/har-gow-steamed/look", **form).text)
    assert "€7.20" in look
    assert menu(office).item("har-gow-steamed").price == before, "looking changes nothing"
    saved = office.post("/office/menu/item/har-gow-steamed", **form, command="ab" * 16)
    assert saved.status_code == 204, saved.text
    assert menu(office).item("har-gow-steamed").price == 720
    page = office.get(saved.headers["HX-Redirect"]).text
    assert 'name="of" value="' + "ab" * 16 in page
    assert office.post("/office/menu/undo", of="ab" * 16).status_code == 204
    assert menu(office).item("har-gow-steamed").price == before


def test_a_new_dish_gets_a_name_of_its_own_and_its_forms(office: Screen) -> None:
    form = FORM | {
        "category": category(office), "number": "901", "names:en": "Tea for two", "names:zh": "",
        "form-0-names:en": "Large", "form-0-price": "9", "allergens": "milk",
        "tax:eat_in": menu(office).taxes[0].id,
    }  # fmt: skip
    assert office.post("/office/menu/item/new", **form).status_code == 204
    dish = menu(office).item("tea-for-two")
    assert [(one.id, one.price) for one in dish.variants] == [("large", 900)]
    assert dish.allergens == ("milk",)


def test_a_half_portion_a_size_and_the_names_for_screen_and_receipt_are_edited(
    office: Screen,
) -> None:
    """K2, X2."""
    form = FORM | {
        "category": category(office), "screen:en": "Prawn d.", "receipt:en": "Dumplings",
        "form-0-names:en": "Half", "form-0-price": "4", "form-0-portion": "0.5",
        "form-1-names:en": "Large", "form-1-price": "9", "form-1-options": "size=L; colour=red",
    }  # fmt: skip
    path = "/office/menu/item/har-gow-steamed"
    assert office.post(path, **form).status_code == 204
    dish = menu(office).item("har-gow-steamed")
    assert (dish.screen, dish.receipt) == ({"en": "Prawn d."}, {"en": "Dumplings"})
    assert [(one.portion_milli, one.options) for one in dish.variants] == [
        (500, {}), (1000, {"size": "L", "colour": "red"}),
    ]  # fmt: skip
    page = html.unescape(office.get(path).text)
    assert 'value="colour=red; size=L"' in page
    assert 'value="0.5"' in page
    for field, typed in (("portion", "half"), ("options", "large")):
        assert office.post(path, **form | {f"form-0-{field}": typed}).status_code == 422


def test_choices_ask_for_choices_three_deep(office: Screen) -> None:
    """X2: nested in the browser; one more level is refused."""
    for name in ("Deep", "Deeper", "Deepest"):
        group = {"names:en": name, "max": "1", "choice-0-names:en": f"{name} choice"}
        assert office.post("/office/menu/group/new", **group).status_code == 204, name

    def nest(outer: str, inner: str) -> int:
        row = {"choice-0-id": f"{outer.lower()}-choice", "choice-0-names:en": f"{outer} choice"}
        form = {"names:en": outer, "max": "1", **row, "choice-0-groups": inner}
        return office.post(f"/office/menu/group/{outer.lower()}", **form).status_code

    assert nest("Deeper", "deepest") == 204
    assert nest("Deep", "DEEPER; deepest") == 204
    assert menu(office).groups_named(["deep"])[0].modifiers[0].groups == ("deeper", "deepest")
    assert "Deeper; Deepest" in html.unescape(office.get("/office/menu/group/deep").text)
    assert nest("Deepest", "nowhere") == 422
    dish = FORM | {"category": category(office), "groups": "deep", "number": "977"}
    assert office.post("/office/menu/item/new", **dish).status_code == 204
    assert nest("Deepest", "deep") == 422, "a circle"


@pytest.mark.parametrize("typed", ["12,345", "seven", "1e9", "-1", "9" * 30])
def test_what_is_no_price_is_refused_in_one_line(office: Screen, typed: str) -> None:
    answer = office.post("/office/menu/item/har-gow-steamed", **FORM | {"price": typed})
    assert answer.status_code == 422
    assert "Traceback" not in answer.text


def test_a_set_of_choices_and_a_happy_hour_are_added(office: Screen) -> None:
    group = {"names:en": "Toppings", "min": "0", "max": "1", "choice-0-names:en": "No ice",
             "choice-1-names:en": "Crushed", "choice-1-price": "0.50"}  # fmt: skip
    assert office.post("/office/menu/group/new", **group).status_code == 204
    made = menu(office).group("toppings")
    assert made is not None
    assert [one.price for one in made.modifiers] == [0, 50]
    hour = {"names:en": "Early birds", "from": "17:30", "until": "19:00", "off": "20", "days": "1"}
    assert office.post("/office/menu/price_list/new", **hour).status_code == 204
    (one,) = [one for one in menu(office).price_lists if one.id == "early-birds"]
    assert (one.start_minute, one.end_minute, one.off_ppm, one.days) == (1050, 1140, 200_000, (1,))
    assert office.post("/office/menu/price_list/early-birds/remove").status_code == 204


def test_a_dish_is_86ed_counted_and_brought_back(office: Screen) -> None:
    path = "/office/menu/dishes/har-gow-steamed/left"
    shelf = f"/office/menu?category={category(office)}"
    office.post(path, what="off")
    assert "dish-row off" in office.get(shelf).text
    office.post(path, what="count", pieces="5")
    assert "5 left" in plain(office.get(shelf).text)
    office.post(path, what="back")
    assert "5 left" not in plain(office.get(shelf).text)


def test_a_dish_moves_up(office: Screen) -> None:
    page = menu(office).page(category(office))
    office.post("/office/menu/order", kind="item", record=page[1].id)
    assert [one.id for one in menu(office).page(category(office))][:2] == [page[1].id, page[0].id]


def test_a_file_comes_out_is_looked_at_and_goes_in(office: Screen) -> None:
    for form, name in (("csv", "menu.csv"), ("json", "menu.json")):
        text = office.get(f"/office/menu.{form}").text.replace("6.50", "6.60")
        sent = {"csrf": office.csrf(), "file": (io.BytesIO(text.encode()), name)}
        look = office.client.post("/office/menu/file", data=sent)
        assert "6.60" in look.text, look.text[-500:]
        done = office.post("/office/menu/publish", name=name, text=text)
        assert done.status_code == 204, done.text
        assert menu(office).item("har-gow-steamed").price == 660
        assert "version published" in plain(office.get("/office/menu/history").text)


def test_a_wrong_file_names_each_row(office: Screen) -> None:
    text = "kind,id,name:en,price\nitem,a,Soup,much\nitem,b,Tea,1.999\n"
    sent = {"csrf": office.csrf(), "file": (io.BytesIO(text.encode()), "menu.csv")}
    page = plain(office.client.post("/office/menu/file", data=sent).text)
    assert "line 2" in page
    assert "line 3" in page
    assert office.client.post("/office/menu/file", data={"csrf": office.csrf()}).status_code == 200


def keep(office: Screen, price: str) -> None:
    form = FORM | {"category": category(office), "price": price, "keep": "yes"}
    assert office.post("/office/menu/item/har-gow-steamed", **form).status_code == 204


def test_a_change_is_kept_for_later_read_by_everybody_and_published(office: Screen) -> None:
    """K2: the house sees what is not published yet."""
    before = menu(office).item("har-gow-steamed").price
    keep(office, "7.20")
    assert menu(office).item("har-gow-steamed").price == before
    assert "1 change is not published yet" in plain(office.get("/office/menu").text)
    page = office.get("/office/menu/draft").text
    assert "€7.20" in plain(page)
    edits = re.findall(r'name="edit" value="([^"]+)"', page)
    assert office.post("/office/menu/draft/publish", edit=edits[0]).status_code == 204
    assert menu(office).item("har-gow-steamed").price == 720
    assert "Everything is published" in plain(office.get("/office/menu/draft").text)


def test_what_waits_is_dropped_or_gets_a_moment(office: Screen) -> None:
    keep(office, "7.20")
    day = office.post("/office/menu/draft/plan", date="2026-12-24", time="05:00")
    assert day.status_code == 204, day.text
    assert "Dec 24, 05:00" in plain(office.get("/office/menu").text)
    assert office.post("/office/menu/draft/plan", what="never").status_code == 204
    assert "Dec 24" not in plain(office.get("/office/menu").text)
    for typed in ("tomorrow", "2026-13-01", ""):
        assert office.post("/office/menu/draft/plan", date=typed, time="05:00").status_code == 422
    assert office.post("/office/menu/draft/discard").status_code == 204
    assert "not published yet" not in plain(office.get("/office/menu").text)


@pytest.mark.parametrize(
    ("hour", "days_on"),
    [((1, 27), 0), ((3, 59), 0), ((4, 0), 1), ((15, 30), 1)],
    ids=["the night before", "the last minute of it", "a new day", "the afternoon"],
)
def test_the_day_proposed_for_a_draft_is_the_houses_next_one(
    office: Screen, hour: tuple[int, int], days_on: int
) -> None:
    """After midnight the house is still at yesterday's day: its next one begins at the cut-off."""
    till, paris = office.till, ZoneInfo("Europe/Paris")
    day = datetime.fromtimestamp(till.desk.clock.now_ms() / 1000, paris) + timedelta(days=2)
    at = day.replace(hour=hour[0], minute=hour[1], second=0, microsecond=0)
    till.use_clock(StandingClock(int(at.timestamp() * 1000)))
    later = Screen(till, till.app().test_client()).sign_in("li-wei")
    keep(later, "7.20")
    page = later.get("/office/menu/draft").text
    proposed = re.findall(r'name="(date|time)" value="([^"]*)"', page)
    expected = (at + timedelta(days=days_on)).date().isoformat()
    assert proposed == [("date", expected), ("time", "04:00")]


def test_a_form_opened_before_somebody_elses_change_leaves_it_alone(office: Screen) -> None:
    """K2: also when both are published at once, and when both wait."""
    page = office.get("/office/menu/item/har-gow-steamed").text
    was = html.unescape(re.findall(r'name="was" value="([^"]*)"', page)[0])
    form = FORM | {"category": category(office), "names:en": "Har gow"}
    assert office.post("/office/menu/item/har-gow-steamed", **form).status_code == 204
    old = json.loads(was)
    other = form | {"price": f"{old['price'] / 100:.2f}", "number": "977", "was": was}
    assert office.post("/office/menu/item/har-gow-steamed", **other).status_code == 204
    dish = menu(office).item("har-gow-steamed")
    assert (dish.price, dish.number) == (720, "977"), "the price was not touched by who saved last"


def test_while_changes_are_collected_an_order_and_a_removal_join_them(office: Screen) -> None:
    keep(office, "7.20")
    first = menu(office).categories[1].id
    office.post("/office/menu/order", kind="category", record=first)
    office.post("/office/menu/item/cantonese-roast-duck/remove")
    assert menu(office).categories[1].id == first
    assert "cantonese-roast-duck" in menu(office).ids
    assert office.post("/office/menu/draft/publish").status_code == 204
    assert menu(office).categories[0].id == first
    assert "cantonese-roast-duck" not in menu(office).ids


def test_x2_what_extra_and_half_cost_and_what_a_choice_tells_the_kitchen_are_edited(
    office: Screen,
) -> None:
    """K2, X2, X22."""
    path = "/office/menu/group/toppings"
    group = {
        "names:en": "Toppings", "max": "2", "choice-0-names:en": "Peanut sauce",
        "choice-0-price": "0.80", "choice-0-kitchen:zh": "花生酱",
        "choice-0-allergens": ["peanuts", "soy"], "choice-1-names:en": "Chilli",
        "prefixes": ["no", "extra", "half"], "share:no": "0", "share:extra": "150.5",
        "share:side": "100", "share:half": "",
    }  # fmt: skip
    assert office.post("/office/menu/group/new", **group).status_code == 204
    (made,) = menu(office).groups_named(["toppings"])
    assert dict(made.prefixes) == {"no": 0, "extra": 1_505_000, "half": 500_000}
    sauce, chilli = made.modifiers
    assert (dict(sauce.kitchen), sauce.allergens) == ({"zh": "花生酱"}, ("peanuts", "soy"))
    assert (dict(chilli.kitchen), chilli.allergens) == ({}, ())
    page = html.unescape(office.get(path).text)
    assert 'name="share:extra" value="150.5"' in page
    assert 'name="choice-0-kitchen:zh" value="花生酱"' in page
    assert "Peanuts, Soy" in plain(page)
    ids = {"choice-0-id": sauce.id, "choice-1-id": chilli.id}
    look = plain(office.post(f"{path}/look", **group | ids | {"choice-0-allergens": ["soy"]}).text)
    assert "Peanut sauce €0.80 (花生酱) Peanuts, Soy → Peanut sauce €0.80 (花生酱) Soy" in look
    assert office.post(path, **group | ids | {"share:extra": "a lot"}).status_code == 422


def test_the_house_s_own_code_of_a_dish_and_of_its_sizes_is_edited_and_found(
    office: Screen,
) -> None:
    """K2, K17, T9."""
    form = FORM | {
        "category": category(office), "sku": "HG-1", "barcode": "4006381333931",
        "form-0-names:en": "Large", "form-0-price": "9", "form-0-sku": "HG-1-L",
        "cost": "1.95", "form-0-cost": "3",
    }  # fmt: skip
    path = "/office/menu/item/har-gow-steamed"
    assert office.post(path, **form).status_code == 204
    dish = menu(office).item("har-gow-steamed")
    assert (dish.sku, dish.barcode, dish.variants[0].sku) == ("HG-1", "4006381333931", "HG-1-L")
    assert (dish.cost, dish.variants[0].cost) == (195, 300)
    assert 'name="form-0-sku" value="HG-1-L"' in office.get(path).text
    assert 'name="form-0-cost" value="3.00"' in office.get(path).text
    assert menu(office).search("hg-1", 5)[0].id == "har-gow-steamed"
    assert office.post(path, **form | {"sku": "x" * 100}).status_code == 422


def test_a_file_is_kept_for_later_and_counts_once_the_draft_is_published(office: Screen) -> None:
    """K2."""
    before = menu(office).item("har-gow-steamed").price
    rows = json.loads(office.get("/office/menu.json").text)
    for row in rows:
        if row.get("id") == "har-gow-steamed":
            row["price"] = "9.10"
    sent = {"name": "menu.json", "text": json.dumps(rows)}
    kept = office.post("/office/menu/publish", **sent, keep="yes")
    assert kept.headers["HX-Redirect"] == "/office/menu/draft", kept.text
    assert menu(office).item("har-gow-steamed").price == before
    assert "€9.10" in plain(office.get("/office/menu/draft").text)
    assert office.post("/office/menu/draft/publish").status_code == 204
    assert menu(office).item("har-gow-steamed").price == 910
    assert office.post("/office/menu/publish", **sent, keep="yes").status_code == 422
