"""T1: the head office in a browser: no barrier, nothing cut off, figures move by themselves."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from comptoir.bus.wire import Health, PrinterHealth
from comptoir.domain.head_office import EVERY
from comptoir.web.languages import ENGLISH, LANGUAGES
from tests.browser.conftest import FIFTEEN_INCH, PHONE, SEVEN_INCH, TIMEOUT_MS
from tests.browser.test_looks import barriers, wrong
from tests.fakes.head_office import PASSWORD, Office

pytestmark = pytest.mark.browser
BUNDLE = "1" * 64
PAGES = ("/", "/r/lyon", "/menu", "/menu/lyon/duck", "/menu/lyon", "/updates",
         f"/updates/{BUNDLE}", "/audit")  # fmt: skip
SIZES = {"800x480": SEVEN_INCH, "1280x800": FIFTEEN_INCH, "phone": PHONE}
LIVE_MS_MAX = 30_000  # on a busy computer; T1 asks for 5 s on an idle one


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = Office(tmp_path_factory.mktemp("office"))
    made.open_site("lyon", "Lyon Bellecour", paid=5, unpaid=2)
    made.open_site("nice", "Nice Port", paid=3)
    made.open_site("york", "York Shambles", paid=2, unpaid=1, currency="GBP")
    printers = [
        PrinterHealth("kitchen", "paper-out", False, 3),
        PrinterHealth("bar", "ready", True, 0),
    ]
    ill = Health("0.9", 1, 1 << 30, 1 << 34, 12, -90_000, printers=printers)
    made.say_health("lyon", ill)
    made.hire("owner", (EVERY,), publishes=True, audits=True)
    made.hire("visitor", ("lyon",))
    yield made
    made.stop()


@pytest.fixture(scope="module")
def address(office: Office) -> str:
    return office.serve()


@pytest.fixture(scope="module")
def page(office: Office, address: str, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport=SIZES["1280x800"].viewport)
    context.set_default_timeout(TIMEOUT_MS)
    made = context.new_page()
    made.goto(f"{address}/sign-in")
    made.get_by_label("Name").fill("owner")
    made.get_by_label("Password").fill(PASSWORD)
    made.get_by_label("Code from your authenticator").fill(office.code())
    made.get_by_role("button", name="Sign in").click()
    made.wait_for_url(f"{address}/")
    yield made
    context.close()


def sideways(page: Page) -> int:
    """Return by how many pixels the page is wider than the screen."""
    width: int = page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
    return width


@pytest.mark.parametrize("size", SIZES)
def test_no_page_has_a_barrier_or_scrolls_sideways(page: Page, address: str, size: str) -> None:
    page.set_viewport_size(SIZES[size].viewport)
    found: dict[str, list[str]] = {}
    wide: dict[str, int] = {}
    for path in PAGES:
        page.goto(f"{address}{path}")
        found[path] = barriers(page)
        if (over := sideways(page)) > 0:
            wide[path] = over
    assert wrong(found) == {}
    assert wide == {}


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != ENGLISH])
def test_no_language_is_wider_than_a_phone(
    office: Office, page: Page, address: str, language: str
) -> None:
    office.hire("owner", (EVERY,), publishes=True, audits=True, language=language)
    page.set_viewport_size(PHONE.viewport)
    wide = {}
    for path in PAGES:
        page.goto(f"{address}{path}")
        wide[path] = sideways(page)
    office.hire("owner", (EVERY,), publishes=True, audits=True)
    assert {path: over for path, over in wide.items() if over > 0} == {}


def test_the_door_has_no_barrier(address: str, chromium: Browser) -> None:
    context = chromium.new_context(viewport=SIZES["phone"].viewport)
    door = context.new_page()
    door.goto(f"{address}/sign-in")
    assert wrong({"door": barriers(door)}) == {}
    assert sideways(door) <= 0
    context.close()


def test_a_sale_moves_the_page_that_is_open(office: Office, page: Page, address: str) -> None:
    page.goto(f"{address}/")
    row = page.locator("tr", has_text="Nice Port")
    assert "€36.00" in row.inner_text()
    office.sell("nice", paid=1)
    row.get_by_text("€48.00").wait_for(timeout=LIVE_MS_MAX)


def test_a_head_office_that_is_gone_is_said_on_the_page(page: Page, address: str) -> None:
    page.goto(f"{address}/r/nice")
    page.route("**/now", lambda route: route.abort())
    page.get_by_role("alert").wait_for(timeout=LIVE_MS_MAX)
    page.unroute("**/now")
    page.get_by_role("alert").wait_for(state="hidden", timeout=LIVE_MS_MAX)
