"""What screens ask: read models over the projections, never a write."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comptoir.commands.pins import pin_fits, token_fits
from comptoir.domain.check import FIRED, Check, Line
from comptoir.domain.courses import Courses
from comptoir.domain.errors import CheckNotFound
from comptoir.domain.house import Area, Client, Floor, Restaurant, Staff, Table, Terminal
from comptoir.domain.menu import Item, Menu
from comptoir.domain.merged import united
from comptoir.domain.printing import Printing
from comptoir.domain.terms import HouseTerms
from comptoir.journal import Journal

FOUND_MAX = 50


@dataclass(frozen=True, slots=True)
class TableNow:
    """A table and the open checks on it."""

    area: Area
    table: Table
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class KitchenCard:
    """A check as the kitchen sees it: what was fired and is not ready."""

    check: Check
    lines: tuple[Line, ...]

    @property
    def since_ms(self) -> int:
        """Return when the oldest of its lines was fired."""
        return min(line.fired_ms for line in self.lines)


def restaurant(journal: Journal) -> Restaurant:
    """Return the restaurant; its id is empty before it was founded."""
    found: Restaurant = journal.state("restaurant:it")
    return found


def menu(journal: Journal) -> Menu:
    """Return the menu in force."""
    found: Menu = journal.state("menu:it")
    return found


def courses(journal: Journal) -> Courses:
    """Return what the house calls its courses."""
    found: Courses = journal.state("courses:it")
    return found


def terms(journal: Journal) -> HouseTerms:
    """Return how checks are priced."""
    state: HouseTerms = journal.state("terms:it")
    return state


def printing(journal: Journal) -> Printing:
    """Return the printers and stations in force."""
    found: Printing = journal.state("printing:it")
    return found


def check(journal: Journal, name: str, fresh: Mapping[str, Any] | None = None) -> Check:
    """Return a check, or the bill that it is paid with; raises CheckNotFound.

    ``fresh`` are states that a command has just told, to be believed without asking.
    """
    found: Check = (fresh or {}).get(f"check:{name}") or journal.state(f"check:{name}")
    if not found.number:
        raise CheckNotFound(name)
    return united(found, functools.partial(_check, journal, fresh or {}))


def _check(journal: Journal, fresh: Mapping[str, Any], name: str) -> Check:
    found: Check = fresh.get(f"check:{name}") or journal.state(f"check:{name}")
    return found


def open_checks(journal: Journal) -> list[Check]:
    """Return the bills that somebody still has to deal with, oldest first."""
    found: list[Check] = journal.states("check", active=True)
    find = functools.partial(_check, journal, {})
    bills = {bill.id: bill for bill in (united(one, find) for one in found) if bill.number}
    return sorted(bills.values(), key=lambda bill: (bill.opened_ms, bill.id))


def floor(journal: Journal) -> list[TableNow]:
    """Return every table with its open checks, in the order of the plan."""
    plan: Floor = journal.state("floor:it")
    by_table: dict[str, list[Check]] = {}
    for one in open_checks(journal):
        by_table.setdefault(one.table, []).append(one)
    return [
        TableNow(area, table, tuple(by_table.get(table.id, ())))
        for area in plan.areas
        for table in area.tables
    ]


def kitchen_cards(journal: Journal, station: str = "") -> list[KitchenCard]:
    """Return what the kitchen has to cook, oldest first; of one station, or of all."""
    cards = []
    for one in open_checks(journal):
        lines = tuple(
            line
            for line in one.live_lines
            if line.status == FIRED and station in {"", line.station}
        )
        if lines:
            cards.append(KitchenCard(one, lines))
    return sorted(cards, key=lambda card: (card.since_ms, card.check.id))


def staff(journal: Journal) -> list[Staff]:
    """Return the people who may sign in, by name."""
    people: list[Staff] = journal.states("staff")
    return sorted((p for p in people if p.active and p.pin_hash), key=lambda p: (p.name, p.id))


def staff_by_pin(journal: Journal, pin: str, only: str = "") -> Staff | None:
    """Return the person with this PIN; ``only`` names the one who says it is theirs."""
    for person in staff(journal):
        if only in {"", person.id} and pin_fits(person.pin_hash, pin):
            return person
    return None


def staff_by_badge(journal: Journal, code: str) -> Staff | None:
    """Return the person whose badge has this code."""
    people: list[Staff] = journal.states("staff")
    for person in people:
        if person.active and person.badge_hash and pin_fits(person.badge_hash, code):
            return person
    return None


def client_by_token(journal: Journal, token: str) -> Client | None:
    """Return the program that holds this token."""
    clients: list[Client] = journal.states("client")
    for client in clients:
        if client.active and token_fits(client.token_hash, token):
            return client
    return None


def terminals(journal: Journal) -> list[Terminal]:
    """Return the terminals that were ever admitted, by id."""
    found: list[Terminal] = journal.states("terminal")
    return [terminal for terminal in found if terminal.card is not None]


def search(journal: Journal, text: str, limit: int = FOUND_MAX) -> list[Item]:
    """Return items by barcode, dish number, pinyin, or the beginning of words of their names."""
    return menu(journal).search(text, limit)
