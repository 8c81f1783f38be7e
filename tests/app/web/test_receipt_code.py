import io

import segno
import zxingcpp
from PIL import Image

from comptoir.domain.check import Check
from comptoir.domain.envelope import Envelope
from comptoir.web import receipt_code


def test_the_code_names_the_check_its_total_and_the_event() -> None:
    event = Envelope("r", "t1", 2, 42, 0, "2026-11-22", "ann", "payment.taken", 1, {}, "")
    text = receipt_code.text(Check("c1", "A2-7"), "EUR", event)
    assert text == "comptoir:1;A2-7;EUR;0;t1/2/42"


def test_a_reader_of_codes_reads_it() -> None:
    text = "comptoir:1;A2-7;EUR;1250;t1/2/42"
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=4, border=2)
    read = zxingcpp.read_barcodes(Image.open(out))
    assert [code.text for code in read] == [text]


def test_the_svg_has_no_inline_style_which_our_own_policy_forbids() -> None:
    svg = receipt_code.svg("comptoir:1;A2-7;EUR;1250;t1/2/42")
    assert svg.startswith("<svg ")
    assert "style" not in svg
    assert 'class="code"' in svg
