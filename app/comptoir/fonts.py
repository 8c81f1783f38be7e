"""Finds a font file that has Chinese, for paper: the one set, else what fontconfig knows."""

import functools
import subprocess
from dataclasses import dataclass
from pathlib import Path

from comptoir.domain.errors import DomainError

ASK_S_MAX = 10
LANGUAGE = ":lang=zh-cn"
FACES_MAX = 256


class FontMissing(DomainError):
    """No font with Chinese is on this terminal."""

    code = "font-missing"
    status = 503

    def __init__(self, why: str) -> None:
        super().__init__(
            f"No font for paper: {why}. Install fonts-wqy-microhei or fonts-noto-cjk, or name"
            " a font file with the setting print_font."
        )


@dataclass(frozen=True, slots=True)
class Face:
    """A font file and which of its faces."""

    file: str
    index: int = 0


@functools.lru_cache(maxsize=8)
def find(setting: str = "") -> Face:
    """Return the font of paper; raises FontMissing."""
    if setting:
        if not Path(setting).is_file():
            raise FontMissing(f"there is no file {setting}")
        return Face(setting)
    command = ["fc-list", LANGUAGE, "--format", "%{file}|%{index}|%{style}|%{family}\n"]
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=ASK_S_MAX
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise FontMissing(f"fontconfig does not answer ({error})") from error
    return choose(answer)


def choose(listed: str) -> Face:
    """Return the best of fontconfig's list: a regular sans, Simplified before the others."""
    rows = [row.split("|") for row in listed.splitlines() if row.count("|") == 3]
    faces = [
        (_rank(style, family), file, int(index))
        for file, index, style, family in rows
        if index.isdecimal() and int(index) < FACES_MAX
    ]
    if not faces:
        raise FontMissing("fontconfig knows none that has Chinese")
    _, file, index = min(faces)
    return Face(file, index)


def _rank(style: str, family: str) -> tuple[bool, bool, bool, bool]:
    """Return what a face lacks, the worst first."""
    return (
        "Regular" not in style,
        "Serif" in family or "Ming" in family,
        "Mono" in family,
        "SC" not in family and "WenQuanYi" not in family,
    )
