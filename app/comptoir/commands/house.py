"""Running the house: found it, publish its menu and floor, set its people and programs."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from comptoir.commands.desk import MANAGERS, PROGRAM, SECRET, Command, Desk, handles
from comptoir.commands.pins import hash_pin, hash_token
from comptoir.commands.pinyin import menu_with_pinyin
from comptoir.domain import events as ev
from comptoir.domain.errors import AmountRefused
from comptoir.domain.house import ROLES, Area, Card, Staff
from comptoir.domain.menu import Menu
from comptoir.domain.menu_rules import LANGUAGE
from comptoir.domain.records import canonical, dump
from comptoir.journal import Writing

PART_BYTES_MAX = 48 * 1024
HOUSE_NAME_CHARACTERS_MAX = 80
HOUSE_LANGUAGES_MAX = 8
PIN_DIGITS = range(4, 9)
BADGE_CHARACTERS = range(8, 65)
TOKEN_CHARACTERS_MIN = 32


@dataclass(frozen=True, slots=True)
class FoundRestaurant(Command):
    """Found the restaurant on its first terminal, whose card is the first admitted."""

    name: str
    currency: str
    timezone: str
    languages: tuple[str, ...]
    card: Card


@dataclass(frozen=True, slots=True)
class SetHouse(Command):
    """Call the restaurant this, and speak these languages, its own first."""

    name: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublishMenu(Command):
    """Make this the menu; its version is the command's id."""

    menu: Menu


@dataclass(frozen=True, slots=True)
class PublishFloor(Command):
    """Make this the floor plan."""

    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class SetStaff(Command):
    """Add or change a person; what is not said of PIN, badge code and hand stays as it is."""

    staff: str
    name: str
    role: str
    pin: str | None = field(default=None, metadata=SECRET)
    language: str = "en"
    active: bool = True
    badge: str | None = field(default=None, metadata=SECRET)
    left_handed: bool | None = None


@dataclass(frozen=True, slots=True)
class SetClient(Command):
    """Give a program access to the API, or take it away."""

    client: str
    name: str
    role: str
    token: str = field(metadata=SECRET)
    active: bool = True


@handles(FoundRestaurant, PROGRAM)
def found(command: FoundRestaurant, writing: Writing, desk: Desk) -> None:
    """Found the restaurant and admit the founding terminal."""
    del desk
    writing.append(
        ev.RestaurantFounded(command.name, command.currency, command.timezone, command.languages)
    )
    writing.append(ev.TerminalAdmitted(command.card))


@handles(SetHouse, MANAGERS)
def set_house(command: SetHouse, writing: Writing, desk: Desk) -> None:
    """Write the name and the languages."""
    del desk
    name = command.name.strip()[:HOUSE_NAME_CHARACTERS_MAX]
    if not name:
        raise AmountRefused("The house needs a name. Type it.")
    languages = tuple(dict.fromkeys(command.languages))
    if not languages or not all(LANGUAGE.fullmatch(tag) for tag in languages):
        raise AmountRefused("The house speaks one language at least, such as fr or zh-Hans.")
    if len(languages) > HOUSE_LANGUAGES_MAX:
        raise AmountRefused(f"The house speaks at most {HOUSE_LANGUAGES_MAX} languages.")
    writing.append(ev.RestaurantChanged(name, languages))


@handles(PublishMenu, MANAGERS)
def publish_menu(command: PublishMenu, writing: Writing, desk: Desk) -> None:
    """Publish in parts that fit an event; the version counts once all parts are there."""
    del desk
    parts = list(_parts(menu_with_pinyin(command.menu)))
    for number, part in enumerate(parts, 1):
        writing.append(ev.MenuPublished(command.id, number, len(parts), **part))


def _parts(menu: Menu) -> Iterator[dict[str, tuple[Any, ...]]]:
    part: dict[str, tuple[Any, ...]] = {}
    size = 0
    for name in ("taxes", "categories", "groups", "items", "price_lists"):
        for record in getattr(menu, name):
            weight = len(canonical(dump(record)))
            if part and size + weight > PART_BYTES_MAX:
                yield part
                part, size = {}, 0
            part[name] = (*part.get(name, ()), record)
            size += weight
    yield part


@handles(PublishFloor, MANAGERS)
def publish_floor(command: PublishFloor, writing: Writing, desk: Desk) -> None:
    """Publish the floor plan."""
    del desk
    writing.append(ev.FloorPublished(command.areas))


@handles(SetStaff, MANAGERS)
def set_staff(command: SetStaff, writing: Writing, desk: Desk) -> None:
    """Write a person's entry, the PIN as its hash."""
    del desk
    before: Staff = writing.state(f"staff:{command.staff}")
    entry = ev.StaffSet(
        command.staff,
        command.name,
        _role(command.role),
        before.pin_hash,
        command.language,
        command.active,
        before.badge_hash,
        before.left_handed if command.left_handed is None else command.left_handed,
    )
    if command.pin is not None:
        entry = replace(entry, pin_hash=hash_pin(_checked(command.pin)))
    if command.badge is not None:
        entry = replace(entry, badge_hash=hash_pin(_badge(command.badge)) if command.badge else "")
    writing.append(entry)


def _role(role: str) -> str:
    if role not in ROLES:
        raise AmountRefused(f"{role!r} is no role; use {', '.join(ROLES)}.")
    return role


def _badge(code: str) -> str:
    if not (code.isascii() and code.isalnum() and len(code) in BADGE_CHARACTERS):
        raise AmountRefused("A badge code has 8 to 64 letters and digits. Swipe the badge again.")
    return code


def _checked(pin: str) -> str:
    if not (pin.isascii() and pin.isdigit() and len(pin) in PIN_DIGITS):
        raise AmountRefused("A PIN has 4 to 8 digits.")
    return pin


@handles(SetClient, MANAGERS)
def set_client(command: SetClient, writing: Writing, desk: Desk) -> None:
    """Write a client's entry, the token as its hash."""
    del desk
    if len(command.token) < TOKEN_CHARACTERS_MIN:
        raise AmountRefused(f"A token has at least {TOKEN_CHARACTERS_MIN} characters.")
    writing.append(
        ev.ClientSet(
            command.client,
            command.name,
            hash_token(command.token),
            _role(command.role),
            command.active,
        )
    )
