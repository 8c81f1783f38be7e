"""Labels of scales: EAN-13 of restricted circulation that hold a weight or a price.

How a house's scales write them is a pattern of thirteen characters, such as ``21IIIIIWWWWWK`` or
``02IIIICPPPPPK``: the prefix (02 or 20 to 29), the item's dish number (I), perhaps the check digit
of the measure (C), grams (W) or a price in minor units (P), the check digit of all (K).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from comptoir.domain import events as ev
from comptoir.domain.errors import DomainError
from comptoir.domain.menu import OPEN_PRICE, WEIGHT, Item, Menu
from comptoir.domain.menu_rules import check_digit

PATTERNS_MAX = 12
EAN = re.compile(r"[0-9]{13}")
PATTERN = re.compile(r"(?=.{13}$)(?:02|2[0-9])I{4,6}C?(?:P{4,5}|W{4,5})K")
# GS1 General Specifications, 7.9: each digit's weighted product, by its weight
TWO_MINUS, FIVE_PLUS, FIVE_MINUS = "0246891357", "0516273849", "0594837261"
THREE = "0369258147"
FOUR_DIGITS = (TWO_MINUS, TWO_MINUS, THREE, FIVE_MINUS)
FIVE_DIGITS = (FIVE_PLUS, TWO_MINUS, FIVE_MINUS, FIVE_PLUS, TWO_MINUS)


class LabelRefused(DomainError):
    """A label of a scale that was misread, or does not go with its item."""

    code = "label-refused"
    status = 422


@dataclass(frozen=True, slots=True)
class ScaleCodes:
    """How the house's scales write their labels; none: they write none."""

    patterns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """What a label says: the item's number, and its grams or its price in minor units."""

    number: str
    grams: int | None = None
    price: int | None = None

    @property
    def qty_milli(self) -> int:
        """Return the quantity in thousandths: of a kilogram when it was weighed."""
        return 1000 if self.grams is None else self.grams


def fold_scales(_: str, events: Sequence[ev.Event]) -> ScaleCodes:
    """Fold the patterns; the last writer wins."""
    said = [event.body for event in events if isinstance(event.body, ev.ScaleCodesSet)]
    return ScaleCodes(said[-1].patterns) if said else ScaleCodes()


def faults(patterns: Sequence[str]) -> list[str]:
    """Return the patterns that say nothing a scale writes, or that begin like another one."""
    wrong = [one for one in patterns if not PATTERN.fullmatch(one)]
    prefixes = [one[:2] for one in patterns]
    return wrong or [one for one in patterns if prefixes.count(one[:2]) > 1]


def read(code: str, codes: ScaleCodes) -> Label | None:
    """Return what a label says, None when it is none; raises LabelRefused when it was misread."""
    pattern = next((one for one in codes.patterns if code.startswith(one[:2])), "")
    if not pattern or not EAN.fullmatch(code):
        return None
    if check_digit(code[:-1]) != int(code[-1]):
        raise LabelRefused(f"{code} was misread: its check digit is wrong. Scan it again.")
    field = {key: _field(code, pattern, key) for key in "ICPW"}
    measure = field["P"] or field["W"]
    if field["C"] and int(field["C"]) != verifier(measure):
        raise LabelRefused(f"{code}: its inner check digit is wrong. Weigh it again.")
    if int(measure) == 0:
        raise LabelRefused(f"{code} says nothing was weighed. Weigh it again.")
    price, grams = (int(measure), None) if field["P"] else (None, int(measure))
    return Label(field["I"], grams, price)


def _field(code: str, pattern: str, key: str) -> str:
    return "".join(
        digit for digit, place in zip(code[2:], pattern[2:], strict=True) if place == key
    )


def verifier(measure: str) -> int:
    """Return the check digit of four or five digits of a price or a weight."""
    if len(measure) == len(FOUR_DIGITS):
        return 3 * _weighed(measure, FOUR_DIGITS) % 10
    return FIVE_MINUS.index(str(-_weighed(measure, FIVE_DIGITS) % 10))


def _weighed(digits: str, weights: Sequence[str]) -> int:
    return sum(int(weight[int(digit)]) for digit, weight in zip(digits, weights, strict=True))


def item_of(menu: Menu, label: Label) -> Item:
    """Return the item of a label; raises LabelRefused when none is sold like that."""
    wanted = {label.number, label.number.lstrip("0")} - {""}
    found = [item for item in menu.items if item.number in wanted]
    if len(found) != 1:
        raise LabelRefused(
            f"No dish has the number {label.number}. Give it one in the back office."
        )
    item = found[0]
    if label.grams is not None and item.sold_by != WEIGHT:
        raise LabelRefused(f"The label of {item.id} holds a weight, but it is not sold by weight.")
    if label.price is not None and item.sold_by != OPEN_PRICE:
        raise LabelRefused(f"The label of {item.id} holds a price, but its price is on the menu.")
    return item
