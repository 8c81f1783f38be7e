"""What an order of an item becomes on a check: one line, or the dishes of a set meal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from comptoir.domain import events as ev
from comptoir.domain.errors import AmountRefused
from comptoir.domain.menu import OPEN_PRICE, Item, Menu, Modifier, Names, Variant, named
from comptoir.domain.menu_choices import NO, choose
from comptoir.domain.money import apportion
from comptoir.domain.price_lists import Moment, Priced

NOTE_CHARACTERS_MAX = 200
PRICE_MAX = 100_000_000


class Order(Protocol):
    """What is asked for: the AddLine command."""

    @property
    def check(self) -> str: ...
    @property
    def line(self) -> str: ...
    @property
    def item(self) -> str: ...
    @property
    def qty_milli(self) -> int: ...
    @property
    def modifiers(self) -> tuple[str, ...]: ...
    @property
    def note(self) -> str: ...
    @property
    def variant(self) -> str: ...
    @property
    def price(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class _Pad:
    """An order with what it is priced by: the menu, the kind of order, the moment."""

    order: Order
    menu: Menu
    order_type: str
    at: Moment

    def price(self, item: Item, variant: Variant | None = None) -> Priced:
        return self.menu.price_of(item, variant, self.order_type, self.at)

    def line(
        self, item: Item, variant: Variant | None, priced: Priced, chosen: Sequence[Modifier]
    ) -> ev.LineAdded:
        said = [item.allergens, *(one.allergens for one in chosen if one.prefix != NO)]
        return ev.LineAdded(
            check=self.order.check,
            line=self.order.line,
            item=item.id,
            names=_in_form(item.names, variant),
            qty_milli=self.order.qty_milli,
            unit_price=priced.price,
            modifiers=tuple(chosen),
            taxes=self.menu.rates(item, self.order_type),
            station=item.station,
            course=item.course,
            note=self.order.note[:NOTE_CHARACTERS_MAX],
            variant=variant.id if variant else "",
            kitchen=_in_form(item.kitchen, variant),
            receipt=_in_form(item.receipt, variant),
            allergens=tuple(dict.fromkeys(one for some in said for one in some)),
            sold_by=item.sold_by,
            price_list=priced.price_list,
            portion_milli=variant.portion_milli if variant else 1000,
            cost=item.cost_of(variant),
        )


def lines_of(order: Order, order_type: str, menu: Menu, at: Moment) -> Iterator[ev.LineAdded]:
    """Return the lines of an order with copies of names, prices and taxes at this moment."""
    pad = _Pad(order, menu, order_type, at)
    item = menu.item(order.item)
    variant = item.variant(order.variant)
    chosen = choose(menu, item, order.modifiers)
    priced = _priced(order, pad.price(item, variant), item)
    if any(_is_dish(one) for one in chosen):
        yield from _meal(pad, item, priced, chosen)
    else:
        yield pad.line(item, variant, priced, chosen)


def _is_dish(one: Modifier) -> bool:
    return bool(one.item) and not one.within and one.prefix != NO


def _priced(order: Order, listed: Priced, item: Item) -> Priced:
    if item.sold_by != OPEN_PRICE:
        if order.price is not None:
            raise AmountRefused(f"{item.id} has its price on the menu; leave the price out.")
        return listed
    if order.price is None or not 0 <= order.price <= PRICE_MAX:
        raise AmountRefused(f"{item.id} has an open price; say what it costs.")
    return Priced(order.price)


def _meal(
    pad: _Pad, meal: Item, priced: Priced, chosen: Sequence[Modifier]
) -> Iterator[ev.LineAdded]:
    """Share the meal's price among its dishes by their own prices, to the cent."""
    dishes = [one for one in chosen if _is_dish(one)]
    items = [pad.menu.item(dish.item) for dish in dishes]
    alone = [pad.price(item).price for item in items]
    shares = apportion(priced.price, alone if sum(alone) > 0 else [1] * len(alone))
    rest = [one for one in chosen if not one.within and not _is_dish(one)]
    for number, (dish, item, share) in enumerate(zip(dishes, items, shares, strict=True), 1):
        own = [_of_dish(one, dish) for one in chosen if _under(one, dish)]
        price = Priced(share + dish.price, priced.price_list)
        part = pad.line(item, None, price, [*own, *rest] if number == 1 else own)
        name = part.line if number == 1 else f"{part.line}.{number}"
        yield replace(part, line=name, part_of=part.line, meal=meal.for_receipt())


def _under(one: Modifier, dish: Modifier) -> bool:
    return one.within == dish.id or one.within.startswith(f"{dish.id}/")


def _of_dish(one: Modifier, dish: Modifier) -> Modifier:
    return replace(one, within=one.within[len(dish.id) + 1 :])


def _in_form(names: Names, variant: Variant | None) -> Names:
    """Return names with the form's behind each: ``Roast duck · half``."""
    if variant is None:
        return names
    return {lang: f"{name} · {named(variant.names, lang)}" for lang, name in names.items()}
