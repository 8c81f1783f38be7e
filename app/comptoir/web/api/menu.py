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
from comptoir.commands.menu_draft import DiscardDraft, PlanDraft, PublishDraft, drafted
from comptoir.commands.menu_draft_file import DraftMenu
from comptoir.domain.errors import MenuEditRefused
from comptoir.web.api import answers, menu_bodies, menu_views
from comptoir.web.api.caller import carry_out, command_id
from comptoir.web.api.operation import JSON, Query, Registry
from comptoir.web.services import services

menu = Registry("the menu")
CSV = "text/csv"
SEARCH_CHARACTERS_MAX = 64
KEPT = (Query("draft", "true keeps the change for later, with the others of the draft"),)


class MenuText:
    """A menu file: CSV, or the same rows as a JSON list."""


def _showing() -> menu_views.Showing:
    s = services()
    return menu_views.Showing(s.journal, s.clock.now_ms())


def _kept() -> bool:
    return request.args.get("draft") == "true"


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


@menu.commands(
    "/menu",
    answers.Done,
    method="PUT",
    body=MenuText,
    media=(CSV, JSON),
    raw=True,
    query=KEPT,
)
def publish_menu() -> answers.Done:
    """Make a menu file the menu, or keep what it changes for later; all of it or nothing."""
    name = "menu.csv" if (request.mimetype or CSV) == CSV else "menu.json"
    currency = queries.restaurant(services().journal).currency
    found = menu_file.parse(request.get_data(), name, currency)
    return _done((DraftMenu if _kept() else PublishMenu)(command_id(), found))


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


@menu.commands(
    "/menu/items/<item>", answers.Done, method="PUT", body=menu_bodies.NewItem, query=KEPT
)
def set_item(item: str, body: menu_bodies.NewItem) -> answers.Done:
    """Add or change an item; other items stay as they are, whoever edits them meanwhile."""
    _same(item, body.item.id)
    return _done(SetItem(command_id(), body.item, draft=_kept()))


@menu.commands(
    "/menu/categories/<category>",
    answers.Done,
    method="PUT",
    body=menu_bodies.NewCategory,
    query=KEPT,
)
def set_category(category: str, body: menu_bodies.NewCategory) -> answers.Done:
    """Add or change a category."""
    _same(category, body.category.id)
    return _done(SetCategory(command_id(), body.category, draft=_kept()))


@menu.commands(
    "/menu/groups/<group>", answers.Done, method="PUT", body=menu_bodies.NewGroup, query=KEPT
)
def set_modifier_group(group: str, body: menu_bodies.NewGroup) -> answers.Done:
    """Add or change a modifier group with its choices."""
    _same(group, body.group.id)
    return _done(SetModifierGroup(command_id(), body.group, draft=_kept()))


@menu.commands(
    "/menu/price-lists/<price_list>",
    answers.Done,
    method="PUT",
    body=menu_bodies.NewPriceList,
    query=KEPT,
)
def set_price_list(price_list: str, body: menu_bodies.NewPriceList) -> answers.Done:
    """Add or change a price list: a happy hour, a lunch price, a promotion."""
    _same(price_list, body.price_list.id)
    return _done(SetPriceList(command_id(), body.price_list, draft=_kept()))


@menu.commands(
    "/menu/taxes/<tax>", answers.Done, method="PUT", body=menu_bodies.NewMenuTax, query=KEPT
)
def set_menu_tax(tax: str, body: menu_bodies.NewMenuTax) -> answers.Done:
    """Add or change a tax rate of the menu."""
    _same(tax, body.tax.id)
    return _done(SetMenuTax(command_id(), body.tax, draft=_kept()))


@menu.commands("/menu/order", answers.Done, method="PUT", body=menu_bodies.NewOrder, query=KEPT)
def order_menu(body: menu_bodies.NewOrder) -> answers.Done:
    """Put the records of a kind in this order."""
    return _done(OrderMenu(command_id(), body.kind, body.ids, draft=_kept()))


@menu.commands("/menu/items/<item>", answers.Done, method="DELETE", query=KEPT)
def remove_item(item: str) -> answers.Done:
    """Take an item off the menu."""
    return _done(RemoveFromMenu(command_id(), "item", item, draft=_kept()))


@menu.commands("/menu/categories/<category>", answers.Done, method="DELETE", query=KEPT)
def remove_category(category: str) -> answers.Done:
    """Take an empty category off the menu."""
    return _done(RemoveFromMenu(command_id(), "category", category, draft=_kept()))


@menu.commands("/menu/groups/<group>", answers.Done, method="DELETE", query=KEPT)
def remove_modifier_group(group: str) -> answers.Done:
    """Take a modifier group that nothing names off the menu."""
    return _done(RemoveFromMenu(command_id(), "group", group, draft=_kept()))


@menu.commands("/menu/price-lists/<price_list>", answers.Done, method="DELETE", query=KEPT)
def remove_price_list(price_list: str) -> answers.Done:
    """Take a price list off the menu."""
    return _done(RemoveFromMenu(command_id(), "price_list", price_list, draft=_kept()))


@menu.commands("/menu/taxes/<tax>", answers.Done, method="DELETE", query=KEPT)
def remove_menu_tax(tax: str) -> answers.Done:
    """Take a tax rate that no item names off the menu."""
    return _done(RemoveFromMenu(command_id(), "tax", tax, draft=_kept()))


@menu.reads("/menu/draft", menu_views.DraftView)
def read_menu_draft() -> menu_views.DraftView:
    """Read what waits to be published, and what stands in its way."""
    return menu_views.draft(drafted(services().journal))


@menu.commands("/menu/draft/publish", answers.Done, body=menu_bodies.Edits)
def publish_menu_draft(body: menu_bodies.Edits) -> answers.Done:
    """Let the draft count, or these edits of it; all that wait when none is named."""
    return _done(PublishDraft(command_id(), body.edits))


@menu.commands("/menu/draft/plan", answers.Done, body=menu_bodies.Plan)
def plan_menu_draft(body: menu_bodies.Plan) -> answers.Done:
    """Publish the draft by itself at an instant; 0 takes that back."""
    return _done(PlanDraft(command_id(), body.at_ms))


@menu.commands("/menu/draft/discard", answers.Done, body=menu_bodies.Edits)
def discard_menu_draft(body: menu_bodies.Edits) -> answers.Done:
    """Drop the draft, or these edits of it; all that wait when none is named."""
    return _done(DiscardDraft(command_id(), body.edits))


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
