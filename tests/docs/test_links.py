"""Every relative link in a document leads to a file, and to a heading that is there."""

import re
from pathlib import Path

import pytest

from tests.lint.tracked import tracked

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as forges make them."""
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(text))
    return {heading.strip().replace(" ", "-") for heading in kept}


def dead_links(page: Path, text: str) -> list[str]:
    return [target for target in LINK.findall(text) if not alive(page, target)]


def alive(page: Path, target: str) -> bool:
    if "://" in target or target.startswith("mailto:"):
        return True
    path, _, anchor = target.partition("#")
    file = page.parent / path if path else page
    if not file.exists():
        return False
    return not anchor or anchor in anchors(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", tracked("*.md"), ids=str)
def test_links_lead_somewhere(page: Path) -> None:
    assert dead_links(page, page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("planted", ["nowhere.md", "README.md#no-such-heading", "#nor-this"])
def test_a_planted_dead_link_is_found(planted: str) -> None:
    assert dead_links(Path("README.md"), f"[here]({planted})") == [planted]
