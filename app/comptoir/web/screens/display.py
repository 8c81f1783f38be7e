"""The customer's display: what is on the check at hand, what it comes to, the tip, the change.

It shows what this terminal's own screen is at, so it needs no hand: a second screen of the terminal
opens it without signing in, a tablet or a phone once somebody has signed in on it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Flask, Response, current_app, render_template, request
from flask.ctx import AppContext
from flask_babel import force_locale
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as pgettext
from jinja2 import Template
from markupsafe import Markup

from comptoir.commands import queries, receipts
from comptoir.domain.check import INTENDED, OPEN, Check
from comptoir.domain.house import Restaurant
from comptoir.domain.menu import Names
from comptoir.web import live, presentation, receipt_code
from comptoir.web.access import recall, require_staff
from comptoir.web.languages import locale
from comptoir.web.own_screen import at_the_till
from comptoir.web.screens.rows import grouped
from comptoir.web.services import Services, services

blueprint = Blueprint("display", __name__)
blueprint.before_request(recall)
LANGUAGES_SHOWN = 2
CHANGE_SHOWN_MS = 90_000
AT_A_CHECK = "checks"
AWAY = {"/", "/floor"}
WORDS: Mapping[str, object] = {
    "welcome": _("Welcome"),
    "thanks": _("Thank you"),
    "total": _("Total"),
    "tip": _("Tip"),
    "with-tip": _("Total with tip"),
    "paid": pgettext("pad", "Paid"),
    "to-pay": _("Due"),
    "given": _("Given"),
    "change": pgettext("pay", "Change"),
    "receipt": _("Receipt"),
}


@blueprint.before_request
def require_own_screen() -> None:
    """Let the terminal's own second screen in; others must have somebody signed in."""
    if not at_the_till():
        require_staff()


def turn_to(check: str) -> None:
    """Let the display show a check, if it is this terminal's own screen that goes there."""
    s = services()
    if at_the_till() and s.front.show(check):
        s.changes.notify()


def setup(app: Flask) -> None:
    """Follow the terminal's screen from page to page."""

    @app.after_request
    def follow(response: Response) -> Response:
        parts = request.path.split("/")
        if response.status_code < 300 and request.method == "GET":
            if parts[1] == AT_A_CHECK and len(parts) > 2:
                turn_to(parts[2])
            elif request.path in AWAY:
                turn_to("")
        return response


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as the customer reads it, in two languages."""

    qty: str
    name: str
    second: str
    amount: str


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum under the lines, with what it is called in each language."""

    kind: str
    words: tuple[str, ...]
    amount: str


@dataclass(frozen=True, slots=True)
class Board:
    """All that the display says; without lines it is idle."""

    house: str
    tags: tuple[str, ...]
    welcome: tuple[str, ...]
    thanks: tuple[str, ...] = ()
    lines: tuple[Shown, ...] = ()
    sums: tuple[Sum, ...] = ()
    code: Markup | None = None
    receipt: tuple[str, ...] = ()


def board(s: Services) -> Board:
    """Return what the display says now; asks no request, so that a stream can draw it."""
    house = queries.restaurant(s.journal)
    tags = tuple(dict.fromkeys(str(one) for one in house.languages))[:LANGUAGES_SHOWN]
    idle = Board(house.name, tags, _each(tags, "welcome"))
    check: Check = s.journal.state(f"check:{s.front.shown}")
    paid = check.number and check.state != OPEN
    if not check.live_lines or (paid and s.clock.now_ms() - check.changed_ms > CHANGE_SHOWN_MS):
        return idle
    lines = tuple(_line(row.qty_milli, row.line.receipt or row.line.names, row.amount, house)
                  for row in grouped(check.live_lines))  # fmt: skip
    thanks = _each(tags, "thanks") if paid else ()
    sums = tuple(_sums(check, house, tags, _waiting_tip(s, check)))
    shown = Board(house.name, tags, idle.welcome, thanks, lines, sums)
    address = receipts.address(s.journal, check, s.settings.receipt_url) if paid else ""
    if not address:
        return shown
    code = Markup(receipt_code.svg(address))  # noqa: S704 - our own SVG
    return replace(shown, code=code, receipt=_each(tags, "receipt"))


def _line(qty_milli: int, names: Names, amount: int, house: Restaurant) -> Shown:
    first, *others = house.languages
    name = presentation.spoken(names, first)
    told = (presentation.related(names, other) for other in others)
    second = next((other for other in told if other and other != name), "")
    where = presentation.numbers(locale(first), house.currency)
    figure = presentation.figure(amount, house.currency, where)
    return Shown(presentation.quantity(qty_milli, where), name, second, figure)


def _waiting_tip(s: Services, check: Check) -> int:
    """Return the tip of what is being asked for, as it is chosen on the screen right now."""
    return sum(s.front.tip(one.id, one.tip) for one in check.payments if one.status == INTENDED)


def _sums(check: Check, house: Restaurant, tags: Sequence[str], waiting: int) -> Iterator[Sum]:
    taken = check.takings
    given = sum(payment.tip for payment in taken)
    found = {"total": check.total}
    if tip := given + waiting:
        found |= {"tip": tip, "with-tip": check.total + tip}
    if taken and check.due > 0:
        found |= {"paid": check.paid + given, "to-pay": check.due + waiting}
    elif taken:
        found |= {"given": taken[-1].tendered, "change": taken[-1].change_left}
    for word, amount in found.items():
        shown = presentation.price(amount, house.currency, locale(house.languages[0]))
        yield Sum(word, _each(tags, word), shown)


def _each(tags: Sequence[str], word: str) -> tuple[str, ...]:
    """Return a word in each language, once where two are alike."""
    said = []
    for tag in tags:
        with force_locale(locale(tag)):
            said.append(str(WORDS[word]))
    return tuple(dict.fromkeys(said))


@blueprint.get("/display")
def show() -> str:
    """Show the display."""
    return render_template("display/page.html", board=board(services()))


@blueprint.get("/display/live")
def follow_live() -> Response:
    """Stream the display whenever it says something else."""
    s = services()
    template = current_app.jinja_env.get_template("display/board.html")
    return live.respond(_drawn(s, template, current_app.app_context, live.left()))


def _drawn(
    s: Services, template: Template, context: Callable[[], AppContext], gone: Callable[[], bool]
) -> Iterator[str]:
    shown = None
    yield "retry: 1000\n\n"
    while not s.changes.closed:
        count = s.changes.count
        with context():
            now = board(s)
            if now != shown:
                shown = now
                yield live.message("board", template.render(board=now))
        if live.quiet(s, count, gone):
            yield live.STILL_HERE
