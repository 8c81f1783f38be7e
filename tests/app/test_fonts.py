"""A font with Chinese is found, or it is said plainly that none is there."""

from pathlib import Path

import pytest

from comptoir.fonts import Face, FontMissing, choose, find

LISTED = """\
/f/serif.ttc|2|Regular|Noto Serif CJK SC
/f/sans.ttc|0|Regular|Noto Sans CJK JP
/f/sans.ttc|2|Regular|Noto Sans CJK SC
/f/sans.ttc|7|Regular|Noto Sans Mono CJK SC
/f/bold.ttc|2|Bold|Noto Sans CJK SC
"""


def test_a_regular_sans_of_simplified_chinese_is_preferred() -> None:
    assert choose(LISTED) == Face("/f/sans.ttc", 2)


def test_the_terminals_own_font_will_do() -> None:
    wqy = "/f/wqy.ttc|0|Regular|WenQuanYi Micro Hei,文泉驛微米黑\n"
    assert choose(wqy) == Face("/f/wqy.ttc", 0)


@pytest.mark.parametrize("listed", ["", "nonsense\n", "/f/x.ttf|x|Regular|X\n"])
def test_without_one_a_person_is_told_what_to_install(listed: str) -> None:
    with pytest.raises(FontMissing, match="Install fonts-wqy-microhei"):
        choose(listed)


def test_a_setting_wins_and_must_be_a_file(tmp_path: Path) -> None:
    file = tmp_path / "font.ttf"
    file.touch()
    assert find(str(file)) == Face(str(file))
    with pytest.raises(FontMissing, match="there is no file"):
        find(str(tmp_path / "absent.ttf"))
