"""Reads the back office's forms: every field into a value, or a refusal that names the field."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from flask import request

from comptoir.commands.menu_cells import BadCell, clock, milli, pairs, quantity, share
from comptoir.commands.menu_cells import percent as percent_text
from comptoir.domain import money
from comptoir.domain.errors import DomainError
from comptoir.web.access import house

TEXT_CHARACTERS_MAX = 200
ROWS_MAX = 60
WHOLE_MILLI = 1000
ID_CHARACTERS_MAX = 32
__all__ = ["percent_text", "quantity"]


class FormRefused(DomainError):
    """Something typed that is no price, no time, no number."""

    code = "form-refused"
    status = 422


def text(name: str, default: str = "") -> str:
    """Return what was typed, without the spaces around it."""
    return request.form.get(name, default).strip()[:TEXT_CHARACTERS_MAX]


def ticked(name: str) -> tuple[str, ...]:
    """Return the chosen values of a field, in the page's order."""
    return tuple(dict.fromkeys(one for one in request.form.getlist(name) if one))


def languages(*more: Iterable[str]) -> list[str]:
    """Return the languages that a record's names are asked for in."""
    return list(dict.fromkeys([*house().languages, *(tag for tags in more for tag in tags)]))


def names(prefix: str) -> dict[str, str]:
    """Return the names that were typed, by language."""
    found = {}
    for field in request.form:
        if field.startswith(f"{prefix}:") and (typed := text(field)):
            found[field.removeprefix(f"{prefix}:")] = typed
    return found


def amount(name: str, label: str, *, empty: int = 0) -> int:
    """Return an amount in minor units; ``-`` before it takes off."""
    typed = text(name)
    if not typed:
        return empty
    sign = -1 if typed.startswith(("-", "−")) else 1
    try:
        return sign * money.parse(typed.lstrip("-− "), house().currency)
    except ValueError as error:
        raise FormRefused(f"{label}: {error}.") from None


def whole(name: str, label: str, default: int = 0) -> int:
    """Return a whole number."""
    typed = text(name)
    if not typed:
        return default
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        raise FormRefused(f"{label}: {typed!r} is not a whole number.")
    return int(typed)


def percentage(name: str, label: str) -> int:
    """Return a percentage in parts per million."""
    try:
        return share(text(name)) if text(name) else 0
    except BadCell as error:
        raise FormRefused(f"{label}: {error}.") from None


def portion(name: str, label: str) -> int:
    """Return a share of a dish in thousandths, a whole one when nothing is typed."""
    try:
        return milli(text(name)) if text(name) else WHOLE_MILLI
    except BadCell as error:
        raise FormRefused(f"{label}: {error}.") from None


def options(name: str, label: str) -> dict[str, str]:
    """Return the values on the axes of a form: ``size=L; colour=red``."""
    try:
        return pairs(text(name), "=")
    except BadCell as error:
        raise FormRefused(f"{label}: {error}.") from None


def options_text(found: Mapping[str, str]) -> str:
    """Return options as they are typed."""
    return "; ".join(f"{axis}={value}" for axis, value in found.items())


def minute(name: str, label: str) -> int:
    """Return a time of day in minutes since midnight."""
    try:
        return clock(text(name))
    except BadCell as error:
        raise FormRefused(f"{label}: {error}.") from None


def plain(amount_minor: int) -> str:
    """Return an amount as it is typed."""
    return money.plain(amount_minor, house().currency)


def rows(prefix: str) -> Iterator[str]:
    """Yield the beginning of the field names of each row that has something in it."""
    for number in range(ROWS_MAX):
        row = f"{prefix}-{number}"
        if any(field.startswith(f"{row}-") and text(field) for field in request.form):
            yield row


def fresh_name(typed: Iterable[str], taken: Iterable[str]) -> str:
    """Return an id made of a name, and of a number when it is taken."""
    known = set(taken)
    for name in typed:
        flat = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        slug = re.sub(r"[^a-z0-9]+", "-", flat).strip("-")[:ID_CHARACTERS_MAX].rstrip("-")
        if slug:
            break
    else:
        slug = "new"
    numbered = (f"{slug}-{number}" for number in range(2, len(known) + 3))
    return slug if slug not in known else next(one for one in numbered if one not in known)
