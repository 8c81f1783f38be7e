"""What a finger and an eye need: keys of a size, nothing cut off, readable Chinese, contrast.

And what everybody else needs: axe-core's rules of WCAG 2.2 A and AA, on every screen and state.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

from comptoir.commands import Actor, PublishPrinting, SetStaff
from comptoir.domain.house import SYSTEM, WAITER
from comptoir.domain.printing import Printer, Station
from comptoir.web.languages import ENGLISH, LANGUAGES
from tests.browser.conftest import DISPLAYS, SEVEN_INCH, Desk, Display
from tests.fakes.till import HostTill

pytestmark = pytest.mark.browser
TOUCH_MM_MIN = 10
KEYPAD_MM = 20
KEYPAD_TOLERANCE_MM = 1
CONTRAST_MIN = 4.5
SCREENS_MIN = 25
HOT = Printer("hot", "Wok printer", "192.0.2.7")

SMALL = """(min) => [...document.querySelectorAll(
  'button, a[href], label.person, label.choice, input[type=text], .sheet input[type=password]')]
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
    if (!text || !e.checkVisibility({opacityProperty: true})) continue;
    if (e.closest('.done, [disabled], #toast, dialog:not([open])')) continue;
    let under = e, back = [0, 0, 0, 0];
    while (under && back[3] < 255) {
      back = parse(getComputedStyle(under).backgroundColor);
      under = under.parentElement;
    }
    const [a, b] = [luminance(parse(getComputedStyle(e).color)), luminance(back)];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < min) found.add(`${e.className} '${text.slice(0, 20)}' ${contrast.toFixed(2)}`);
  }
  return [...found];
}"""

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
# only what is wrong for sure; a rule that needs an eye answers "incomplete"
BARRIERS = """async () => {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  const found = await axe.run(document,
    {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']});
  return found.violations.flatMap(rule =>
    rule.nodes.map(node => `${rule.id}: ${node.target.join(' ')} ${node.html.slice(0, 100)}`));
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
    yield from kitchen_screens(desk)
    desk.page.goto(check)
    desk.tap(".actions .primary")
    desk.page.wait_for_url("**/pay")
    yield "payment"
    desk.tap(".tenders .note", 2)
    desk.page.wait_for_url("**/paid")
    yield "paid"
    desk.go("/floor")
    yield "floor after"
    yield from counter_screens(desk)


def kitchen_screens(desk: Desk) -> Iterator[str]:
    """Walk through the kitchen's screens with one ticket."""
    desk.go("/kitchen")
    desk.wait(".ticket")
    yield "kitchen"
    desk.tap(".ticket > .key")
    desk.wait(".waiting .key")
    yield "to serve"
    desk.tap("[data-recall]")
    desk.wait("#sheet[open] .recall")
    yield "call back"
    desk.go("/kitchen?view=expo")
    desk.wait(".ticket")
    yield "pass"


def counter_screens(desk: Desk) -> Iterator[str]:
    """Walk through a sale at the counter, and what the customer and the printers show."""
    desk.go("/counter")
    desk.wait(".item[data-tap]")
    yield "counter"
    desk.tap(".item[data-tap]")
    desk.wait('#panel .check[data-count="1"]')
    yield "counter sale"
    desk.tap("#panel .line")
    desk.wait("#sheet[open]")
    yield "counter line"
    desk.tap("#sheet [data-close]")
    desk.tap('[hx-get="/counter/parked"]')
    desk.wait("#sheet[open]")
    yield "parked"
    desk.tap("#sheet [data-close]")
    desk.tap(".card-key")
    desk.wait("#sheet[open] [name=reference]")
    yield "card"
    desk.tap("#sheet .danger")
    desk.page.wait_for_selector("#sheet", state="hidden")
    desk.go("/display")
    desk.wait(".display-lines")
    yield "display"
    desk.go("/counter")
    desk.tap(".money .note")
    desk.wait(".done")
    yield "counter done"
    desk.tap('[hx-get="/counter/receipt"]')
    desk.wait("#sheet[open]")
    yield "last receipt"
    desk.tap("#sheet [data-close]")
    desk.go("/display")
    desk.wait(".display-change")
    yield "display change"
    desk.go("/floor")
    desk.go("/display")
    desk.wait(".display-idle")
    yield "display idle"
    desk.go("/floor")
    desk.tap(".lamp-printers")
    desk.wait("#sheet[open] .printer")
    yield "printers"
    desk.tap("#sheet [data-close]")


@dataclass
class Survey:
    """What one walk through every screen found, by screen."""

    display: Display
    language: str
    small: dict[str, list[str]] = field(default_factory=dict)
    overflowing: dict[str, list[str]] = field(default_factory=dict)
    faint: dict[str, list[str]] = field(default_factory=dict)
    keypads: dict[str, float] = field(default_factory=dict)
    corners: list[object] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    barriers: dict[str, list[str]] = field(default_factory=dict)

    def look(self, screen: str, desk: Desk) -> None:
        page, per_mm = desk.page, self.display.px_per_mm
        self.small[screen] = page.evaluate(SMALL, TOUCH_MM_MIN * per_mm)
        self.overflowing[screen] = page.evaluate(OVERFLOWING)
        self.faint[screen] = page.evaluate(FAINT, CONTRAST_MIN)
        if self.language == ENGLISH:
            self.barriers[screen] = barriers(page)
        if desk.find(".keypad").count():
            box = desk.find(".keypad .key").nth(4).bounding_box()
            assert box is not None
            self.keypads[screen] = min(box["width"], box["height"]) / per_mm
        if screen in {"empty pad", "pad"}:
            self.corners.append([desk.find(s).bounding_box() for s in (".send", ".pay-key")])


def barriers(page: Page) -> list[str]:
    """Return what axe-core finds on the page as it is now."""
    page.evaluate(AXE)
    found: list[str] = page.evaluate(BARRIERS)
    return found


def wrong(found: dict[str, list[str]]) -> dict[str, list[str]]:
    return {screen: faults for screen, faults in found.items() if faults}


WALKS = [
    *((display, ENGLISH) for display in DISPLAYS.values()),
    *((SEVEN_INCH, language) for language in LANGUAGES if language != ENGLISH),
]


@pytest.fixture(scope="module", params=WALKS, ids=lambda walk: f"{walk[0].width}px-{walk[1]}")
def survey(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    founded: Path,
    chromium: Browser,
) -> Iterator[Survey]:
    """Walk once for each display, and on the small one in each language; the tests read it."""
    display, language = request.param
    survey = Survey(display, language)
    folder = tmp_path_factory.mktemp("survey")
    shutil.copytree(founded, folder, dirs_exist_ok=True)
    till = HostTill(folder, px_per_mm_milli=survey.display.px_per_mm_milli)
    till.tell({"t1/1": 100_000}, peers=("t2", "t3"))
    lucas = SetStaff(language, "lucas", "Lucas Petit", WAITER, language=language)
    till.desk.run(lucas, Actor("test", SYSTEM))
    plan = PublishPrinting("plan", (HOT,), (Station("wok", "Wok", "hot"),))
    till.desk.run(plan, Actor("test", SYSTEM))
    context = chromium.new_context(viewport=display.viewport, has_touch=True)
    desk = Desk(context.new_page(), till.serve())
    desk.go("/")
    desk.tap(f'.languages [value="{language}"]')
    desk.wait(f'html[lang="{language}"]')
    for screen in screens(desk):
        survey.look(screen, desk)
    survey.complaints = desk.complaints
    yield survey
    context.close()
    till.stop()


def test_nothing_to_tap_is_under_ten_millimetres(survey: Survey) -> None:
    assert wrong(survey.small) == {}


def test_no_text_runs_out_of_its_place(survey: Survey) -> None:
    assert wrong(survey.overflowing) == {}


def test_every_text_stands_out_from_what_is_behind_it(survey: Survey) -> None:
    assert wrong(survey.faint) == {}


def test_nothing_on_a_screen_is_a_barrier_by_axe_core(survey: Survey) -> None:
    if survey.language == ENGLISH:
        assert len(survey.barriers) >= SCREENS_MIN
    assert wrong(survey.barriers) == {}


def test_keypads_have_keys_of_twenty_millimetres(survey: Survey) -> None:
    assert set(survey.keypads) == {"sign in", "payment"}
    assert min(survey.keypads.values()) >= KEYPAD_MM - KEYPAD_TOLERANCE_MM


def test_send_and_pay_never_move(survey: Survey) -> None:
    assert survey.corners[0] == survey.corners[1]


def test_no_page_complains_of_its_scripts_or_its_policy(survey: Survey) -> None:
    assert survey.complaints == []


def test_a_key_too_small_a_text_too_long_or_too_faint_would_be_found(desk: Desk) -> None:
    desk.go("/")
    for style in (
        "height:20px;min-height:0",
        "width:60px;display:block;white-space:nowrap",
        "color:#ddd;background:#fff",
    ):
        desk.page.evaluate(
            "style => { const key = document.createElement('button');"
            " key.className = 'key'; key.textContent = 'a long planted text';"
            " for (const part of style.split(';'))"
            " key.style.setProperty(...part.split(':')); document.body.append(key) }",
            style,
        )
    small = desk.page.evaluate(SMALL, TOUCH_MM_MIN * SEVEN_INCH.px_per_mm)
    assert any("planted" in one for one in small)
    assert any("planted" in one for one in desk.page.evaluate(OVERFLOWING))
    assert any("planted" in one for one in desk.page.evaluate(FAINT, CONTRAST_MIN))


def test_chinese_is_drawn_with_real_glyphs(desk: Desk) -> None:
    desk.sign_in("wang-fang")
    desk.wait('.tile:has-text("空桌")')
    assert desk.page.evaluate(DRAWN, ["虾", "饺"])
    assert not desk.page.evaluate(DRAWN, ["\ue000", "\ue001"]), "what has no glyph looks alike"
