import io

import segno
import zxingcpp
from PIL import Image

from comptoir.web import receipt_code


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
