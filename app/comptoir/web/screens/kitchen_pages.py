"""The kitchen's board in pages: a screen carries so much and no more, however much waits.

The first page begins with the oldest ticket. A later one begins with the ticket that it began with
when somebody turned to it: what is bumped before it moves nothing on it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from comptoir.web.access import FieldRefused
from comptoir.web.screens.kitchen_tickets import Ticket
from comptoir.web.screens.rows import Row

NODES_MAX = 900  # of the tickets; the page has 1,500 with its frame and its lists
PIECE_NODES_MAX = 400
TICKET_NODES, ROW_NODES, CHANGE_NODES, SEEN_NODES = 14, 9, 2, 4
MARK = re.compile(r"(\d{1,15})-([\w.:-]{1,64})-(\d{1,4})")
Place = tuple[int, str, int]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """The tickets that are shown; ``before`` and ``after`` count those that are not.

    ``back`` and ``on`` are where the pages beside it begin; an empty ``back`` is the first page.
    """

    tickets: tuple[Ticket, ...]
    before: int = 0
    after: int = 0
    back: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """A part of a list; ``more`` are not shown, ``on`` is where the next part begins."""

    shown: Sequence[T]
    more: int
    on: int


def part(found: Sequence[T], begin: int, size: int) -> Part[T]:
    """Return a part of a list; after the last one comes the first."""
    first = begin if begin < len(found) else 0
    shown = found[first : first + size]
    end = first + len(shown)
    return Part(shown, len(found) - len(shown), end if end < len(found) else 0)


def page(found: Sequence[Ticket], begin: str) -> Page:
    """Return the page that begins at a ticket, or where it was; the first when nothing follows."""
    pieces = [piece for ticket in found for piece in _pieces(ticket)]
    wanted = _place(begin)
    places = [_of(piece) for piece in pieces]
    first = next((i for i, one in enumerate(places) if one >= wanted), 0)
    last = first + _fitting(pieces[first:])
    back = first - _fitting(pieces[:first][::-1])
    return Page(
        tuple(pieces[first:last]),
        first,
        len(pieces) - last,
        _mark(pieces[back]) if back else "",
        _mark(pieces[last]) if last < len(pieces) else "",
    )


def _pieces(ticket: Ticket) -> Iterator[Ticket]:
    """Yield a ticket, or its pieces when it is too long for a page."""
    chunks: list[list[Row]] = [[]]
    room = PIECE_NODES_MAX
    for row in ticket.rows:
        nodes = _row_nodes(ticket, row)
        if nodes > room and chunks[-1]:
            chunks.append([])
            room = PIECE_NODES_MAX
        room -= nodes
        chunks[-1].append(row)
    for number, rows in enumerate(chunks, 1):
        piece = replace(ticket, rows=tuple(rows), piece=number, pieces=len(chunks))
        if len(chunks) == 1 or piece.todo or not ticket.todo:
            yield piece


def _fitting(pieces: Sequence[Ticket]) -> int:
    """Return how many of these a page has room for; one at least."""
    room = NODES_MAX
    for count, piece in enumerate(pieces):
        room -= TICKET_NODES + sum(_row_nodes(piece, row) for row in piece.rows)
        if room < 0:
            return max(1, count)
    return len(pieces)


def _row_nodes(ticket: Ticket, row: Row) -> int:
    """Return how many nodes a dish takes at most, as ``kitchen/board.html`` draws it."""
    line = row.line
    changes = len(line.unseen) * CHANGE_NODES + (SEEN_NODES if line.unseen else 0)
    return ROW_NODES + len(line.modifiers) + changes + len(ticket.check.allergies_of(line))


def _of(piece: Ticket) -> Place:
    return piece.fired_ms, piece.check.id, piece.piece


def _mark(piece: Ticket) -> str:
    return "-".join(map(str, _of(piece)))


def _place(mark: str) -> Place:
    """Return where a page begins; raises FieldRefused for what no page of ours says."""
    if not mark:
        return 0, "", 0
    match = MARK.fullmatch(mark)
    if match is None:
        raise FieldRefused("from")
    return int(match[1]), match[2], int(match[3])
