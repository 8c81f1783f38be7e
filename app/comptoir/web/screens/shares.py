"""Who pays for what, as taps on a table of pieces and guests; and the parts that come of it.

A line of four beers is four pieces. A piece may be several guests': they share it. What is nobody's
is the rest's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comptoir.domain.check import Check
from comptoir.domain.menu import Modifier, Names
from comptoir.domain.parts import WHOLE, Plan, Share
from comptoir.domain.pricing import PricedLine

GUESTS_MAX = 8
PIECES_MAX = 12
WHOLE_PIECE = 840
"""Divides by every number of guests up to GUESTS_MAX."""
UNIT_MILLI = 1000
Taps = dict[tuple[str, int], set[int]]


@dataclass(frozen=True, slots=True)
class Piece:
    """One row of the table: a line, or one unit of it."""

    line: str
    unit: int
    names: Names
    modifiers: tuple[Modifier, ...]
    qty_milli: int
    seats: tuple[int, ...]


def pieces(check: Check, of: Sequence[str]) -> list[Piece]:
    """Return what is to be divided: of the whole check, or of these parts of it."""
    lines = {line.id: line for line in check.live_lines}
    quantities: dict[str, int] = {}
    for content in contents(check, of):
        quantities[content.id] = quantities.get(content.id, 0) + content.qty_milli
    found = []
    for name, qty_milli in quantities.items():
        if name not in lines or not qty_milli:
            continue
        units, line = units_of(qty_milli), lines[name]
        each = qty_milli // units
        found += [
            Piece(name, unit, line.names, line.modifiers, each, line.seats) for unit in range(units)
        ]
    return found


def contents(check: Check, of: Sequence[str]) -> Iterable[PricedLine]:
    """Return the priced lines of parts, of the whole check when none is named."""
    if not of:
        return check.priced.lines
    return (piece for name in of for piece in check.part(name).priced.lines)


def units_of(qty_milli: int) -> int:
    """Return into how many pieces a quantity falls; what is weighed or many stays in one."""
    units, rest = divmod(qty_milli, UNIT_MILLI)
    return units if not rest and 0 < units <= PIECES_MAX else 1


def plans(
    table: Sequence[Piece], taps: Taps, ids: Sequence[str], labels: Sequence[str]
) -> tuple[Plan, ...]:
    """Return the parts: one per guest who has something, then the rest where it must be said."""
    weights: list[dict[str, int]] = [{} for _ in labels]
    left: dict[str, int] = {}
    for piece in table:
        guests = sorted(taps.get((piece.line, piece.unit), ()))
        for guest in guests:
            mine = weights[guest]
            mine[piece.line] = mine.get(piece.line, 0) + WHOLE_PIECE // len(guests)
        if not guests:
            left[piece.line] = left.get(piece.line, 0) + WHOLE_PIECE
    found = [
        Plan(name, label, _shares(mine))
        for name, label, mine in zip(ids, labels, weights, strict=False)
        if mine
    ]
    if left and (len(found) == 1 or any(line in mine for line in left for mine in weights)):
        found.append(Plan(ids[len(labels)], WHOLE, _shares(left)))
    return tuple(found)


def _shares(weights: dict[str, int]) -> tuple[Share, ...]:
    return tuple(Share(line, weight) for line, weight in weights.items())
