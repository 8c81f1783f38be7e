"""Moving a check: to another table, to another server, together with another one."""

from collections.abc import Callable

from flask import render_template
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import (
    Command,
    HandCheck,
    MergeChecks,
    MoveCheck,
    UnmergeCheck,
    queries,
)
from comptoir.domain.house import NO_GUESTS, Table
from comptoir.web.access import carry_out, command_id, field
from comptoir.web.screens.floor import go
from comptoir.web.screens.workplace import check_of, workplace
from comptoir.web.services import services

blueprint = workplace("moving", __name__)


def tables() -> dict[str, Table]:
    """Return the tables of the plan by id."""
    return {one.table.id: one.table for one in queries.floor(services().journal)}


@blueprint.get("/checks/<name>/move")
def ask_table(name: str) -> str:
    """Ask for a table: each with what stands on it."""
    areas: dict[str, list[queries.TableNow]] = {}
    for one in queries.floor(services().journal):
        areas.setdefault(one.area.name, []).append(one)
    return render_template("check/move.html", check=check_of(name), areas=areas)


@blueprint.get("/checks/<name>/hand")
def ask_server(name: str) -> str:
    """Ask for a server."""
    people = [one for one in queries.staff(services().journal) if one.role not in NO_GUESTS]
    return render_template("check/hand.html", check=check_of(name), people=people)


@blueprint.get("/checks/<name>/merge")
def ask_check(name: str) -> str:
    """Ask for the check that is paid with this one; of the same table first."""
    check = check_of(name)
    others = [one for one in queries.open_checks(services().journal) if one.id != check.id]
    others.sort(key=lambda one: one.table != check.table)
    return render_template("check/merge.html", check=check, others=others, tables=tables())


@blueprint.get("/checks/<name>/unmerge")
def ask_member(name: str) -> str:
    """Ask which check is taken off the bill."""
    return render_template("check/unmerge.html", check=check_of(name), tables=tables())


def _carry_out(name: str, made: Callable[[str], Command]) -> AnyResponse:
    carry_out(made(command_id()))
    return go(f"/checks/{name}")


@blueprint.post("/checks/<name>/move")
def move(name: str) -> AnyResponse:
    """Take it to another table; to none, it stands among the take-aways."""
    return _carry_out(name, lambda command: MoveCheck(command, name, field("table", "")))


@blueprint.post("/checks/<name>/hand")
def hand(name: str) -> AnyResponse:
    """Give it to another server."""
    return _carry_out(name, lambda command: HandCheck(command, name, field("server")))


@blueprint.post("/checks/<name>/merge")
def merge(name: str) -> AnyResponse:
    """Put another check on this bill."""
    return _carry_out(name, lambda command: MergeChecks(command, name, field("source")))


@blueprint.post("/checks/<name>/unmerge")
def unmerge(name: str) -> AnyResponse:
    """Take a check off this bill again."""
    return _carry_out(name, lambda command: UnmergeCheck(command, name, field("source")))
