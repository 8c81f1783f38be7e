"""X7: however many dishes wait, the board has 1,500 DOM nodes at most, and each can be reached."""

import html
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.commands import Actor, AddLine, Bump, Fire, OpenCheck, PublishMenu
from comptoir.domain.check import READY
from comptoir.domain.house import MANAGER
from comptoir.web.screens import kitchen_pages
from tests.app.web.conftest import Screen
from tests.fakes.large_menu import large_menu
from tests.fakes.till import HostTill

BOSS = Actor("li-wei", MANAGER)
CHECKS, EACH, NODES_AIM = 50, 8, 1500
NEXT, BEFORE = (re.compile(rf'data-{way} href="([^"]+)"') for way in ("next", "before"))


def fire(till: HostTill, check: str, dishes: range) -> None:
    run = till.desk.run
    run(OpenCheck(f"o-{check}", check, "eat_in", f"table-{check}", 4), BOSS)
    for dish in dishes:
        run(AddLine(f"a-{check}-{dish}", check, f"{check}-{dish}", f"d{dish}"), BOSS)
    run(Fire(f"f-{check}", check), BOSS)


@pytest.fixture
def kitchen(screen: Screen) -> Screen:
    screen.till.desk.run(PublishMenu("large", large_menu(600)), BOSS)
    return screen.sign_in("chen-qiang")


@pytest.fixture(scope="module")
def feast(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a till with four hundred dishes to cook, no two alike."""
    folder = tmp_path_factory.mktemp("feast")
    shutil.copytree(founded, folder, dirs_exist_ok=True)
    till = HostTill(folder)
    till.desk.run(PublishMenu("large", large_menu(600)), BOSS)
    for number in range(CHECKS):
        fire(till, f"c{number:02}", range(number * EACH, (number + 1) * EACH))
    till.stop()
    return folder


@pytest.fixture
def full(feast: Path, tmp_path: Path) -> Iterator[Screen]:
    folder = tmp_path / "full"
    shutil.copytree(feast, folder)
    till = HostTill(folder)
    yield Screen(till, till.app().test_client()).sign_in("chen-qiang")
    till.stop()


def nodes(page: str) -> int:
    return len(re.findall("<[a-z]", page))


def dishes(page: str) -> list[str]:
    """Return the lines that keys of a page's tickets bump one by one."""
    tickets = page.partition('class="tickets"')[2].partition("<aside")[0]
    return re.findall(r'class="dish".*?"line": \["([^"]+)"\]', html.unescape(tickets))


def turned(screen: Screen, page: str, way: re.Pattern[str] = NEXT) -> str:
    found = way.search(page)
    assert found, "no page there"
    return screen.get(html.unescape(found[1])).text


def pages(screen: Screen) -> list[str]:
    found = [screen.get("/kitchen").text]
    while NEXT.search(found[-1]):
        found.append(turned(screen, found[-1]))
    return found


def test_four_hundred_dishes_stay_under_1500_nodes_and_are_all_reached(full: Screen) -> None:
    found = pages(full)
    assert len(found) > 3
    assert max(map(nodes, found)) <= NODES_AIM
    names = [name for page in found for name in dishes(page)]
    assert len(names) == len(set(names)) == CHECKS * EACH
    assert names[:EACH] == [f"c00-{n}" for n in range(EACH)], "the oldest first"
    assert nodes(full.get("/kitchen/tickets").text) < nodes(found[0])


def test_without_pages_the_board_would_weigh_more(
    full: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: what is counted above is what the pages hold back."""
    monkeypatch.setattr(kitchen_pages, "NODES_MAX", 100_000)
    (page,) = pages(full)
    assert nodes(page) > NODES_AIM


def test_one_ticket_of_four_hundred_dishes_comes_in_pieces(kitchen: Screen) -> None:
    fire(kitchen.till, "feast", range(400))
    found = pages(kitchen)
    assert max(map(nodes, found)) <= NODES_AIM
    assert len({name for page in found for name in dishes(page)}) == 400
    assert "· 1/" in found[0]


def test_a_later_page_stands_still_while_older_tickets_are_bumped(full: Screen) -> None:
    second = turned(full, full.get("/kitchen").text)
    first_there = dishes(second)[0]
    place = re.search(r'id="board".*?hx-get="([^"]+)"', second)
    assert place
    lines = tuple(f"c00-{n}" for n in range(EACH))
    full.till.desk.run(Bump("b", "c00", lines, READY), BOSS)
    again = full.get(html.unescape(place[1])).text
    assert dishes(again) == dishes(second), "what it refreshes itself with"
    assert dishes(turned(full, again, BEFORE))[0].startswith("c01-")
    assert first_there == dishes(again)[0]


def test_bumped_on_a_later_page_the_page_stays(full: Screen) -> None:
    second = turned(full, full.get("/kitchen").text)
    values = re.search(r"hx-target=\"#board\" hx-vals='([^']+)'", second)
    assert values
    begin = re.search(r'"from": "([^"]+)"', html.unescape(values[1]))
    assert begin
    line, *_, last = dishes(second)
    check = line.partition("-")[0]
    form = {"check": check, "line": [line], "status": READY, "from": begin[1]}
    board = full.post("/kitchen/bump", **form).text
    assert line not in dishes(board)
    assert last in dishes(board)
    assert not any(one.startswith("c00-") for one in dishes(board))


def test_when_nothing_follows_any_more_the_oldest_are_shown(full: Screen) -> None:
    page = full.get("/kitchen?from=9999999999999-z-1").text
    assert dishes(page)[0] == "c00-0"
    assert "Nothing to cook" not in page


@pytest.mark.parametrize("query", ["from=nowhere", "from=1-2", "serve=-1", "counts=many"])
def test_what_no_page_of_ours_says_is_a_named_error(kitchen: Screen, query: str) -> None:
    assert kitchen.get(f"/kitchen?{query}").status_code == 400


def test_what_waits_to_be_served_and_the_counts_are_turned_too(full: Screen) -> None:
    assert "另有 350 项" in full.get("/kitchen").text, "fifty of four hundred counts"
    shown = set()
    for begin in range(0, 400, 50):
        page = full.get(f"/kitchen?counts={begin}").text
        assert nodes(page) <= NODES_AIM
        shown |= set(re.findall(r"<b>1</b><span>([^<]+)</span>", page.partition("all-day")[2]))
    assert len(shown) == 400
    for number in range(40):
        lines = tuple(f"c{number:02}-{n}" for n in range(number * EACH, (number + 1) * EACH))
        full.till.desk.run(Bump(f"b{number}", f"c{number:02}", lines, READY), BOSS)
    page = full.get("/kitchen").text
    assert "另有 10 项" in page
    assert page.count('"status": "served"') == 30
    assert full.get("/kitchen?serve=30").text.count('"status": "served"') == 10
    assert max(nodes(one) for one in (page, full.get("/kitchen?view=expo").text)) <= NODES_AIM
