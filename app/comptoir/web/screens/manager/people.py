"""What keys of figures are called: people, tenders, reasons, hours, dishes."""

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from comptoir.commands.sales import Slice
from comptoir.domain import sales
from comptoir.domain.house import Staff
from comptoir.domain.menu import EAT_IN, TAKE_AWAY
from comptoir.web.labels import LABELS, called, spoken
from comptoir.web.services import services


def names() -> dict[str, str]:
    """Return everybody's name, also of who left."""
    people: list[Staff] = services().journal.states("staff")
    return {person.id: person.name or person.id for person in people}


def tables() -> dict[str, str]:
    """Return what the tables are called."""
    plan = services().journal.state("floor:it")
    return {table.id: table.label for area in plan.areas for table in area.tables}


def label(cut: str, one: Slice, people: dict[str, str]) -> str:
    """Return what a slice is called on the screen."""
    if one.key in {"", sales.NO_REASON}:
        return str(_("Not said"))
    if one.names:
        return spoken(one.names)
    kind, _dash, way = cut.partition("-")
    named = _NAMED.get(f"-{way}" if way else cut)
    if named is not None:
        return named(one.key, people)
    known = kind in sales.LOSSES and one.key in LABELS["void"]
    return called(one.key, "void") if known else one.key


def _person(key: str, people: dict[str, str]) -> str:
    return people.get(key, key)


def _hour(key: str, _people: dict[str, str]) -> str:
    return str(_("%(hour)s h", hour=key))


def _order_type(key: str, _people: dict[str, str]) -> str:
    return str({EAT_IN: _("Eat in"), TAKE_AWAY: _("Take-away")}.get(key, key))


_NAMED: Mapping[str, Callable[[str, dict[str, str]], str]] = {
    sales.SERVER: _person,
    sales.TIP: _person,
    f"-{sales.BY}": _person,
    f"-{sales.APPROVED}": _person,
    sales.HOUR: _hour,
    f"-{sales.AT}": _hour,
    sales.TENDER: lambda key, _people: called(key, "tender"),
    sales.ORDER_TYPE: _order_type,
}
