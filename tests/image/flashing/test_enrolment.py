import json
from pathlib import Path

import pytest
import zstandard

from imagebuilder.errors import BuildError
from imagebuilder.flashing import enrolment
from tests.image.flashing import tiny

ENROLMENT = {"terminal": {"id": "t2", "letter": "B", "name": "Bar"}}


def written(folder: Path, value: object) -> Path:
    path = folder / "enrol.json"
    path.write_text(json.dumps(value))
    return path


def test_the_enrolment_is_on_the_boot_partition(tmp_path: Path) -> None:
    image = tiny.read_image(tmp_path)
    card = tmp_path / "card"
    card.write_bytes(zstandard.ZstdDecompressor().decompress(image.path.read_bytes()))
    enrolment.place(enrolment.read(written(tmp_path, ENROLMENT)), card)
    assert json.loads(tiny.enrolled(card)) == ENROLMENT


@pytest.mark.parametrize("value", [{"terminl": {}}, [], "text"])
def test_an_enrolment_with_an_unknown_key_is_refused(tmp_path: Path, value: object) -> None:
    with pytest.raises(BuildError, match="not an enrolment"):
        enrolment.read(written(tmp_path, value))


def test_an_enrolment_that_is_no_json_is_told(tmp_path: Path) -> None:
    path = tmp_path / "enrol.json"
    path.write_text("{")
    with pytest.raises(BuildError, match="cannot be read"):
        enrolment.read(path)


@pytest.mark.parametrize("content", [bytes(8 << 20), tiny.content().ljust(8 << 20, b"\0")])
def test_a_card_without_a_boot_partition_is_told(tmp_path: Path, content: bytes) -> None:
    empty = tmp_path / "card.img"
    empty.write_bytes(content)
    with pytest.raises(BuildError, match="not written"):
        enrolment.place(b"{}", empty)
