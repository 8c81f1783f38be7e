"""What stands out on a terminal that is not well, told by the script that asks it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path("roles/base/files/tree/usr/lib/comptoir/diagnose")
REAL = ("awk", "cat", "cut", "date", "grep", "head", "sh", "tail", "timeout", "uname")
WELL = {
    "python3": """echo '{"ok": true}'""",
    "systemctl": "[ $1 != --failed ] || exit 0",
    "df": "printf 'Mounted on Use%%\\n/data 12%%\\n'",
    "mountpoint": "exit 0",
    "findmnt": "echo rw,noatime",
    "timedatectl": "echo yes",
    "journalctl": "echo the system said so",
}


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """Make a path of tools as a well terminal's answer; those that nobody planted say nothing."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in REAL:
        found = shutil.which(name)
        assert found, name
        (folder / name).symlink_to(found)
    asked = re.findall(r"^ask (?:'[^']+'|\S+) (\w+)", SCRIPT.read_text("utf-8"), re.MULTILINE)
    for name in {*asked, *WELL} - set(REAL):
        plant(folder, name, WELL.get(name, f"echo {name} was asked"))
    return folder


def plant(folder: Path, name: str, answer: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{answer}\n")
    (folder / name).chmod(0o755)


def told(tools: Path) -> list[str]:
    done = subprocess.run(
        [tools / "sh", SCRIPT],
        env={"PATH": str(tools), "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def standing_out(tools: Path) -> list[str]:
    return [line for line in told(tools) if line.startswith("!! ")]


def test_of_a_well_terminal_nothing_stands_out_but_what_this_machine_has_not(tools: Path) -> None:
    assert standing_out(tools) == ["!! no identity: see comptoir-firstboot"]


@pytest.mark.parametrize(
    ("tool", "answer", "line"),
    [
        ("python3", "echo Connection refused", "the till does not answer: Connection refused"),
        ("systemctl", "[ $1 != --failed ] || echo x.service failed", "failed: x.service"),
        ("df", "printf 'Mounted on Use%%\\n/data 97%%\\n'", "nearly full: /data 97%"),
        ("mountpoint", "[ $2 != /data ]", "not mounted: /data"),
        ("findmnt", "echo ro,noatime", "read-only, so damaged: /keys"),
        ("timedatectl", "echo no", "the clock is not confirmed by a time server"),
    ],
)
def test_what_is_not_well_stands_out(tools: Path, tool: str, answer: str, line: str) -> None:
    plant(tools, tool, answer)
    assert f"!! {line}" in standing_out(tools)


def test_what_stands_out_comes_first_and_every_question_has_its_section(tools: Path) -> None:
    lines = told(tools)
    sections = [line for line in lines if line.startswith("== ")]
    assert len(sections) > 20
    assert lines.index(sections[0]) > max(lines.index(line) for line in lines if "!!" in line)
    assert "the system said so" in lines


def test_a_question_that_fails_is_told_and_the_next_is_asked(tools: Path) -> None:
    plant(tools, "lsblk", "exit 3")
    lines = told(tools)
    at = lines.index("== partitions")
    assert lines[at + 1] == "(ended with 3)"
    assert "== memory" in lines[at:]
