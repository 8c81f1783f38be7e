"""A real till, and a real browser of the terminal's two screen sizes in front of it."""

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    ViewportSize,
    sync_playwright,
)

from tests.fakes.till import HostTill

CHROMIUM = os.environ.get("COMPTOIR_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-sync",
]
TIMEOUT_MS = 30_000  # of a busy computer
PINS = {"li-wei": "1234", "lucas": "4567", "wang-fang": "3456", "chen-qiang": "5678"}


@dataclass(frozen=True)
class Display:
    """A screen: pixels, and thousandths of a pixel per millimetre."""

    width: int
    height: int
    px_per_mm_milli: int

    @property
    def px_per_mm(self) -> float:
        return self.px_per_mm_milli / 1000

    @property
    def viewport(self) -> ViewportSize:
        return {"width": self.width, "height": self.height}


SEVEN_INCH = Display(800, 480, 5250)
FIFTEEN_INCH = Display(1366, 768, 3950)
PHONE = Display(390, 844, 3950)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


WEDGE_S = 0.005
DISPLAYS = {"800x480": SEVEN_INCH, "1366x768": FIFTEEN_INCH}


@pytest.fixture
def display() -> Display:
    """Return the smaller one; a test that needs both asks for them."""
    return SEVEN_INCH


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a till that was founded once; tests work on copies."""
    folder = tmp_path_factory.mktemp("founded")
    HostTill(folder).stop()
    return folder


@pytest.fixture
def till(tmp_path: Path, founded: Path, display: Display) -> Iterator[HostTill]:
    shutil.copytree(founded, tmp_path, dirs_exist_ok=True)
    till = HostTill(tmp_path, px_per_mm_milli=display.px_per_mm_milli)
    till.tell({"t1/1": 100_000}, peers=("t2", "t3"))
    yield till
    till.stop()


@dataclass
class Desk:
    """What one person does at the screen; counts their taps and what the page complained of."""

    page: Page
    address: str
    taps: int = 0
    complaints: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(TIMEOUT_MS)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._said)
        self.page.on("request", lambda request: self.asked.add(request.url))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def tap(self, selector: str, which: int = 0) -> None:
        self.taps += 1
        self.find(selector).nth(which).tap()

    def find(self, selector: str) -> Locator:
        return self.page.locator(selector)

    def wait(self, selector: str) -> None:
        self.find(selector).first.wait_for()

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def sign_in(self, staff: str = "lucas") -> None:
        self.go("/")
        self.tap(f'.person:has([value="{staff}"])')
        for digit in PINS[staff]:
            self.tap(f'.pin [data-key="{digit}"]')
        self.tap(".pin .primary")
        self.page.wait_for_url("**/kitchen" if staff == "chen-qiang" else "**/floor")

    def scan(self, code: str) -> None:
        """Do what a keyboard wedge does: type with its own rhythm on a busy computer too."""
        keyboard, at = self.page.context.new_cdp_session(self.page), time.time()
        for n, key in enumerate([*code, "\r"]):
            named = {"key": "Enter" if key == "\r" else key, "text": key}
            for kind in ("keyDown", "keyUp"):
                keyboard.send(
                    "Input.dispatchKeyEvent",
                    {"type": kind, "timestamp": at + n * WEDGE_S, **named},
                )
        keyboard.detach()

    def open_table(self, which: int = 2, covers: int = 3) -> None:
        self.tap(".tile", which)
        self.tap(f'#sheet [name="covers"][value="{covers}"]')
        self.page.wait_for_url("**/checks/*")

    def add(self, number: int) -> None:
        """Tap a dish of the page that needs no choice, and wait until it stands on the check."""
        before = int(self.find("#panel .check").get_attribute("data-count") or 0)
        self.tap(".item[data-tap]", number)
        self.wait(f'#panel .check[data-count="{before + 1}"]')


@pytest.fixture
def context(chromium: Browser, display: Display) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=display.viewport, has_touch=True)
    yield context
    context.close()


@pytest.fixture
def desk(till: HostTill, context: BrowserContext) -> Desk:
    return Desk(context.new_page(), till.serve())
