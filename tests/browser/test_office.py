"""The manager's screens and the back office, by touch, on the till and on a phone."""

import pytest
from playwright.sync_api import Browser

from comptoir.commands import Actor, AddLine, Fire, OpenCheck, SetStaff, VoidLine
from comptoir.domain.house import MANAGER, SYSTEM, WAITER
from tests.browser.conftest import FIFTEEN_INCH, PHONE, SEVEN_INCH, Desk, Display
from tests.browser.test_looks import CONTRAST_MIN, FAINT, TOUCH_MM_MIN
from tests.fakes.till import HostTill

pytestmark = pytest.mark.browser
SIZES = {"800x480": SEVEN_INCH, "1366x768": FIFTEEN_INCH, "phone": PHONE}
LUCAS, BOSS = Actor("lucas", WAITER), Actor("li-wei", MANAGER)
PAGES = ("/manager", "/manager/mix", "/manager/people", "/manager/hours", "/manager/losses",
         "/manager/money", "/manager/accounts", "/manager/checks?cut=sales",
         "/manager/checks/c1")  # fmt: skip
OFFICE = ("/office/menu", "/office/menu/item/har-gow-steamed", "/office/menu/groups",
          "/office/menu/group/extras",
          "/office/menu/price_list/new", "/office/menu/file", "/office/menu/history",
          "/office/floor", "/office/staff", "/office/staff/lucas", "/office/staff/roles",
          "/office/taxes", "/office/printers", "/office/house")  # fmt: skip
SIDEWAYS = """() => {
  const wide = e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1
    && getComputedStyle(e).overflowX !== 'hidden';
  const boxes = [document.documentElement, ...document.querySelectorAll(
    '.office, .desk, .rail, .rail-key, .card, .key, .big-figure, .bars a, .sheet')];
  return boxes.filter(wide).map(e => `${e.className}: ${e.scrollWidth} > ${e.clientWidth}`);
}"""
SMALL = """(min) => [...document.querySelectorAll(
  'button, a[href], label.choice, input:not([type=hidden]):not(.choice input), select')]
  .filter(e => e.checkVisibility())
  .map(e => [e.getBoundingClientRect(), e])
  .filter(([r]) => r.width > 0 && (r.width < min - 0.5 || r.height < min - 0.5))
  .map(([r, e]) => `${e.className} ${e.textContent.trim().slice(0, 20)}: `
    + `${r.width.toFixed(0)}x${r.height.toFixed(0)}`)"""


def sell(till: HostTill) -> None:
    till.desk.run(SetStaff("en", "li-wei", "Li Wei", MANAGER, None, "en"), Actor("s", SYSTEM))
    till.desk.run(OpenCheck("o1", "c1", "eat_in", "hall-3", 2), LUCAS)
    for number, item in enumerate(("har-gow-steamed", "siu-mai", "har-gow-steamed")):
        known = item if item in till.journal.state("menu:it").ids else "har-gow-steamed"
        till.desk.run(AddLine(f"a{number}", "c1", f"l{number}", known), LUCAS)
    till.desk.run(Fire("f1", "c1"), LUCAS)
    till.desk.run(VoidLine("v1", "c1", "l0", "quality"), LUCAS, BOSS)


def looks(desk: Desk, display: Display, page: str) -> list[str]:
    """Return what is wrong with a page for a finger or an eye."""
    desk.go(page)
    found = desk.page.evaluate(SIDEWAYS)
    found += desk.page.evaluate(SMALL, TOUCH_MM_MIN * display.px_per_mm)
    found += desk.page.evaluate(FAINT, CONTRAST_MIN)
    return [f"{page}: {one}" for one in found]


@pytest.mark.parametrize("size", SIZES)
def test_every_page_fits_fingers_and_eyes(size: str, till: HostTill, chromium: Browser) -> None:
    display = SIZES[size]
    sell(till)
    context = chromium.new_context(viewport=display.viewport, has_touch=True)
    desk = Desk(context.new_page(), till.serve())
    desk.sign_in("li-wei")
    assert [one for page in (*PAGES, *OFFICE) for one in looks(desk, display, page)] == []
    assert desk.complaints == []
    context.close()


def test_a_manager_goes_from_a_figure_to_the_event(desk: Desk, till: HostTill) -> None:
    sell(till)
    desk.sign_in("li-wei")
    desk.tap('a[href="/manager"]')
    desk.tap('.big-figure, a[href*="kind=void"]')
    desk.go("/manager/losses")
    desk.tap('.bars a[href*="cut=void&key=quality"]')
    desk.tap('.bars a[href="/manager/checks/c1"]')
    event = desk.find(".events .weighty")
    assert "approved by Li Wei" in event.inner_text()
    assert desk.complaints == []


def test_d4_the_open_page_moves_with_a_sale(desk: Desk, till: HostTill) -> None:
    sell(till)
    desk.sign_in("li-wei")
    desk.go("/manager")
    before = desk.find(".big-figure b").first.inner_text()
    till.desk.run(AddLine("more", "c1", "l9", "har-gow-steamed"), LUCAS)
    desk.page.wait_for_function(
        "before => document.querySelector('.big-figure b').innerText !== before", arg=before
    )
    assert desk.complaints == []


def test_t7_a_waiter_reads_one_line(desk: Desk) -> None:
    desk.sign_in("lucas")
    assert desk.find('a[href="/manager"]').count() == 0
    desk.go("/manager")
    assert desk.find(".notice").inner_text().count(".") <= 2


def test_k2_a_price_is_changed_looked_at_published_and_undone(desk: Desk, till: HostTill) -> None:
    sell(till)
    desk.sign_in("li-wei")
    desk.go("/office/menu")
    desk.tap('.dish-row a[href$="/har-gow-steamed"]')
    desk.find('[name="price"]').fill("9.99")
    desk.tap("[data-hide]:not(.digits-only)")
    desk.tap(".save-bar .primary")
    desk.wait("#sheet .difference ins")
    assert "€9.99" in desk.find("#sheet .difference").inner_text()
    desk.tap("#sheet .primary")
    desk.wait(".undo-bar")
    assert till.journal.state("menu:it").item("har-gow-steamed").price == 999
    desk.tap(".undo-bar .key")
    desk.wait(".step")
    assert till.journal.state("menu:it").item("har-gow-steamed").price != 999
    assert desk.complaints == []


def test_k2_a_table_is_moved_by_touch_and_stands_there_on_the_floor(
    desk: Desk, till: HostTill
) -> None:
    sell(till)
    desk.sign_in("li-wei")
    desk.go("/office/floor")
    desk.tap('.cell[data-label="1"]')
    desk.tap('.floor-grid:not([hidden]) .cell[data-x="5"][data-y="3"]')
    desk.tap('[data-seats="1"]:not(.cell)')
    desk.tap(".floor-grid:not([hidden]) .cell.chosen")
    desk.tap('.floor-grid:not([hidden]) .cell[data-x="2"][data-y="4"]')
    desk.tap(".table-card .primary")
    desk.wait(".undo-bar")
    tables = {t.label: t for area in till.journal.state("floor:it").areas for t in area.tables}
    assert (tables["1"].x, tables["1"].y, tables["1"].seats) == (5, 3, 3)
    new = next(t for t in tables.values() if (t.x, t.y) == (2, 4))
    desk.go("/floor")
    moved = desk.find('.tile[data-table="hall-1"]').bounding_box()
    first = desk.find('.tile[data-table="hall-2"]').bounding_box()
    assert moved is not None
    assert first is not None
    assert moved["y"] > first["y"]
    assert moved["x"] > first["x"]
    assert desk.find(f'.tile[data-table="{new.id}"]').count() == 1
    assert desk.complaints == []
