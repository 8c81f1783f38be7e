"""Operations of the menu: read, search, import and export it, edit it, say what is left."""

from flask import Response, request

from comptoir.commands import (
    BringBackItem,
    Command,
    CountItem,
    OrderMenu,
    PublishMenu,
    RemoveFromMenu,
    SetCategory,
    SetItem,
    SetMenuTax,
    SetModifierGroup,
    SetPriceList,
    StopItem,
    menu_export,
    menu_file,
    queries,
)
from comptoir.commands.availability import availability
from comptoir.domain.errors import MenuEditRefused
from comptoir.web.api import answers, menu_bodies, menu_views
from comptoir.web.api.caller import carry_out, command_id
from comptoir.web.api.operation import JSON, Query, Registry
from comptoir.web.services import services

menu = Registry("the menu")
CSV = "text/csv"
SEARCH_CHARACTERS_MAX = 64


class MenuText:
    """A menu file: CSV, or the same rows as a JSON list."""


def _showing() -> menu_views.Showing:
    s = services()
    return menu_views.Showing(s.journal, s.clock.now_ms())


def _done(command: Command) -> answers.Done:
    return answers.done(*carry_out(command))


@menu.reads("/menu", menu_views.MenuView)
def read_menu() -> menu_views.MenuView:
    """Read the menu in force."""
    return _showing().whole()


@menu.reads(
    "/menu/search",
    menu_views.Found,
    query=(Query("text", "dish number, barcode, pinyin, or the beginning of words of the name"),),
)
def search_menu() -> menu_views.Found:
    """Search the menu by dish number, barcode, name or pinyin."""
    showing = _showing()
    text = request.args.get("text", "")[:SEARCH_CHARACTERS_MAX]
    found = queries.search(services().journal, text)
    return menu_views.Found(tuple(showing.item(item) for item in found))


@menu.commands("/menu", answers.Done, method="PUT", body=MenuText, media=(CSV, JSON), raw=True)
def publish_menu() -> answers.Done:
    """Make a menu file the menu; all of it or nothing."""
    name = "menu.csv" if (request.mimetype or CSV) == CSV else "menu.json"
    currency = queries.restaurant(services().journal).currency
    return _done(PublishMenu(command_id(), menu_file.parse(request.get_data(), name, currency)))


@menu.reads(
    "/menu/file",
    MenuText,
    answers=CSV,
    query=(Query("form", "csv, or json for the same rows as a JSON list"),),
)
def export_menu() -> Response:
    """Write the menu in force as a menu file, for a spreadsheet and back."""
    journal = services().journal
    whole, currency = queries.menu(journal), queries.restaurant(journal).currency
    if request.args.get("form") == "json":
        return Response(menu_export.export_json(whole, currency), mimetype=JSON)
    return Response(menu_export.export(whole, currency), mimetype=CSV)


def _same(path: str, record: str) -> None:
    if path != record:
        raise MenuEditRefused(f"The path names {path!r}, the body {record!r}. Make them the same.")


@menu.commands("/menu/items/<item>", answers.Done, method="PUT", body=menu_bodies.NewItem)
def set_item(item: str, body: menu_bodies.NewItem) -> answers.Done:
    """Add or change an item; other items stay as they are, whoever edits them meanwhile."""
    _same(item, body.item.id)
    return _done(SetItem(command_id(), body.item))


@menu.commands(
    "/menu/categories/<category>", answers.Done, method="PUT", body=menu_bodies.NewCategory
)
def set_category(category: str, body: menu_bodies.NewCategory) -> answers.Done:
    """Add or change a category."""
    _same(category, body.category.id)
    return _done(SetCategory(command_id(), body.category))


@menu.commands("/menu/groups/<group>", answers.Done, method="PUT", body=menu_bodies.NewGroup)
def set_modifier_group(group: str, body: menu_bodies.NewGroup) -> answers.Done:
    """Add or change a modifier group with its choices."""
    _same(group, body.group.id)
    return _done(SetModifierGroup(command_id(), body.group))


@menu.commands(
    "/menu/price-lists/<price_list>", answers.Done, method="PUT", body=menu_bodies.NewPriceList
)
def set_price_list(price_list: str, body: menu_bodies.NewPriceList) -> answers.Done:
    """Add or change a price list: a happy hour, a lunch price, a promotion."""
    _same(price_list, body.price_list.id)
    return _done(SetPriceList(command_id(), body.price_list))


@menu.commands("/menu/taxes/<tax>", answers.Done, method="PUT", body=menu_bodies.NewMenuTax)
def set_menu_tax(tax: str, body: menu_bodies.NewMenuTax) -> answers.Done:
    """Add or change a tax rate of the menu."""
    _same(tax, body.tax.id)
    return _done(SetMenuTax(command_id(), body.tax))


@menu.commands("/menu/order", answers.Done, method="PUT", body=menu_bodies.NewOrder)
def order_menu(body: menu_bodies.NewOrder) -> answers.Done:
    """Put the records of a kind in this order."""
    return _done(OrderMenu(command_id(), body.kind, body.ids))


@menu.commands("/menu/items/<item>", answers.Done, method="DELETE")
def remove_item(item: str) -> answers.Done:
    """Take an item off the menu."""
    return _done(RemoveFromMenu(command_id(), "item", item))


@menu.commands("/menu/categories/<category>", answers.Done, method="DELETE")
def remove_category(category: str) -> answers.Done:
    """Take an empty category off the menu."""
    return _done(RemoveFromMenu(command_id(), "category", category))


@menu.commands("/menu/groups/<group>", answers.Done, method="DELETE")
def remove_modifier_group(group: str) -> answers.Done:
    """Take a modifier group that nothing names off the menu."""
    return _done(RemoveFromMenu(command_id(), "group", group))


@menu.commands("/menu/price-lists/<price_list>", answers.Done, method="DELETE")
def remove_price_list(price_list: str) -> answers.Done:
    """Take a price list off the menu."""
    return _done(RemoveFromMenu(command_id(), "price_list", price_list))


@menu.commands("/menu/taxes/<tax>", answers.Done, method="DELETE")
def remove_menu_tax(tax: str) -> answers.Done:
    """Take a tax rate that no item names off the menu."""
    return _done(RemoveFromMenu(command_id(), "tax", tax))


@menu.reads("/menu/availability", menu_views.Availability)
def read_availability() -> menu_views.Availability:
    """Read what is counted or taken off; below zero more was sold than there was."""
    found = availability(services().journal)
    return menu_views.Availability(tuple(menu_views.left(one) for one in found))


def _form(item: str, variant: str) -> str:
    return f"{item}/{variant}" if variant else item


@menu.commands("/menu/items/<item>/count", answers.Done, body=menu_bodies.NewCount)
def count_item(item: str, body: menu_bodies.NewCount) -> answers.Done:
    """Say how much is left; every line sold on any terminal takes from it."""
    return _done(CountItem(command_id(), _form(item, body.variant), body.left_milli))


@menu.commands("/menu/items/<item>/stop", answers.Done, body=menu_bodies.Stop)
def stop_item(item: str, body: menu_bodies.Stop) -> answers.Done:
    """Take an item off for now: 86."""
    return _done(StopItem(command_id(), _form(item, body.variant), body.reason))


@menu.commands("/menu/items/<item>/back", answers.Done, body=menu_bodies.Back)
def bring_back_item(item: str, body: menu_bodies.Back) -> answers.Done:
    """Say that an item is to be had again."""
    return _done(BringBackItem(command_id(), _form(item, body.variant)))
