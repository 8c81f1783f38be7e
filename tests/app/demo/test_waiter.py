import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from comptoir.api_client import TillClient
from comptoir.commands import SetClient
from comptoir.commands.desk import SYSTEM_ACTOR
from comptoir.demo import orders, waiter
from comptoir.demo.promises import Promises
from comptoir.demo.waiter import Till, Waiter
from comptoir.domain.house import WAITER
from tests.fakes.till import HostTill

TOKEN = "robot-token-of-at-least-32-characters"
LATER_S = 30.0


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PAUSE_S_MIN", "PAUSE_S_MAX", "LOST_S"):
        monkeypatch.setattr(waiter, name, 0.01)
    for name in ("COOKED_S_MIN", "COOKED_S_MAX"):
        monkeypatch.setattr(orders, name, 0.01)


class TwoTills:
    """A house of two tills that know nothing of each other: the worst a robot can meet."""

    def __init__(self, folder: Path) -> None:
        self.promises = Promises(believe_local=True)
        self.hosts = [HostTill(folder / f"till{n}", safe_wait_ms=0) for n in (1, 2)]
        self._tills = []
        for number, host in enumerate(self.hosts, 1):
            command = SetClient("robots", "robots", "robots", WAITER, TOKEN)
            host.desk.run(command, SYSTEM_ACTOR)
            self._tills.append(Till(f"t{number}", int(host.serve().rpartition(":")[2])))
        client = TillClient(self._tills[0].port, TOKEN)
        self._items = client.get("/api/v1/menu").body["items"]
        client.close()
        self.moves: list[tuple[str, str]] = []
        self.back = False

    def tills(self) -> Sequence[Till]:
        return self._tills

    def items(self) -> Sequence[Mapping[str, Any]]:
        return [item for item in self._items if item["groups"]]

    def tables(self) -> Sequence[tuple[str, str]]:
        return [("hall-1", "1"), ("hall-2", "2")]

    def works(self, terminal: str) -> bool:
        return self.back and terminal == "t1"

    def moved(self, terminal: str, check: str) -> None:
        self.moves.append((terminal, check))

    def facts(self, till: int, check: str) -> set[tuple[str, str]]:
        client = TillClient(self._tills[till].port, TOKEN)
        answer = client.get(f"{orders.CHECKS}/{check}")
        client.close()
        return orders.held(answer.body) if answer.ok else set()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[TwoTills]:
    house = TwoTills(tmp_path)
    yield house
    for host in house.hosts:
        host.stop()


@pytest.fixture
def idle(house: TwoTills) -> Iterator[Waiter]:
    robot = Waiter("Mei", house, TOKEN, 0)
    yield robot
    robot.stop()
    robot.join()


@pytest.fixture
def robot(idle: Waiter) -> Waiter:
    idle.start()
    return idle


def wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + LATER_S
    while not what():
        assert time.monotonic() < until, "not in time"
        time.sleep(0.02)


def test_a_robot_serves_tables_to_the_last_cent(house: TwoTills, robot: Waiter) -> None:
    wait_for(lambda: house.promises.acknowledged > 30)
    robot.stop()
    robot.join()
    assert robot.refused == 0
    for check in house.promises.checks():
        assert house.promises.of(check) <= house.facts(0, check)
    paid = [c for c in house.promises.checks() if any(k == "taken" for k, _ in house.facts(0, c))]
    assert paid


def test_a_robot_whose_till_died_tells_the_next_one_everything(
    house: TwoTills, robot: Waiter
) -> None:
    wait_for(lambda: house.promises.acknowledged > 10)
    house.hosts[0].stop()
    wait_for(lambda: len(set(house.moves)) >= 2)
    robot.stop()
    robot.join()
    assert {terminal for terminal, _ in house.moves} == {"t1"}
    for _, check in house.moves:
        assert house.promises.of(check) <= house.facts(1, check)
    house.hosts.pop(0)


def test_a_robot_goes_home_when_its_till_works_again(house: TwoTills, idle: Waiter) -> None:
    idle._go(1)
    idle.start()
    wait_for(lambda: house.promises.acknowledged > 3)
    assert idle.at == "t2"
    house.back = True
    wait_for(lambda: idle.at == "t1")
