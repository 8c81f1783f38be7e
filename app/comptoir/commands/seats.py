"""Who sits where: how many guests, which seats a line is for, what a seat must not eat."""

from dataclasses import dataclass

from comptoir.commands.bills import known, line_of, unpaid
from comptoir.commands.desk import SERVICE, Command, Desk, handles
from comptoir.domain import events as ev
from comptoir.domain.errors import AmountRefused
from comptoir.journal import Writing

SEATS_MAX = 99
COVERS_MAX = 999
ALLERGY_CHARACTERS_MAX = 60


@dataclass(frozen=True, slots=True)
class SetCovers(Command):
    """Say how many guests there are."""

    check: str
    covers: int


@dataclass(frozen=True, slots=True)
class SetSeats(Command):
    """Say which seats a line is for; none: the whole table."""

    check: str
    line: str
    seats: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SetAllergy(Command):
    """Say what a seat must not eat, or may after all; seat 0 is the whole table."""

    check: str
    seat: int
    allergy: str
    present: bool = True


def seats_of(seats: tuple[int, ...]) -> tuple[int, ...]:
    """Return seats in order, each once; raises AmountRefused."""
    if not all(0 < seat <= SEATS_MAX for seat in seats):
        raise AmountRefused(f"Seats are numbered from 1 to {SEATS_MAX}.")
    return tuple(sorted(set(seats)))


@handles(SetCovers, SERVICE)
def set_covers(command: SetCovers, writing: Writing, desk: Desk) -> None:
    """Write how many guests there are."""
    del desk
    known(writing, command.check)
    if not 0 <= command.covers <= COVERS_MAX:
        raise AmountRefused(f"Covers are between 0 and {COVERS_MAX}.")
    writing.append(ev.CoversSet(command.check, command.covers))


@handles(SetSeats, SERVICE)
def set_seats(command: SetSeats, writing: Writing, desk: Desk) -> None:
    """Give a line, or all dishes of a set meal, to seats."""
    del desk
    check = unpaid(writing, command.check)
    seats = seats_of(command.seats)
    for line in check.together(line_of(check, command.line)):
        writing.append(ev.LineSeatsSet(check.owner(line.id), line.id, seats))


@handles(SetAllergy, SERVICE)
def set_allergy(command: SetAllergy, writing: Writing, desk: Desk) -> None:
    """Write what must not be eaten."""
    del desk
    known(writing, command.check)
    allergy = command.allergy.strip()[:ALLERGY_CHARACTERS_MAX]
    if not allergy or not 0 <= command.seat <= SEATS_MAX:
        raise AmountRefused(f"Say the allergy, and a seat from 0 (all) to {SEATS_MAX}.")
    writing.append(ev.AllergySet(command.check, command.seat, allergy, command.present))
