"""What is left: dishes taken off (86) or counted, by whoever looks after them (D5, T2)."""

from flask import render_template, request
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import queries
from comptoir.commands.availability import availability
from comptoir.domain.menu import Item
from comptoir.web.own_screen import at_the_till
from comptoir.web.screens.floor import go
from comptoir.web.screens.office.menu import Dish, change_left, dishes
from comptoir.web.screens.workplace import workplace
from comptoir.web.services import services

blueprint = workplace("stock", __name__)
FOUND_MAX = 60


def _limited() -> list[Item]:
    """Return the dishes that are off or counted, in the menu's order."""
    names = {one.availability.item for one in availability(services().journal)}
    return [item for item in queries.menu(services().journal).items if item.id in names]


def _shown(chosen: str, text: str) -> list[Dish]:
    menu = queries.menu(services().journal)
    if text:
        return dishes(menu.search(text, FOUND_MAX))
    return dishes(menu.page(chosen) if chosen else _limited())


@blueprint.get("/stock")
def show() -> str:
    """Show what is off or counted; or a category, to take off or count more."""
    chosen, text = request.args.get("category", "")[:40], request.args.get("text", "")[:40].strip()
    return render_template(
        "stock/page.html",
        menu=queries.menu(services().journal),
        chosen="" if text else chosen,
        text=text,
        dishes=_shown(chosen, text),
        kiosk=at_the_till(),
    )


@blueprint.get("/stock/<item>")
def left(item: str) -> str:
    """Ask how many are left of a dish, or take it off."""
    (dish,) = dishes([queries.menu(services().journal).item(item)])
    return render_template("office/left_sheet.html", dish=dish, path=f"/stock/{item}")


@blueprint.post("/stock/<item>")
def set_left(item: str) -> AnyResponse:
    """Take a dish off, bring it back, or say how many are left."""
    change_left(item)
    return go(f"/stock?category={queries.menu(services().journal).item(item).category}")
