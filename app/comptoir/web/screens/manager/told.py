"""An event of a check in words a manager reads: what was done, and to what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from comptoir.domain import events as ev
from comptoir.domain.check import Check
from comptoir.web import languages, presentation
from comptoir.web.access import house
from comptoir.web.labels import LABELS, called, spoken

LISTED_MAX = 4
TEXTS = ("note", "table", "account", "reference", "allergy")

WHAT: Mapping[str, object] = {
    "check.opened": _("Opened"),
    "check.line_added": _("Ordered"),
    "check.line_qty_set": _("Quantity changed"),
    "check.line_voided": _("Voided"),
    "check.line_comped": _("Given for nothing"),
    "check.line_changed": _("Dish changed"),
    "check.line_seats_set": _("Seats set"),
    "check.course_set": _("Course set"),
    "check.held": _("Held"),
    "check.fired": _("Sent to the kitchen"),
    "kitchen.bumped": _("Kitchen done"),
    "kitchen.changes_seen": _("Kitchen saw a change"),
    "check.moved": _("Moved to another table"),
    "check.handed": _("Handed over"),
    "check.covers_set": _("Guests counted"),
    "check.allergy_set": _("Allergy noted"),
    "check.discount_set": _("Discount"),
    "check.service_charge_set": _("Service charge"),
    "check.split": _("Split"),
    "check.splits_undone": _("Split undone"),
    "check.merged": _("Put together"),
    "check.unmerged": _("Taken apart again"),
    "check.squared": _("Paid with others"),
    "check.tax_exempted": _("Tax exemption"),
    "payment.intended": _("About to take"),
    "payment.taken": _("Taken"),
    "payment.cancelled": _("Not taken"),
    "payment.answered": _("Said about a payment"),
    "payment.tip_set": _("Tip set"),
    "payment.refunded": _("Given back"),
}
WEIGHTY = {
    "check.line_voided", "check.line_comped", "check.discount_set", "payment.refunded",
    "payment.cancelled", "check.tax_exempted",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What an event says; ``weighty`` when money was let go."""

    what: str
    about: str
    weighty: bool


def told(event: ev.Event, check: Check) -> Told:
    """Return an event in words."""
    kind = event.envelope.kind
    what = WHAT.get(kind)
    words = kind if what is None else str(what)
    body = event.body
    if body is None:
        return Told(words, gettext("made by a newer version"), weighty=False)
    parts = [part for rule in _RULES for part in rule(body, check) if part]
    return Told(words, " · ".join(parts), kind in WEIGHTY)


def _price(amount: int) -> str:
    return presentation.price(amount, house().currency, languages.current())


def _dishes(body: Any, check: Check) -> list[str]:
    if names := getattr(body, "names", None):
        return [spoken(names)]
    wanted = getattr(body, "lines", ()) or (getattr(body, "line", ""),)
    found = [spoken(line.names) for line in check.lines if line.id in wanted]
    more = len(found) - LISTED_MAX
    return [", ".join(found[:LISTED_MAX]) + (f" +{more}" if more > 0 else "")]


def _numbers(body: Any, _check: Check) -> list[str]:
    found = []
    written = presentation.numbers(languages.current(), house().currency)
    if qty := getattr(body, "qty_milli", 0):
        found.append("× " + presentation.quantity(qty, written))
    if price := getattr(body, "unit_price", 0):
        found.append(_price(price))
    if ppm := getattr(body, "ppm", 0):
        found.append(presentation.percent(ppm, written))
    if amount := getattr(body, "amount", 0):
        found.append(_price(amount))
    if tip := getattr(body, "tip", 0):
        found.append(gettext("tip %(amount)s", amount=_price(tip)))
    return found


def _words(body: Any, _check: Check) -> list[str]:
    found = [called(body.tender, "tender")] if getattr(body, "tender", "") else []
    reason = getattr(body, "reason", "")
    if reason:
        found.append(called(reason, "void") if reason in LABELS["void"] else reason)
    texts = (
        getattr(body, name, "") for name in ("note", "table", "account", "reference", "allergy")
    )
    found += [text for text in texts if text]
    if covers := getattr(body, "covers", 0):
        found.append(str(covers))
    return found


_RULES: tuple[Callable[[Any, Check], list[str]], ...] = (_dishes, _numbers, _words)
