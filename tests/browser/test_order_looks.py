"""The waiter's sheets and pages of a check: big enough to tap, nothing cut, nothing faint."""

from collections.abc import Iterator

import pytest

from comptoir.commands import Actor, AddLine, AskBill, OpenCheck, SetAllergy, SetStaff
from comptoir.domain.house import SYSTEM, WAITER
from tests.browser.conftest import FIFTEEN_INCH, SEVEN_INCH, Desk, Display
from tests.browser.test_looks import (
    CONTRAST_MIN,
    FAINT,
    OVERFLOWING,
    SMALL,
    TOUCH_MM_MIN,
    barriers,
)
from tests.fakes.box import BOSS
from tests.fakes.till import HostTill

pytestmark = pytest.mark.browser
MEAL = ("set-siu-mai-pork", "set-roast-duck-on", "set-tsingtao-beer-33")
WALKS = [(SEVEN_INCH, "en"), (FIFTEEN_INCH, "en"), (SEVEN_INCH, "fr"), (SEVEN_INCH, "es")]


def table(till: HostTill) -> str:
    """Return a check with a set meal, a guest with an allergy, and another check beside it."""
    for name, where in (("c1", "hall-3"), ("c2", "hall-4")):
        till.desk.run(OpenCheck(f"o{name}", name, "eat_in", where, 4), Actor("lucas", WAITER))
        till.desk.run(AddLine(f"a{name}", name, f"l{name}", "har-gow-steamed"), BOSS)
    till.desk.run(AddLine("m", "c1", "lm", "lunch-set", modifiers=MEAL), BOSS)
    till.desk.run(AddLine("d", "c1", "ld", "cantonese-roast-duck", 2000, seats=(1, 2)), BOSS)
    till.desk.run(SetAllergy("g", "c1", 2, "sulphites"), BOSS)
    till.desk.run(AskBill("b", "c2"), BOSS)
    return "/checks/c1"


def screens(desk: Desk, check: str) -> Iterator[str]:
    desk.go("/floor")
    yield "floor"
    desk.go(check)
    yield "pad with a set meal"
    for sheet in ("discount", "move", "hand", "merge", "exemption"):
        desk.tap(".check-head .more-key")
        desk.wait("#sheet[open] .more-keys")
        if sheet == "discount":
            yield "more"
        desk.tap(f'#sheet [hx-get$="/{sheet}"]')
        desk.find("#sheet .more-keys").wait_for(state="detached")
        yield sheet
        desk.tap("#sheet [data-close]")
    desk.go(f"{check}/places")
    yield "seats and courses"
    desk.tap(".guests-key")
    desk.wait("#sheet[open] .allergens")
    desk.tap('.guest-keys [hx-get*="seat=2"]')
    desk.wait("#sheet .noted")
    yield "allergies"
    desk.go(f"{check}/split")
    yield "split evenly"
    for way in ("items", "seats", "amounts"):
        desk.tap(f'.ways [hx-get*="{way}"]')
        desk.wait(f'.ways .chosen[hx-get*="{way}"]')
        yield f"split by {way}"
    desk.tap('.ways [hx-get*="items"]')
    desk.wait(".share-row .cell")
    desk.tap(".share-row .cell")
    desk.tap(".split-foot .primary")
    desk.wait(".part >> nth=1")
    yield "parts"
    desk.go(check)
    desk.tap(".actions .send")
    desk.wait(".line.sent")
    desk.tap(".line")
    desk.wait("#sheet[open] .danger")
    yield "sent line"
    desk.tap('#sheet [hx-get$="/comp"]')
    desk.wait("#sheet .reasons .key:not(.danger)")
    yield "give away"
    desk.tap("#sheet [data-close]")
    desk.tap(".actions > .key")
    desk.wait("#sheet[open] .danger")
    yield "take back"


@pytest.mark.parametrize(("display", "language"), WALKS)
def test_every_screen_of_a_check_can_be_tapped_and_read(
    desk: Desk, till: HostTill, display: Display, language: str
) -> None:
    lucas = SetStaff(language, "lucas", "Lucas Petit", WAITER, language=language)
    till.desk.run(lucas, Actor("test", SYSTEM))
    check = table(till)
    desk.sign_in()
    found: dict[str, list[str]] = {}
    for screen in screens(desk, check):
        wrong = desk.page.evaluate(SMALL, TOUCH_MM_MIN * display.px_per_mm)
        wrong += desk.page.evaluate(OVERFLOWING)
        wrong += desk.page.evaluate(FAINT, CONTRAST_MIN)
        wrong += barriers(desk.page) if language == "en" else []
        wide = "() => document.documentElement.scrollWidth > window.innerWidth"
        if desk.page.evaluate(wide):
            wrong.append("scrolls sideways")
        if wrong:
            found[screen] = wrong
    assert found == {}
    assert desk.complaints == []
