"""Operations on a bill: seats, courses, changes, comps, discounts, transfers, merges, splits."""

from http import HTTPStatus

from comptoir.commands import (
    ChangeLine,
    CompLine,
    FireNext,
    HandCheck,
    Hold,
    MergeChecks,
    MoveCheck,
    SeeChanges,
    SetAllergy,
    SetCourse,
    SetCovers,
    SetDiscount,
    SetSeats,
    SetServiceCharge,
    SplitCheck,
    UndoSplit,
    UnmergeCheck,
)
from comptoir.domain.parts import Plan, Share
from comptoir.web.api import answers
from comptoir.web.api import bill_bodies as bodies
from comptoir.web.api.bodies import Nothing
from comptoir.web.api.caller import command_id
from comptoir.web.api.operation import Registry
from comptoir.web.api.service import on_check

bills = Registry("bills")


@bills.commands("/checks/<check>/covers", answers.Done, body=bodies.Guests)
def set_covers(check: str, body: bodies.Guests) -> answers.Done:
    """Say how many guests there are."""
    return on_check(SetCovers(command_id(), check, body.covers), check)


@bills.commands("/checks/<check>/table", answers.Done, body=bodies.NewTable)
def move_check(check: str, body: bodies.NewTable) -> answers.Done:
    """Take a check to another table."""
    return on_check(MoveCheck(command_id(), check, body.table), check)


@bills.commands("/checks/<check>/server", answers.Done, body=bodies.NewServer)
def hand_check(check: str, body: bodies.NewServer) -> answers.Done:
    """Give a check to another server."""
    return on_check(HandCheck(command_id(), check, body.server), check)


@bills.commands("/checks/<check>/merge", answers.Done, body=bodies.Merged)
def merge_checks(check: str, body: bodies.Merged) -> answers.Done:
    """Let another check be paid with this one."""
    return on_check(MergeChecks(command_id(), check, body.source), check)


@bills.commands("/checks/<check>/unmerge", answers.Done, body=bodies.Unmerged)
def unmerge_check(check: str, body: bodies.Unmerged) -> answers.Done:
    """Let a check of this bill be paid for itself again."""
    return on_check(UnmergeCheck(command_id(), check, body.source), check)


@bills.commands("/checks/<check>/allergies", answers.Done, body=bodies.Allergic)
def set_allergy(check: str, body: bodies.Allergic) -> answers.Done:
    """Say what a seat must not eat, or may after all."""
    command = SetAllergy(command_id(), check, body.seat, body.allergy, body.present)
    return on_check(command, check)


@bills.commands("/checks/<check>/lines/<line>/seats", answers.Done, body=bodies.NewSeats)
def set_seats(check: str, line: str, body: bodies.NewSeats) -> answers.Done:
    """Say which seats a line is for."""
    return on_check(SetSeats(command_id(), check, line, body.seats), check)


@bills.commands("/checks/<check>/course", answers.Done, body=bodies.NewCourse)
def set_course(check: str, body: bodies.NewCourse) -> answers.Done:
    """Put lines in a course."""
    return on_check(SetCourse(command_id(), check, body.lines, body.course), check)


@bills.commands("/checks/<check>/hold", answers.Done, body=bodies.Held)
def hold(check: str, body: bodies.Held) -> answers.Done:
    """Keep lines back from Send, or no longer."""
    return on_check(Hold(command_id(), check, body.lines, body.held), check)


@bills.commands("/checks/<check>/fire-next", answers.Done, body=Nothing)
def fire_next(check: str, body: Nothing) -> answers.Done:
    """Send the first course that has something to send."""
    del body
    return on_check(FireNext(command_id(), check), check)


@bills.commands("/checks/<check>/lines/<line>/change", answers.Done, body=bodies.Changed)
def change_line(check: str, line: str, body: bodies.Changed) -> answers.Done:
    """Make a line another dish; a kitchen that has the old one is told."""
    command = ChangeLine(
        command_id(),
        check,
        line,
        body.item,
        body.qty_milli,
        body.modifiers,
        body.note,
        body.variant,
        body.price,
    )
    return on_check(command, check)


@bills.commands("/checks/<check>/changes/seen", answers.Done, body=bodies.Seen)
def see_changes(check: str, body: bodies.Seen) -> answers.Done:
    """Say that the kitchen has seen changes of dishes that it had."""
    return on_check(SeeChanges(command_id(), check, body.changes), check)


@bills.commands("/checks/<check>/lines/<line>/comp", answers.Done, body=bodies.Comped)
def comp_line(check: str, line: str, body: bodies.Comped) -> answers.Done:
    """Give a line for nothing, or charge it again; a manager does, or approves."""
    return on_check(CompLine(command_id(), check, line, body.reason, body.comped), check)


@bills.commands("/checks/<check>/discount", answers.Done, body=bodies.NewDiscount)
def set_discount(check: str, body: bodies.NewDiscount) -> answers.Done:
    """Discount a line or the whole check; a manager does, or approves."""
    command = SetDiscount(
        command_id(), check, body.line, body.ppm, body.amount, body.name, body.reason
    )
    return on_check(command, check)


@bills.commands("/checks/<check>/service-charge", answers.Done, body=bodies.NewServiceCharge)
def set_service_charge(check: str, body: bodies.NewServiceCharge) -> answers.Done:
    """Say what is added for service."""
    return on_check(SetServiceCharge(command_id(), check, body.ppm, body.name, body.taxes), check)


@bills.commands(
    "/checks/<check>/splits", answers.Done, body=bodies.NewSplit, status=HTTPStatus.CREATED
)
def split_check(check: str, body: bodies.NewSplit) -> answers.Done:
    """Divide a check by items, seats, equal parts or amounts; or divide unpaid parts again."""
    parts = tuple(
        Plan(
            part.id,
            part.name,
            tuple(Share(share.line, share.weight) for share in part.lines),
            part.seats,
            part.weight,
            part.amount,
        )
        for part in body.parts
    )
    return on_check(SplitCheck(command_id(), check, body.split, body.how, parts, body.of), check)


@bills.commands("/checks/<check>/splits/<split>/undo", answers.Done, body=Nothing)
def undo_split(check: str, split: str, body: Nothing) -> answers.Done:
    """Put together what a split divided; not when a part of it is paid."""
    del body
    return on_check(UndoSplit(command_id(), check, split), check)
