"""Every page that a manager opens directly: axe-core finds no barrier, its scripts no fault."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import SEVEN_INCH, Desk
from tests.browser.stops import STOPS
from tests.browser.test_looks import barriers, wrong
from tests.fakes.till import HostTill
from tests.screens.guests import CHECK, guests

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def boss(
    founded: Path, tmp_path_factory: pytest.TempPathFactory, chromium: Browser
) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("pages")
    shutil.copytree(founded, folder, dirs_exist_ok=True)
    till = HostTill(folder, px_per_mm_milli=SEVEN_INCH.px_per_mm_milli)
    till.tell({"t1/1": 100_000}, peers=("t2", "t3"))
    guests(till)
    context = chromium.new_context(viewport=SEVEN_INCH.viewport, has_touch=True)
    desk = Desk(context.new_page(), till.serve())
    desk.sign_in("li-wei")
    yield desk
    context.close()
    till.stop()


def test_no_page_has_a_barrier_or_complains(boss: Desk) -> None:
    found: dict[str, list[str]] = {}
    for name, path in STOPS.items():
        boss.go(path.format(check=CHECK))
        found[name] = barriers(boss.page)
    assert wrong(found) == {}
    assert boss.complaints == []
