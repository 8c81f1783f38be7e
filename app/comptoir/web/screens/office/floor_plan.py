"""The floor editor: rooms and tables put in their places by touch, then published as one event."""

import json
import re
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import PublishFloor
from comptoir.domain import events as ev
from comptoir.domain.house import FLOOR_COLUMNS, FLOOR_ROWS, NOWHERE, Area, Floor, Table
from comptoir.web.access import carry_out, command_id
from comptoir.web.own_screen import at_the_till
from comptoir.web.screens.floor import go
from comptoir.web.screens.manager.door import managers
from comptoir.web.screens.office.forms import FormRefused
from comptoir.web.services import services

blueprint = managers("office_floor", __name__)
ID = re.compile(r"[\w.-]{1,64}")
PLAN_BYTES_MAX = 256 * 1024
AREAS_MAX, TABLES_MAX, SEATS_MAX = 20, 400, 60
LABEL_CHARACTERS_MAX, NAME_CHARACTERS_MAX = 12, 40


@blueprint.get("/office/floor")
def show() -> str:
    """Show every room as a grid; tables without a place get the next free one."""
    plan: Floor = services().journal.state("floor:it")
    return render_template(
        "office/floor.html",
        here="floor",
        areas=[_placed(area) for area in plan.areas],
        columns=FLOOR_COLUMNS,
        rows=FLOOR_ROWS,
        seats=SEATS_MAX,
        before=len(_published()) > 1,
        done="done" in request.args,
        kiosk=at_the_till(),
    )


def _placed(area: Area) -> dict[str, Any]:
    taken = {(table.x, table.y): table for table in area.tables if table.x != NOWHERE}
    cells = [(x, y) for y in range(FLOOR_ROWS) for x in range(FLOOR_COLUMNS)]
    free = (cell for cell in cells if cell not in taken)
    for table in area.tables:
        if taken.get((table.x, table.y)) is not table and (cell := next(free, None)):
            taken[cell] = table
    return {"id": area.id, "name": area.name, "cells": [(cell, taken.get(cell)) for cell in cells]}


def _published() -> list[ev.FloorPublished]:
    events = services().journal.events("floor:it")
    return [event.body for event in events if isinstance(event.body, ev.FloorPublished)]


@blueprint.post("/office/floor")
def publish() -> AnyResponse:
    """Publish the plan as it stands on the page."""
    request.max_form_memory_size = PLAN_BYTES_MAX
    carry_out(PublishFloor(command_id(), _plan(request.form.get("plan", ""))))
    return go("/office/floor?done=1")


@blueprint.post("/office/floor/undo")
def undo() -> AnyResponse:
    """Publish the plan from before."""
    plans = _published()
    if len(plans) > 1:
        carry_out(PublishFloor(command_id(), plans[-2].areas))
    return go("/office/floor")


def _plan(said: str) -> tuple[Area, ...]:
    """Return the areas of a page's plan; raises FormRefused for what no page of ours says."""
    try:
        found = json.loads(said)
        areas = tuple(_area(area) for area in found) if isinstance(found, list) else ()
    except (ValueError, TypeError, KeyError, AttributeError):
        raise FormRefused("The plan could not be read. Reload the page.") from None
    if not areas:
        raise FormRefused("A floor has one room at least. Add one.")
    tables = [table for area in areas for table in area.tables]
    for what, found, most in (("rooms", areas, AREAS_MAX), ("tables", tables, TABLES_MAX)):
        if len(found) > most or len({one.id for one in found}) != len(found):
            raise FormRefused(f"There are at most {most} {what}, each once. Reload the page.")
    labels = [table.label for table in tables]
    twice = next((label for label in labels if labels.count(label) > 1), None)
    if twice is not None:
        raise FormRefused(f"Two tables are called {twice}. Give each its own name.")
    return areas


def _area(said: dict[str, Any]) -> Area:
    name = str(said["name"]).strip()[:NAME_CHARACTERS_MAX]
    if not name:
        raise FormRefused("A room has no name. Give it one.")
    return Area(_id(said["id"]), name, tuple(_table(table) for table in said["tables"]))


def _table(said: dict[str, Any]) -> Table:
    label = str(said["label"]).strip()[:LABEL_CHARACTERS_MAX]
    if not label:
        raise FormRefused("A table has no name. Give it one.")
    x, y, seats = int(said["x"]), int(said["y"]), int(said["seats"])
    if not (0 <= x < FLOOR_COLUMNS and 0 <= y < FLOOR_ROWS and 1 <= seats <= SEATS_MAX):
        raise FormRefused(f"Table {label} stands nowhere, or its seats are not 1 to {SEATS_MAX}.")
    return Table(_id(said["id"]), label, seats, x, y)


def _id(said: object) -> str:
    name = str(said)
    if not ID.fullmatch(name):
        raise FormRefused("The plan could not be read. Reload the page.")
    return name
