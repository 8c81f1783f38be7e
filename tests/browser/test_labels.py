"""The labels of flashed units as they come out of a printer: A4, and every code readable."""

import io
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser

from imagebuilder.flashing import labels
from imagebuilder.flashing.book import Line

pytestmark = pytest.mark.browser

MM = 96 / 25.4  # CSS pixels
LONG = "Brasserie de la Gare et du Marché couvert"


def lines(count: int) -> list[Line]:
    return [
        Line("", "good", f"10000000b29d2d{n:02x}", restaurant=LONG, terminal=f"gare-{n}",
            letter="A", name="Bar, left of the door")
        for n in range(count)
    ]  # fmt: skip


def test_every_code_of_a_sheet_can_be_scanned_and_nothing_spills(
    chromium: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "labels.html"
    labels.write(path, lines(25))
    page = chromium.new_page(viewport={"width": 794, "height": 1123}, device_scale_factor=2)
    page.goto(path.as_uri())
    boxes = [label.bounding_box() for label in page.locator(".label").all()]
    sizes = {(round(box["width"] / MM), round(box["height"] / MM)) for box in boxes if box}
    assert sizes == {(70, 37)}
    texts = page.locator(".label > div").all()
    spilt = [one for one in texts if one.evaluate("e => e.scrollWidth > e.clientWidth + 1")]
    assert spilt == []
    sheets = page.locator(".sheet")
    assert sheets.count() == 2
    shot = Image.open(io.BytesIO(sheets.first.screenshot(path=tmp_path / "sheet.png")))
    found = sorted(code.text for code in zxingcpp.read_barcodes(shot))
    assert found == sorted(labels.code(line) for line in lines(24))
    page.close()


def test_a_delivery_of_25_is_two_pages_of_a4(chromium: Browser, tmp_path: Path) -> None:
    path = tmp_path / "labels.html"
    labels.write(path, lines(25))
    page = chromium.new_page()
    page.goto(path.as_uri())
    pdf = page.pdf(prefer_css_page_size=True)
    page.close()
    assert pdf.count(b"/Type /Page\n") == 2
    assert b"/MediaBox [0 0 594.95996 841.91998]" in pdf or b"/MediaBox [0 0 595" in pdf
