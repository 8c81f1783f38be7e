"""Takes a picture of every screen into app/docs/screens/: `.venv/bin/python -m tests.screens`.

Walks through a till as the survey of the browser tests does, at three sizes, then opens each page.
With names of pages, only these are taken: `-m tests.screens drawers "time clock"`.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from comptoir.commands import PublishPrinting, SetStaff
from comptoir.domain.house import MANAGER
from comptoir.domain.printing import Printer, Station
from tests.browser.conftest import CHROMIUM, FLAGS, Desk, Display
from tests.browser.stops import STOPS
from tests.browser.test_looks import screens
from tests.fakes.till import HostTill
from tests.screens.files import OUT, SIZES, file_of
from tests.screens.guests import BOSS, CHECK, guests

DISPLAYS = {
    "800x480": Display(800, 480, 5250),
    "1280x800": Display(1280, 800, 3950),
    "phone": Display(390, 844, 3950),
}
QUALITY = 50
SETTLE_MS = 120
PRINTERS = (Printer("hot", "Wok", "192.0.2.7"), Printer("bar", "Bar", "192.0.2.8"))
STATIONS = (Station("wok", "Wok", "hot"), Station("bar", "Bar", "bar"))


def furnished(folder: Path, display: Display) -> HostTill:
    """Return a till with a few guests at its tables."""
    till = HostTill(folder, px_per_mm_milli=display.px_per_mm_milli)
    till.tell({"t1/1": 100_000}, peers=("t2", "t3"))
    till.desk.run(PublishPrinting("plan", PRINTERS, STATIONS), BOSS)
    till.desk.run(SetStaff("english", BOSS.id, "Li Wei", MANAGER, language="en"), BOSS)
    till.tell_printers(hot="ready", bar="ready")
    return till


def shots(
    browser: Browser, till: HostTill, display: Display, only: Sequence[str]
) -> Iterator[tuple[str, bytes]]:
    """Yield every screen's name and its picture."""
    address = till.serve()
    if not only:
        with closing(browser.new_context(viewport=display.viewport, has_touch=True)) as context:
            desk = Desk(context.new_page(), address)
            for name in screens(desk):
                yield name, picture(desk)
                till.tell_printers(hot="ready", bar="ready")
    guests(till)
    with closing(browser.new_context(viewport=display.viewport, has_touch=True)) as context:
        boss = Desk(context.new_page(), address)
        boss.sign_in("li-wei")
        for name in only or STOPS:
            till.tell_printers(hot="ready", bar="ready")
            boss.go(STOPS[name].format(check=CHECK))
            yield name, picture(boss)


def picture(desk: Desk) -> bytes:
    """Return what the screen shows, as WebP."""
    desk.page.wait_for_timeout(SETTLE_MS)
    out = BytesIO()
    shown = Image.open(BytesIO(desk.page.screenshot())).convert("RGB")
    shown.save(out, "WEBP", quality=QUALITY, method=6)
    return out.getvalue()


def main(only: Sequence[str]) -> int:
    """Take every picture, or only some pages'; what is no screen any more goes."""
    if unknown := [name for name in only if name not in STOPS]:
        sys.stderr.write(f"no page {', '.join(unknown)}; pages: {', '.join(STOPS)}\n")
        return 2
    if not only:
        shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for size in SIZES:
            with tempfile.TemporaryDirectory() as folder:
                till = furnished(Path(folder), DISPLAYS[size])
                for name, data in shots(browser, till, DISPLAYS[size], only):
                    file_of(name, size).write_bytes(data)
                till.stop()
        browser.close()
    files = list(OUT.iterdir())
    total = sum(file.stat().st_size for file in files)
    sys.stdout.write(f"{OUT}: {len(files)} pictures, {total / 1e6:.1f} MB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
