"""The demo's page: each of its buttons says a command, and it draws what the state tells."""

import re
from importlib.resources import files

import pytest

from comptoir import demo
from comptoir.demo import prompt

PAGE = files(demo) / "page"
HTML = (PAGE / "index.html").read_text(encoding="utf-8")
SCRIPT = (PAGE / "demo.js").read_text(encoding="utf-8")
NUMBER = "${terminal.number}"


def commands() -> set[str]:
    """Return every command line that a button sends; the number of terminal 2 stands in it."""
    written = re.findall(r'data-command="([^"]+)"', HTML)
    # "internet on" is what the button says while it is off
    written += re.findall(r'dataset\.command = .*\? "([^"]+)" : "([^"]+)"', SCRIPT)[0]
    for line in re.findall(r"run\(`([^`]+)`\)", SCRIPT):
        choice = re.match(r'\$\{[^}]*\? "(\w+)" : "(\w+)"\}(.*)', line)
        written += [choice[1] + choice[3], choice[2] + choice[3]] if choice else [line]
    return {line.replace(NUMBER, "2") for line in written}


def test_every_button_says_a_command_of_the_prompt() -> None:
    for line in commands():
        prompt.read(line)


def test_there_is_a_button_for_all_that_can_be_broken_and_healed() -> None:
    wanted = {"kill 2", "steal 2", "cut 2", "plug 2", "heal", "internet off", "internet on"}
    assert commands() == wanted


def test_whatever_the_prompt_knows_can_be_typed_on_the_page() -> None:
    assert 'id="line"' in HTML
    assert 'run($("line").value)' in SCRIPT


def test_the_script_asks_for_no_part_that_the_page_has_not() -> None:
    asked = set(re.findall(r'\$\("([\w-]+)"\)', SCRIPT)) | {"acknowledged", "safe", "lost"}
    assert asked == set(re.findall(r'\bid="([\w-]+)"', HTML))


@pytest.mark.parametrize("counter", ["acknowledged", "safe", "lost"])
def test_a_counter_is_drawn_from_the_state(counter: str) -> None:
    assert f'<dd id="{counter}">' in HTML
    assert re.search(rf'for \(const name of \[[^\]]*"{counter}"[^\]]*\]\)', SCRIPT)
