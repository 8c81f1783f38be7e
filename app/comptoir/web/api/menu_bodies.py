"""What callers send about the menu."""

from typing import Annotated, Literal

from msgspec import Meta

from comptoir.domain.menu import Category, Item, ModifierGroup
from comptoir.domain.price_lists import PriceList
from comptoir.domain.tax import TaxRate
from comptoir.web.api.bodies import Body, Id, Text

RECORDS_MAX = 20_000


class NewItem(Body, frozen=True):
    """An item; its id is the one in the path."""

    item: Item


class NewCategory(Body, frozen=True):
    """A category; its id is the one in the path."""

    category: Category


class NewGroup(Body, frozen=True):
    """A modifier group with its choices; its id is the one in the path."""

    group: ModifierGroup


class NewPriceList(Body, frozen=True):
    """A price list; its id is the one in the path."""

    price_list: PriceList


class NewMenuTax(Body, frozen=True):
    """A tax rate; its id is the one in the path."""

    tax: TaxRate


class NewOrder(Body, frozen=True):
    """The order in which records of a kind stand; those not named come after."""

    kind: Literal["item", "category", "group", "price_list", "tax"]
    ids: Annotated[tuple[Id, ...], Meta(max_length=RECORDS_MAX)]


class Edits(Body, frozen=True):
    """Edits of the draft, as they were read; none stands for all that wait."""

    edits: Annotated[tuple[Id, ...], Meta(max_length=RECORDS_MAX)] = ()


class Plan(Body, frozen=True):
    """When the draft publishes itself, milliseconds since 1970; 0 is never."""

    at_ms: Annotated[int, Meta(ge=0, le=1 << 53)]


class NewCount(Body, frozen=True):
    """How much is left, in thousandths; of one variant, when it is named."""

    left_milli: Annotated[int, Meta(ge=0, le=1_000_000_000)]
    variant: Text = ""


class Stop(Body, frozen=True):
    """Why an item is taken off; of one variant, when it is named."""

    reason: Text = ""
    variant: Text = ""


class Back(Body, frozen=True):
    """Which variant is to be had again, or the item itself."""

    variant: Text = ""
