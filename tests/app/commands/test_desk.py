"""T7, D6: the desk lets a role do what the matrix says, and a manager approve one command."""

from dataclasses import dataclass

import pytest

from comptoir.commands import Actor, OpenCheck, SetClient, SetStaff
from comptoir.commands.desk import SERVICE, Command, Desk, handles, need_manager
from comptoir.commands.permissions import MANAGERS, matrix
from comptoir.domain import events as ev
from comptoir.domain.errors import AmountRefused, ApprovalNeeded, CommandIdReused, NotAllowed
from comptoir.domain.house import MANAGER, WAITER
from comptoir.journal import Writing
from tests.fakes.box import BOSS, Box

ANNA = Actor("anna", WAITER)
MEI = Actor("mei", MANAGER)


@dataclass(frozen=True, slots=True)
class Refloor(Command):
    """A command that a waiter may ask for once a manager approves."""


@dataclass(frozen=True, slots=True)
class Sometimes(Command):
    """A command whose handler asks for a manager."""


@pytest.fixture(scope="module", autouse=True)
def rows() -> object:
    """Enter two rows, and take them out again: other tests look at the whole table."""

    @handles(Refloor, MANAGERS, SERVICE - MANAGERS)
    def refloor(command: Refloor, writing: Writing, desk: Desk) -> None:
        del command, desk
        writing.append(ev.FloorPublished(()))

    @handles(Sometimes, SERVICE)
    def sometimes(command: Sometimes, writing: Writing, desk: Desk) -> None:
        del command, desk
        need_manager(writing, "Voiding a sent line")
        writing.append(ev.FloorPublished(()))

    yield
    for command in (Refloor, Sometimes):
        del matrix()[command]  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", [Refloor, Sometimes])
def test_a_managers_pin_approves_one_command_and_the_envelope_says_whose(
    box: Box, kind: type[Command]
) -> None:
    with pytest.raises(ApprovalNeeded, match="manager"):
        box.desk.run(kind("k1"), ANNA)
    assert box.journal.position() == 0
    (event,) = box.desk.run(kind("k1"), ANNA, BOSS).events
    assert (event.envelope.actor, event.envelope.approver) == ("anna", "boss")
    with pytest.raises(ApprovalNeeded):
        box.desk.run(kind("k2"), ANNA)


@pytest.mark.parametrize("kind", [Refloor, Sometimes])
def test_a_manager_needs_nobody(box: Box, kind: type[Command]) -> None:
    (event,) = box.desk.run(kind("k1"), BOSS).events
    assert event.envelope.approver is None


@pytest.mark.parametrize("approver", [ANNA, Actor("bob", WAITER)])
def test_who_is_no_manager_approves_nothing(box: Box, approver: Actor) -> None:
    with pytest.raises(NotAllowed):
        box.desk.run(Refloor("k1"), ANNA, approver)


def test_nobody_approves_their_own_command(box: Box) -> None:
    """D25."""
    with pytest.raises(NotAllowed):
        box.desk.run(Refloor("k1"), MEI, MEI)


def test_an_id_used_again_for_something_else_is_refused(box: Box) -> None:
    box.desk.run(SetStaff("k1", "anna", "Anna", WAITER, "4711"), BOSS)
    assert box.desk.run(SetStaff("k1", "anna", "Anna", WAITER, "4711"), BOSS).replayed
    with pytest.raises(CommandIdReused):
        box.desk.run(SetStaff("k1", "anna", "Anna", MANAGER, "4711"), BOSS)
    with pytest.raises(CommandIdReused):
        box.desk.run(OpenCheck("k1", "c"), BOSS)


def test_the_mark_of_a_command_gives_no_pin_away(box: Box) -> None:
    marks = {
        box.desk.run(SetStaff("k1", "anna", "Anna", WAITER, pin), BOSS).events[0].envelope.asked
        for pin in ("4711", "4712")
    }
    assert len(marks) == 1


@pytest.mark.parametrize("role", ["system", "root", ""])
def test_nobody_is_given_the_role_of_the_programs(box: Box, role: str) -> None:
    with pytest.raises(AmountRefused, match="no role"):
        box.desk.run(SetClient("k1", "web", "Web", role, "t" * 40), BOSS)
    with pytest.raises(AmountRefused, match="no role"):
        box.desk.run(SetStaff("k2", "ann", "Ann", role), BOSS)


@pytest.mark.parametrize("code", ["short", "x" * 65, "with space!", "é" * 10])
def test_what_no_reader_sends_is_no_badge(box: Box, code: str) -> None:
    with pytest.raises(AmountRefused, match="badge"):
        box.desk.run(SetStaff("k1", "ann", "Ann", WAITER, badge=code), BOSS)


def test_d17_every_change_of_rights_is_a_fact_that_says_whose_it_was(box: Box) -> None:
    for command in (
        SetStaff("k1", "anna", "Anna", WAITER, "4711"),
        SetStaff("k2", "anna", "Anna", MANAGER),
        SetStaff("k3", "anna", "Anna", MANAGER, active=False),
        SetClient("k4", "web", "Web", WAITER, "t" * 40),
        SetClient("k5", "web", "Web", MANAGER, "t" * 40),
    ):
        box.desk.run(command, MEI)
    told = [
        (event.envelope.actor, event.body.role, event.body.active)
        for name in ("staff:anna", "client:web")
        for event in box.journal.events(name)
        if isinstance(event.body, ev.StaffSet | ev.ClientSet)
    ]
    assert told == [
        ("mei", WAITER, True), ("mei", MANAGER, True), ("mei", MANAGER, False),
        ("mei", WAITER, True), ("mei", MANAGER, True),
    ]  # fmt: skip
    with pytest.raises(NotAllowed):
        box.desk.run(SetStaff("k6", "anna", "Anna", MANAGER), ANNA)


def test_t7_every_event_of_a_command_says_who_gave_it(box: Box) -> None:
    box.desk.run(SetStaff("k1", "anna", "Anna", WAITER, "4711"), MEI)
    box.desk.run(OpenCheck("k2", "c"), ANNA)
    with pytest.raises(NotAllowed, match="nobody"):
        box.desk.run(OpenCheck("k3", "d"), Actor("", WAITER))
    found = [
        event.envelope.actor
        for name in ("staff:anna", "check:c")
        for event in box.journal.events(name)
    ]
    assert found == ["mei", "anna"]
