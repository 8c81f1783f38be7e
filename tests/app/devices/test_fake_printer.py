"""The fake printer reads what others' encoders write, so that it may judge ours (T3)."""

from pathlib import Path

from tests.fakes.escpos import Cut, Element, Kick, Line, Raster, Reader

SAMPLES = Path(__file__).with_name("samples")


def read(name: str) -> tuple[list[Element], Reader]:
    found: list[Element] = []
    reader = Reader(found.append, lambda _kind, _number: None)
    reader.feed((SAMPLES / name).read_bytes())
    return found, reader


def test_it_reads_one_encoder_to_the_last_byte() -> None:
    found, reader = read("receipt-printer-encoder.bin")
    lines = [one for one in found if isinstance(one, Line) and one.text]
    assert [line.text.strip() for line in lines] == ["Golden Dragon", "ALLERGY", "TOTAL 12.50"]
    assert [line.style.bold for line in lines] == [True, False, False]
    assert [line.style.inverse for line in lines] == [False, True, False]
    assert (lines[2].style.wide, lines[2].style.high) == (2, 2)
    (picture,) = [one for one in found if isinstance(one, Raster)]
    assert picture.rows == [b"\xff\x00" * 4] * 8 + [b"\x00\xff" * 4] * 8
    assert [type(one) for one in found if isinstance(one, Kick | Cut)] == [Kick, Cut]
    assert reader.unknown == []


def test_it_reads_another_encoder_to_the_last_byte() -> None:
    found, reader = read("receiptline.bin")
    texts = [one.text for one in found if isinstance(one, Line)]
    assert texts[:2] == ["Golden Dragon", "Mapo tofu12.50"]
    assert "Total12.50" in texts
    assert any(isinstance(one, Cut) for one in found)
    assert reader.unknown == []


def test_a_command_it_does_not_know_is_noted_not_swallowed() -> None:
    reader = Reader(lambda _: None, lambda _kind, _number: None)
    reader.feed(b"\x1bZ\x1dZ")
    assert reader.unknown == [b"\x1bZ", b"\x1dZ"]
