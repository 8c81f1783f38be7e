import os
from pathlib import Path

import pytest
import segno

from imagebuilder.flashing import labels
from imagebuilder.flashing.book import Line

LINE = Line("", "good", "10000000b29d2da0", restaurant="Chez <Zoë>", terminal="zoe-a", letter="A")


def test_a_label_says_whose_it_is_and_the_code_leads_to_its_screen() -> None:
    page = labels.page([LINE])
    assert "Chez &lt;Zoë&gt;" in page
    assert labels.code(LINE) == "http://comptoir-zoe-a.local:8080/"
    path = segno.make(labels.code(LINE), error="m", micro=False).svg_inline(omitsize=True)
    assert path.partition(' d="')[2].partition('"')[0] in page


def test_a_unit_without_a_place_shows_its_serial() -> None:
    assert labels.code(Line("", "good", "s1")) == "s1"


def test_a_sheet_has_24_labels() -> None:
    page = labels.page([LINE] * 25)
    assert [sheet.count("<article") for sheet in page.split("<section")[1:]] == [24, 1]


def test_the_sheets_are_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "labels.html"
    labels.write(path, [LINE])
    labels.write(path, [LINE, LINE])
    assert path.read_text(encoding="utf-8").count("<article") == 2
    assert list(tmp_path.iterdir()) == [path]


def test_labels_belong_to_who_called_sudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setenv("SUDO_UID", str(os.getuid()))
    monkeypatch.setenv("SUDO_GID", str(os.getgid()))
    given: list[tuple[object, int, int]] = []
    monkeypatch.setattr("os.chown", lambda *call: given.append(call))
    labels.write(tmp_path / "labels.html", [LINE])
    assert [call[1:] for call in given] == [(os.getuid(), os.getgid())]
