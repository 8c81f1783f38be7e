"""The page for a technician explains every line that can stand out."""

import re
from pathlib import Path

SCRIPT = Path("roles/base/files/tree/usr/lib/comptoir/diagnose")
PAGE = Path("playbooks/docs/diagnose.md")


def test_each_line_that_can_stand_out_is_explained() -> None:
    lines = re.findall(r'!! ([a-z -]+?)(?:[:,"\'$]| by )', SCRIPT.read_text(encoding="utf-8"))
    page = PAGE.read_text(encoding="utf-8")
    assert len(lines) >= 8
    assert [line for line in lines if line not in page] == []


def test_no_key_is_ever_read() -> None:
    script = SCRIPT.read_text(encoding="utf-8")
    read = [line for line in script.splitlines() if "/keys" in line and "cat" in line]
    assert read == []
