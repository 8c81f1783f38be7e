"""Records the demo into app/docs/demo.gif: `.venv/bin/python -m tests.recording`.

Runs app/demo's restaurant and lets a browser watch while things break, twice a second.
"""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize, sync_playwright

TOP = Path(__file__).parents[2]
OUT = TOP / "app/docs/demo.gif"
PORT = 8600
BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser")
VIEW = ViewportSize(width=1480, height=980)
WIDTH_PX, COLOURS, SAMPLES, BYTES_MAX = 900, 128, 6, 3_000_000
PICTURE_MS, LAST_MS = 500, 3000
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


def watch(page: Page) -> tuple[list[Image.Image], list[int]]:
    """Play the story; returns the pictures, and how long each is shown in ms."""
    pictures, shown_ms = [], []
    for click, seconds in STORY:
        if click:
            page.click(click)
        until = time.monotonic() + seconds
        while (began := time.monotonic()) < until:
            pictures.append(Image.open(BytesIO(page.screenshot())).convert("RGB"))
            time.sleep(max(0.0, PICTURE_MS / 1000 - (time.monotonic() - began)))
            shown_ms.append(round((time.monotonic() - began) * 1000))
    return pictures, [*shown_ms[:-1], LAST_MS]


def write(pictures: list[Image.Image], shown_ms: list[int]) -> None:
    """Write the pictures with one palette, so that only what moves is stored."""
    size = (WIDTH_PX, WIDTH_PX * VIEW["height"] // VIEW["width"])
    small = [picture.resize(size, Image.Resampling.LANCZOS) for picture in pictures]
    samples = small[:: max(1, len(small) // SAMPLES)]
    every = Image.new("RGB", (size[0], size[1] * len(samples)))
    for number, sample in enumerate(samples):
        every.paste(sample, (0, number * size[1]))
    palette = every.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE)
    frames = [one.quantize(palette=palette, dither=Image.Dither.NONE) for one in small]
    frames[0].save(
        OUT, save_all=True, append_images=frames[1:], duration=shown_ms, loop=0, optimize=True
    )


def main() -> int:
    """Record; returns 1 when the file is too large for a README."""
    browser = next((path for path in BROWSERS if Path(path).exists()), None)
    with restaurant() as url, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser)
        page = chromium.new_page(viewport=VIEW)
        page.goto(url)
        page.wait_for_selector(".terminal iframe[src*=floor]")
        time.sleep(2)
        pictures, shown_ms = watch(page)
        chromium.close()
    write(pictures, shown_ms)
    size = OUT.stat().st_size
    sys.stdout.write(f"{OUT.relative_to(TOP)}: {len(pictures)} pictures, {size / 1e6:.1f} MB\n")
    return int(size > BYTES_MAX)


sys.exit(main())
