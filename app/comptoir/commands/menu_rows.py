"""Rows of a menu file: what each kind of row means, and every reason to refuse one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from comptoir import packs
from comptoir.commands import menu_cells as cells
from comptoir.commands.menu_cells import FIXED_COLUMNS, NAMED, TAX_PREFIX, USED, BadCell, Row
from comptoir.domain.menu import (
    EACH,
    ORDER_TYPES,
    Category,
    Item,
    Menu,
    Modifier,
    ModifierGroup,
    Variant,
)
from comptoir.domain.menu_rules import flaws
from comptoir.domain.price_lists import PriceList
from comptoir.domain.tax import QUANTITY, TaxRate, Threshold
from comptoir.packs import PackNotFound

__all__ = ["FIXED_COLUMNS", "MenuBuilder", "Mistake", "Row"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One reason why a file is no menu: on which line, in which column, why."""

    line: int
    column: str
    reason: str


class MenuBuilder:
    """Collects rows into a menu; ``mistakes`` come in the order of the lines."""

    def __init__(self, currency: str) -> None:
        self._currency = currency
        self.mistakes: list[Mistake] = []
        self._lines: dict[tuple[str, str], int] = {}
        self._taxes: list[TaxRate] = []
        self._classes: dict[str, Mapping[str, tuple[str, ...]]] = {}
        self._classed: dict[str, Row] = {}
        self._categories: list[Category] = []
        self._groups: list[ModifierGroup] = []
        self._modifiers: list[tuple[Row, Modifier]] = []
        self._items: list[Item] = []
        self._variants: list[tuple[Row, Variant]] = []
        self._lists: list[PriceList] = []
        self._prices: list[tuple[Row, int]] = []
        self._makers: Mapping[str, Callable[[Row], None]] = {
            "pack": self._pack,
            "tax": self._tax,
            "category": self._category,
            "group": self._group,
            "modifier": self._modifier,
            "item": self._item,
            "variant": self._variant,
            "price-list": self._price_list,
            "price": self._price_row,
        }

    def add(self, row: Row) -> None:
        """Take one row; what is wrong with it is noted, once per reason."""
        kind = row.get("kind")
        if kind not in self._makers:
            known = ", ".join(self._makers)
            self._note(row, "kind", f"unknown kind {kind!r}. Kinds are {known}.")
            return
        self._check_unused(row, kind)
        self._makers[kind](row)

    def finish(self) -> Menu:
        """Return the menu after checking what rows say of each other, in any order of rows."""
        choices: dict[str, list[Modifier]] = {}
        for row, modifier in self._modifiers:
            if self._known(row, "group"):
                choices.setdefault(row.get("group"), []).append(modifier)
        forms: dict[str, list[Variant]] = {}
        for row, variant in self._variants:
            if self._known(row, "item"):
                forms.setdefault(row.get("item"), []).append(variant)
        prices = self._joined_prices()
        menu = Menu(
            taxes=tuple(self._taxes),
            categories=tuple(self._categories),
            groups=tuple(
                replace(group, modifiers=tuple(choices.get(group.id, ()))) for group in self._groups
            ),
            items=tuple(
                replace(item, variants=tuple(forms.get(item.id, ())), taxes=self._taxes_of(item))
                for item in self._items
            ),
            price_lists=tuple(replace(one, prices=prices.get(one.id, {})) for one in self._lists),
        )
        for flaw in flaws(menu):
            line = self._lines[flaw.kind, flaw.id]
            self.mistakes.append(Mistake(line, flaw.column, flaw.reason))
        self.mistakes.sort(key=lambda mistake: mistake.line)
        return menu

    def _joined_prices(self) -> dict[str, dict[str, int]]:
        prices: dict[str, dict[str, int]] = {}
        for row, price in self._prices:
            name = row.get("item")
            known = ("item", name) in self._lines or ("variant", name) in self._lines
            if not known:
                self._note(row, "item", f"unknown item {name!r}. Add a row of kind item for it.")
            if self._known(row, "list", "price-list") and known:
                prices.setdefault(row.get("list"), {})[name] = price
        return prices

    def _note(self, row: Row, column: str, reason: str) -> None:
        self.mistakes.append(Mistake(row.line, column, reason))

    def _once(self, row: Row, what: str, value: str, column: str = "id") -> None:
        first = self._lines.setdefault((what, value), row.line)
        if value and first != row.line:
            self._note(row, column, f"{what} {value!r} is already on line {first}")

    def _known(self, row: Row, column: str, kind: str = "") -> bool:
        kind, name = kind or column, row.get(column)
        if (kind, name) in self._lines:
            return True
        reason = f"unknown {kind} {name!r}. Add a row of kind {kind} with this id."
        self._note(row, column, reason)
        return False

    def _check_unused(self, row: Row, kind: str) -> None:
        for column, cell in row.cells.items():
            used = column in {"kind", "id"} or column in USED[kind] or column.startswith("name:")
            purpose = column.partition(":")[0]
            if cell and not used and not (column.startswith(NAMED) and purpose in USED[kind]):
                self._note(row, column, f"a row of kind {kind} has none, but it says {cell!r}")

    def _read(self, row: Row, column: str, read: Callable[[str], T], default: T) -> T:
        try:
            return read(row.get(column))
        except BadCell as reason:
            self._note(row, column, str(reason))
            return default

    def _number(self, row: Row, column: str, default: int) -> int:
        return self._read(row, column, lambda text: cells.count(text, default), default)

    def _amount(self, row: Row, column: str = "price", *, signed: bool = False) -> int:
        def read(text: str) -> int:
            return cells.price(text, self._currency, signed=signed)

        return self._read(row, column, read, 0)

    def _cost(self, row: Row) -> int:
        return self._amount(row, "cost") if row.get("cost") else 0

    def _pack(self, row: Row) -> None:
        try:
            pack = packs.load(row.get("id"))
        except PackNotFound as error:
            self._note(row, "id", str(error))
            return
        if pack.currency != self._currency:
            said = f"{pack.name} takes {pack.currency}, this house {self._currency}"
            self._note(row, "id", said)
        self._classes |= pack.classes
        for rate in pack.rates:
            self._once(row, "tax", rate.id)
            self._taxes.append(rate)

    def _taxes_of(self, item: Item) -> Mapping[str, tuple[str, ...]]:
        """Return the taxes of an item's class; its own columns go before it."""
        row = self._classed.get(item.id)
        if row is None:
            return item.taxes
        name = row.get("tax_class")
        if name not in self._classes:
            known = (
                f"one of {', '.join(self._classes)}" if self._classes else "in a row of kind pack"
            )
            self._note(row, "tax_class", f"{name!r} is not {known}")
            return item.taxes
        named = {kind: taxes for kind, taxes in self._classes[name].items() if taxes}
        return {**named, **item.taxes}

    def _tax(self, row: Row) -> None:
        self._once(row, "tax", row.get("id"))
        self._taxes.append(
            TaxRate(
                row.get("id"),
                next(iter(row.names().values()), ""),
                self._read(row, "rate", cells.share, 0),
                self._read(row, "inclusive", lambda text: cells.yes(text, "yes"), default=True),
                self._read(row, "compound", lambda text: cells.yes(text, "no"), default=False),
                self._threshold(row) if row.get("measure") else None,
            )
        )

    def _threshold(self, row: Row) -> Threshold:
        def bound(column: str) -> int:
            if row.get("measure") == QUANTITY:
                return self._read(row, column, cells.milli, 0)
            return self._amount(row, column)

        least = bound("least") if row.get("least") else 0
        return Threshold(row.get("measure"), least, bound("most") if row.get("most") else None)

    def _category(self, row: Row) -> None:
        self._once(row, "category", row.get("id"))
        self._categories.append(Category(row.get("id"), row.names(), row.get("colour").lower()))

    def _group(self, row: Row) -> None:
        def shares(text: str) -> dict[str, int]:
            return {key: cells.share(value) for key, value in cells.pairs(text, ":").items()}

        self._once(row, "group", row.get("id"))
        self._groups.append(
            ModifierGroup(
                row.get("id"),
                row.names(),
                (),
                self._number(row, "min", 0),
                self._number(row, "max", 1),
                self._number(row, "free", 0),
                self._read(row, "prefixes", shares, {}),
            )
        )

    def _modifier(self, row: Row) -> None:
        self._once(row, "modifier", row.get("id"))
        modifier = Modifier(
            row.get("id"),
            row.names(),
            self._amount(row, signed=True) if row.get("price") else 0,
            cells.split(row.get("groups")),
            row.get("item"),
            cells.split(row.get("allergens")),
            row.names("kitchen:"),
        )
        self._modifiers.append((row, modifier))

    def _item(self, row: Row) -> None:
        self._once(row, "item", row.get("id"))
        self._once(row, "number", row.get("number"), "number")
        self._once(row, "barcode", row.get("barcode"), "barcode")
        if row.get("tax_class"):
            self._classed[row.get("id")] = row
        taxes = {kind: cells.split(row.get(TAX_PREFIX + kind)) for kind in ORDER_TYPES}
        self._items.append(
            Item(
                id=row.get("id"),
                category=row.get("category"),
                names=row.names(),
                price=self._amount(row),
                taxes={kind: named for kind, named in taxes.items() if named},
                number=row.get("number"),
                groups=cells.split(row.get("groups")),
                station=row.get("station") or "kitchen",
                course=self._number(row, "course", 1),
                barcode=row.get("barcode"),
                allergens=cells.split(row.get("allergens")),
                screen=row.names("screen:"),
                kitchen=row.names("kitchen:"),
                receipt=row.names("receipt:"),
                sold_by=row.get("sold_by") or EACH,
                sku=row.get("sku"),
                cost=self._cost(row),
            )
        )

    def _variant(self, row: Row) -> None:
        self._once(row, "variant", f"{row.get('item')}/{row.get('id')}")
        self._once(row, "barcode", row.get("barcode"), "barcode")
        variant = Variant(
            row.get("id"),
            row.names(),
            self._amount(row),
            row.get("barcode"),
            row.get("sku"),
            self._read(row, "options", lambda text: cells.pairs(text, "="), {}),
            self._read(row, "portion", cells.milli, 1000) if row.get("portion") else 1000,
            self._cost(row),
        )
        self._variants.append((row, variant))

    def _price_list(self, row: Row) -> None:
        self._once(row, "price-list", row.get("id"))
        self._lists.append(
            PriceList(
                row.get("id"),
                row.names(),
                {},
                self._read(row, "off", cells.share, 0) if row.get("off") else 0,
                cells.split(row.get("items")),
                cells.split(row.get("categories")),
                cells.split(row.get("order_types")),
                self._read(row, "days", cells.days, ()),
                self._read(row, "from", cells.clock, 0),
                self._read(row, "to", cells.clock, 0),
                row.get("first"),
                row.get("last"),
                self._number(row, "priority", 0),
            )
        )

    def _price_row(self, row: Row) -> None:
        self._once(row, "price", f"{row.get('list')} {row.get('item')}", "item")
        self._prices.append((row, self._amount(row)))
