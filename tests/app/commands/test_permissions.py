"""T7, D17: every command and every role, as the published table says and as the desk does."""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from comptoir.commands import Actor
from comptoir.commands import desk as desk_module
from comptoir.commands.desk import Command
from comptoir.commands.permissions import Rule, enter, matrix
from comptoir.domain.errors import ApprovalNeeded, NotAllowed
from tests.docs.permissions import ROLES, load_all
from tests.fakes.box import BOSS, Box

load_all()
PAGE = Path("app/docs/permissions.md").read_text(encoding="utf-8")
COMMANDS = {
    command.__name__: command for command in matrix() if command.__module__.startswith("comptoir.")
}


def published() -> Iterator[tuple[str, str, str]]:
    """Yield (command, role, what the page says)."""
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if cells and cells[0].startswith("`"):
            for role, said in zip(ROLES, cells[1:], strict=False):
                yield cells[0].strip("`"), role, said


@pytest.fixture(autouse=True)
def _carried_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every command that gets past the desk succeed: what it needs is not the question."""
    for command in COMMANDS.values():
        monkeypatch.setitem(desk_module._HANDLERS, command, lambda *_: None)


def some(command: type[Command]) -> Any:
    return command(**{field.name: "x" for field in fields(command)})


def outcome(box: Box, command: type[Command], actor: Actor, approver: Actor | None) -> str:
    try:
        box.desk.run(some(command), actor, approver)
    except ApprovalNeeded:
        return "with approval"
    except NotAllowed:
        return "no"
    return "yes"


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_exactly_what_the_page_says(box: Box, role: str) -> None:
    actor = Actor("somebody", role)
    said = {name: what for name, of, what in published() if of == role}
    assert said.keys() == COMMANDS.keys()
    done = {name: outcome(box, command, actor, None) for name, command in COMMANDS.items()}
    assert done == said


@pytest.mark.parametrize("role", ROLES)
def test_an_approval_opens_what_needs_one_and_nothing_else(box: Box, role: str) -> None:
    actor = Actor("somebody", role)
    for name, of, said in published():
        if of == role:
            expected = "yes" if said == "with approval" else said
            assert outcome(box, COMMANDS[name], actor, BOSS) == expected, name


def test_every_command_has_its_row() -> None:
    assert {command.__name__ for command in _below(Command)} == COMMANDS.keys()


def _below(cls: type[Command]) -> Iterator[type[Command]]:
    for command in list(cls.__subclasses__()):
        if command.__module__.startswith("comptoir."):
            yield command
        yield from _below(command)


MONEY = {"IntendPayment", "TakePayment", "RefundPayment", "OpenDrawer", "MoveCash", "CloseDay"}
HOUSE = {"PublishMenu", "PublishFloor", "SetStaff", "SetClient", "AdmitTerminal", "RetireTerminal"}


def test_the_kitchen_never_touches_money_and_only_managers_run_the_house() -> None:
    page = {(name, role): said for name, role, said in published()}
    assert {page[name, "kitchen"] for name in MONEY} == {"no"}
    assert {page[name, role] for name in HOUSE for role in ("waiter", "cashier", "kitchen")} == {
        "no"
    }
    assert {page[name, "manager"] for name in MONEY | HOUSE} == {"yes"}


def test_a_command_has_one_row_only() -> None:
    with pytest.raises(ValueError, match="has a row already"):
        enter(COMMANDS["Fire"], Rule(frozenset()))
