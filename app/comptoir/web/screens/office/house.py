"""The house itself: its name, its languages, what courses are called."""

from babel import Locale
from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import NameCourses
from comptoir.commands.anomalies import SetCashLimits, cash_limits
from comptoir.commands.house import SetHouse
from comptoir.commands.scales import SetScaleCodes, scale_codes
from comptoir.commands.stock import SetStockLimits, stock_limits
from comptoir.commands.tips import PRESETS_MAX, SetTipPresets, tip_presets
from comptoir.domain.courses import Courses
from comptoir.web.access import carry_out, command_id
from comptoir.web.access import house as restaurant
from comptoir.web.languages import LANGUAGES
from comptoir.web.own_screen import at_the_till
from comptoir.web.screens.floor import go
from comptoir.web.screens.manager.door import managers
from comptoir.web.screens.office import forms
from comptoir.web.services import services

blueprint = managers("office_house", __name__)
COURSES_SHOWN = 6


@blueprint.get("/office/house")
def show() -> str:
    """Show the house's form."""
    named: Courses = services().journal.state("courses:it")
    return render_template(
        "office/house.html",
        here="house",
        languages=_offered(),
        tags=forms.languages(),
        courses=[named.of(number) for number in range(1, COURSES_SHOWN + 1)],
        tips=[forms.percent_text(ppm) for ppm in tip_presets(services().journal)],
        tips_max=PRESETS_MAX,
        limits=cash_limits(services().journal),
        stock_limits=stock_limits(services().journal),
        plain=forms.plain,
        percent_text=forms.percent_text,
        patterns=" ".join(scale_codes(services().journal).patterns),
        terminal=services().identity.place,
        done="done" in request.args,
        kiosk=at_the_till(),
    )


def _offered() -> dict[str, str]:
    """Return the screens' languages, and those of the house that are none of them."""
    own = {tag: Locale.parse(tag, sep="-").get_display_name() for tag in restaurant().languages}
    return {tag: LANGUAGES.get(tag) or name or tag for tag, name in own.items()} | dict(LANGUAGES)


@blueprint.post("/office/house")
def save() -> AnyResponse:
    """Write the name and the languages, the first one first."""
    first = forms.text("first") or restaurant().languages[0]
    chosen = tuple(dict.fromkeys([first, *forms.ticked("languages")]))
    carry_out(SetHouse(command_id(), forms.text("name"), chosen))
    return go("/office/house?done=1")


@blueprint.post("/office/house/courses")
def courses() -> AnyResponse:
    """Write what courses are called."""
    names = [forms.names(f"course-{number}") for number in range(1, COURSES_SHOWN + 1)]
    while names and not names[-1]:
        names.pop()
    carry_out(NameCourses(command_id(), tuple(names)))
    return go("/office/house?done=1")


@blueprint.post("/office/house/scales")
def scales() -> AnyResponse:
    """Write how scales write their labels: patterns, with spaces between them."""
    patterns = tuple(forms.text("patterns").upper().replace(",", " ").split())
    carry_out(SetScaleCodes(command_id(), patterns))
    return go("/office/house?done=1")


@blueprint.post("/office/house/tips")
def tips() -> AnyResponse:
    """Write which tips are offered, in percent."""
    typed = (forms.percentage(f"tip-{number}", _("Tip")) for number in range(PRESETS_MAX))
    carry_out(SetTipPresets(command_id(), tuple(ppm for ppm in typed if ppm)))
    return go("/office/house?done=1")


@blueprint.post("/office/house/limits")
def limits() -> AnyResponse:
    """Write from where on the cash is marked as an anomaly."""
    command = SetCashLimits(
        command_id(),
        forms.amount("over_short", _("Over or short")),
        forms.whole("no_sales", _("Drawer opened without a sale")),
        forms.whole("voids", _("Voided after the bill was printed")),
    )
    carry_out(command)
    return go("/office/house?done=1")


@blueprint.post("/office/house/stock-limits")
def limits_of_stock() -> AnyResponse:
    """Write from where on a count of the stock is marked."""
    command = SetStockLimits(
        command_id(),
        forms.amount("amount", _("Worth")),
        forms.percentage("share", _("Percent of what should be there")),
    )
    carry_out(command)
    return go("/office/house?done=1")
