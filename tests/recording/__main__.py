"""Records the demo into app/docs/demo.webp: `.venv/bin/python -m tests.recording`.

Runs app/demo's restaurant and lets a browser watch while things break.
"""

import base64
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, ViewportSize, sync_playwright

TOP = Path(__file__).parents[2]
OUT = TOP / "app/docs/demo.webp"
PORT = 8600
BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser")
VIEW = ViewportSize(width=1480, height=980)
WIDTH_PX, QUALITY, BYTES_MAX = 1000, 78, 3_000_000
PICTURE_MS, LAST_MS = 400, 3000
OPEN_S = 90

# (what is clicked or typed, seconds that are watched afterwards)
STORY = (
    ("", 6),
    (".terminal:nth-child(2) .kill", 6),
    (".terminal:nth-child(1) .cut", 4),
    ("#internet", 4),
    (".heal", 7),
    (".terminal:nth-child(3) .steal", 7),
)


@contextmanager
def restaurant() -> Iterator[str]:
    """Run the demo; yields its address."""
    demo = subprocess.Popen(
        [TOP / "app/demo", "--port", str(PORT)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert demo.stdout is not None
    try:
        for line in demo.stdout:
            if line.startswith("Open "):
                break
        _wait_for_sales()
        yield f"http://127.0.0.1:{PORT}/"
    finally:
        demo.terminate()
        demo.wait(60)


def _wait_for_sales() -> None:
    until = time.monotonic() + OPEN_S
    while time.monotonic() < until:
        with closing(http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)) as asking:
            asking.request("GET", "/state")
            if b'"acknowledged": 0,' not in asking.getresponse().read():
                return
        time.sleep(1)
    raise SystemExit("the robots sold nothing; run app/demo to see why")


class Camera:
    """Keeps what the browser paints, at most every ``PICTURE_MS``."""

    def __init__(self, page: Page) -> None:
        self.pictures: list[tuple[float, bytes]] = []
        self._session = page.context.new_cdp_session(page)
        self._session.on("Page.screencastFrame", self._painted)
        self._session.send("Page.startScreencast", {"format": "jpeg", "quality": 92})

    def _painted(self, frame: dict[str, Any]) -> None:
        at = float(frame["metadata"]["timestamp"])
        if not self.pictures or at - self.pictures[-1][0] >= PICTURE_MS / 1000:
            self.pictures.append((at, base64.b64decode(frame["data"])))
        self._session.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})


def watch(page: Page) -> list[tuple[float, bytes]]:
    """Play the story; returns the pictures with their seconds."""
    camera = Camera(page)
    for click, seconds in STORY:
        if click:
            page.click(click)
        page.wait_for_timeout(seconds * 1000)
    return camera.pictures


def write(pictures: list[tuple[float, bytes]]) -> None:
    """Write the pictures in the pace in which they were painted."""
    size = (WIDTH_PX, WIDTH_PX * VIEW["height"] // VIEW["width"])
    frames = [
        Image.open(BytesIO(data)).convert("RGB").resize(size, Image.Resampling.LANCZOS)
        for _, data in pictures
    ]
    times = [at for at, _ in pictures]
    shown_ms = [round((b - a) * 1000) for a, b in pairwise(times)] + [LAST_MS]
    frames[0].save(
        OUT, save_all=True, append_images=frames[1:], duration=shown_ms, loop=0,
        quality=QUALITY, method=4,
    )  # fmt: skip


def main() -> int:
    """Record; returns 1 when the file is too large for a README."""
    browser = next((path for path in BROWSERS if Path(path).exists()), None)
    with restaurant() as url, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser)
        page = chromium.new_page(viewport=VIEW)
        page.goto(url)
        page.wait_for_selector(".terminal iframe[src*=floor]")
        time.sleep(2)
        pictures = watch(page)
        chromium.close()
    write(pictures)
    size = OUT.stat().st_size
    sys.stdout.write(f"{OUT.relative_to(TOP)}: {len(pictures)} pictures, {size / 1e6:.1f} MB\n")
    return int(size > BYTES_MAX)


sys.exit(main())
