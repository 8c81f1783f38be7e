"""Prices and menus of head office: chosen once, published to the restaurants that are ticked."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import g, render_template, request

from comptoir.commands import PublishMenu, SetItem, queries
from comptoir.commands.overview import Overview
from comptoir.domain import money
from comptoir.domain.errors import DomainError
from comptoir.domain.head_office import SiteNotFound
from comptoir.domain.menu import Item, Menu
from comptoir.web.head_office import door
from comptoir.web.head_office.services import services
from comptoir.web.head_office.targets import TARGETS_MAX, Target, id_for, publish, ticked
from comptoir.web.labels import spoken

blueprint = door.room("office_menu", __name__)
blueprint.before_request(door.publishers_only)
DISHES_MAX = 100
SEARCH_CHARACTERS_MAX = 40
PRICE_CHARACTERS_MAX = 16


class PriceRefused(DomainError):
    """What was typed is no price."""

    code = "office-price-refused"
    status = 422

    def __init__(self) -> None:
        super().__init__("This is no price. Type it as on the menu, such as 12.50.")


@blueprint.get("/menu")
def show() -> str:
    """Show a restaurant's dishes, whose prices can be changed."""
    sites = _sites()
    if not sites:
        return render_template("head_office/menu.html", sites=[], chosen=None, dishes=[], more=0)
    wanted = request.args.get("of", sites[0].id)
    chosen = next((one for one in sites if one.id == wanted), None)
    if chosen is None:
        raise SiteNotFound
    door.saw(chosen.id)
    g.house = chosen.house
    menu, text = _menu(chosen), request.args.get("text", "")[:SEARCH_CHARACTERS_MAX].strip()
    found = menu.search(text, DISHES_MAX) if text else list(menu.items)
    return render_template(
        "head_office/menu.html",
        sites=sites,
        chosen=chosen,
        dishes=[(one, spoken(one.names)) for one in found[:DISHES_MAX]],
        more=len(found[DISHES_MAX:]),
        text=text,
    )


@blueprint.get("/menu/<restaurant>/<item>")
def show_item(restaurant: str, item: str) -> str:
    """Show a dish's price, and which restaurants could have the new one."""
    site = door.site(restaurant)
    door.saw(restaurant)
    dish = _menu(site).item(item)
    return _price_page(site, dish, _priced(site, item), typed="")


@blueprint.post("/menu/<restaurant>/<item>")
def publish_price(restaurant: str, item: str) -> str:
    """Give the ticked restaurants a new price for a dish."""
    site = door.site(restaurant)
    dish, typed = _menu(site).item(item), request.form.get("price", "")[:PRICE_CHARACTERS_MAX]
    try:
        price = money.parse(typed, site.house.currency)
    except ValueError:
        raise PriceRefused from None
    done = []
    for target in ticked(_priced(site, item)):
        theirs = _menu(target.site).item(item)
        command = SetItem(id_for(target.site), replace(theirs, price=price))
        before = money.plain(theirs.price, site.house.currency)
        after = money.plain(price, site.house.currency)
        detail = f"{spoken(theirs.names)} {before} → {after}"
        done.append(publish(target, detail, price, command))
    return _price_page(site, dish, done, typed=typed)


@blueprint.get("/menu/<restaurant>")
def show_menu(restaurant: str) -> str:
    """Show which restaurants could have this whole menu instead of theirs."""
    site = door.site(restaurant)
    door.saw(restaurant)
    return _menu_page(site, _others(site))


@blueprint.post("/menu/<restaurant>")
def publish_menu(restaurant: str) -> str:
    """Give the ticked restaurants this whole menu."""
    site = door.site(restaurant)
    menu = _menu(site)
    detail = f"whole menu of {restaurant}, {len(menu.items)} dishes"
    done = [
        publish(target, detail, len(menu.items), PublishMenu(id_for(target.site), menu))
        for target in ticked(_others(site))
    ]
    return _menu_page(site, done)


def _price_page(site: Overview, dish: Item, targets: Sequence[Target], typed: str) -> str:
    g.house = site.house
    return render_template(
        "head_office/price.html",
        site=site,
        dish=dish,
        name=spoken(dish.names),
        targets=targets,
        typed=typed or money.plain(dish.price, site.house.currency),
        done=any(one.said or one.fault for one in targets),
        command=uuid.uuid4().hex,
    )


def _menu_page(site: Overview, targets: Sequence[Target]) -> str:
    return render_template(
        "head_office/whole_menu.html",
        site=site,
        count=len(_menu(site).items),
        targets=targets,
        done=any(one.said or one.fault for one in targets),
        command=uuid.uuid4().hex,
    )


def _sites() -> list[Overview]:
    return [site for site in door.sites() if door.user().may_publish(site.id)]


def _menu(site: Overview) -> Menu:
    with services().chain.journal(site.id) as journal:
        return queries.menu(journal)


def _priced(site: Overview, item: str) -> list[Target]:
    """Return the restaurants of the same money that have the dish, each with its price."""
    return [
        Target(one, menu.item(item).price)
        for one, menu in _of_same_money(site).values()
        if item in menu.ids
    ]


def _others(site: Overview) -> list[Target]:
    """Return the other restaurants of the same money, each with how many dishes it has."""
    found = _of_same_money(site)
    return [Target(one, len(menu.items)) for name, (one, menu) in found.items() if name != site.id]


def _of_same_money(site: Overview) -> Mapping[str, tuple[Overview, Menu]]:
    same = [one for one in _sites() if one.house.currency == site.house.currency]
    return {one.id: (one, _menu(one)) for one in same[:TARGETS_MAX]}
