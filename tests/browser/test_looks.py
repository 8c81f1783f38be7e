"""What a finger and an eye need: keys of a size, nothing cut off, readable Chinese, contrast."""

from collections.abc import Iterator

import pytest

from tests.browser.conftest import Desk, Display

pytestmark = pytest.mark.browser
TOUCH_MM_MIN = 10
KEYPAD_MM = 20
KEYPAD_TOLERANCE_MM = 1
CONTRAST_MIN = 4.5

SMALL = """(min) => [...document.querySelectorAll(
  'button, a[href], label.person, label.choice, input[type=text]')]
  .filter(e => e.checkVisibility() && !e.closest('[inert]'))
  .map(e => [e.getBoundingClientRect(), e])
  .filter(([r]) => r.width > 0 && (r.width < min - 0.5 || r.height < min - 0.5))
  .map(([r, e]) => `${e.className} ${e.textContent.trim().slice(0, 20)}: `
    + `${r.width.toFixed(0)}x${r.height.toFixed(0)}`)"""

OVERFLOWING = """() => {
  const found = [];
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth + 1) found.push(`page is ${root.scrollWidth} wide`);
  if (root.scrollHeight > innerHeight + 1) found.push(`page is ${root.scrollHeight} high`);
  const boxes = '.key, .line, .huge, .tile, .slip, .dish, .person > span, .choice > span,'
    + ' .bar, .total, .due, .outcome, .ticket header, .welcome footer';
  for (const e of document.querySelectorAll(boxes)) {
    if (e.checkVisibility() && e.scrollWidth > e.clientWidth + 1)
      found.push(`${e.className}: ${e.textContent.trim().slice(0, 30)} `
        + `${e.scrollWidth} > ${e.clientWidth}`);
  }
  return found;
}"""

# Looks where a text stands: the first opaque background up the tree against the text's colour.
FAINT = """(min) => {
  const channel = c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const parse = text => {
    const canvas = document.createElement('canvas').getContext('2d');
    canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || !e.checkVisibility({opacityProperty: true}) || e.closest('.done, [disabled], #toast, dialog:not([open])')) continue;
    let under = e, back = [0, 0, 0, 0];
    while (under && back[3] < 255) { back = parse(getComputedStyle(under).backgroundColor); under = under.parentElement; }
    const [a, b] = [luminance(parse(getComputedStyle(e).color)), luminance(back)];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < min) found.add(`${e.className} '${text.slice(0, 20)}' ${contrast.toFixed(2)}`);
  }
  return [...found];
}"""

DRAWN = """([one, other]) => {
  const draw = text => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 64;
    const pen = canvas.getContext('2d');
    pen.font = '40px ' + getComputedStyle(document.documentElement).fontFamily;
    pen.fillText(text, 4, 48);
    return [...pen.getImageData(0, 0, 64, 64).data].join();
  };
  return draw(one) !== draw(other);
}"""


def screens(desk: Desk) -> Iterator[str]:
    """Walk through every screen and sheet, with something on each."""
    desk.go("/")
    yield "sign in"
    desk.sign_in()
    yield "floor"
    desk.tap(".tile", 2)
    desk.wait("#sheet[open]")
    yield "covers"
    desk.tap('#sheet [name="covers"]', 2)
    desk.page.wait_for_url("**/checks/*")
    yield "empty pad"
    desk.add(0)
    desk.tap('[data-category="noodle"].category')
    desk.wait('.item[data-category="noodle"]')
    yield "pad"
    desk.tap(".item:not([data-tap])")
    desk.wait("#sheet[open] .group")
    yield "choices"
    desk.tap("#sheet [data-close]")
    desk.tap(".line")
    desk.wait("#sheet[open]")
    yield "line"
    desk.tap("#sheet [data-close]")
    desk.tap(".actions > .key")
    desk.tap('[data-type="b"]')
    desk.wait("#found .item")
    yield "search"
    desk.tap("#sheet [data-close]")
    desk.tap(".actions .send")
    desk.wait(".line.sent")
    desk.tap(".line")
    desk.wait("#sheet[open] .danger")
    yield "void"
    desk.tap("#sheet [data-close]")
    check = desk.page.url
    desk.go("/kitchen")
    desk.wait(".ticket")
    yield "kitchen"
    desk.tap(".ticket > form .key")
    desk.wait(".waiting .key")
    yield "to serve"
    desk.page.goto(check)
    desk.tap(".actions .primary")
    desk.page.wait_for_url("**/pay")
    yield "payment"
    desk.tap(".tenders .note", 2)
    desk.page.wait_for_url("**/paid")
    yield "paid"
    desk.go("/floor")
    yield "floor after"


def test_nothing_to_tap_is_under_ten_millimetres(desk: Desk, display: Display) -> None:
    found = {
        screen: small
        for screen in screens(desk)
        if (small := desk.page.evaluate(SMALL, TOUCH_MM_MIN * display.px_per_mm))
    }
    assert found == {}


def test_no_text_runs_out_of_its_place(desk: Desk) -> None:
    found = {s: over for s in screens(desk) if (over := desk.page.evaluate(OVERFLOWING))}
    assert found == {}


def test_every_text_stands_out_from_what_is_behind_it(desk: Desk) -> None:
    found = {s: faint for s in screens(desk) if (faint := desk.page.evaluate(FAINT, CONTRAST_MIN))}
    assert found == {}


@pytest.mark.parametrize("place", ["/", "/pay"])
def test_keypads_have_keys_of_twenty_millimetres(desk: Desk, display: Display, place: str) -> None:
    if place == "/":
        desk.go("/")
    else:
        for screen in screens(desk):
            if screen == "payment":
                break
    box = desk.find(".keypad .key").nth(4).bounding_box()
    assert box is not None
    smallest = min(box["width"], box["height"]) / display.px_per_mm
    assert smallest >= KEYPAD_MM - KEYPAD_TOLERANCE_MM


def test_chinese_is_drawn_with_real_glyphs(desk: Desk) -> None:
    desk.sign_in("wang-fang")
    desk.wait('.tile:has-text("空桌")')
    assert desk.page.evaluate(DRAWN, ["虾", "饺"])
    assert not desk.page.evaluate(DRAWN, ["\ue000", "\ue001"]), "what has no glyph looks alike"


def test_send_and_pay_never_move(desk: Desk) -> None:
    places = []
    for screen in screens(desk):
        if screen in {"empty pad", "pad"}:
            places.append([desk.find(s).bounding_box() for s in (".send", ".actions .primary")])
    assert places[0] == places[1]
