"""Sales by segment (D17): order type, part of the day, kind of customer; on screen and as CSV."""

from flask import Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands.sales import Sales
from comptoir.commands.segments import (
    CUSTOMER,
    DAYPART,
    ORDER_TYPE,
    WAYS,
    Segment,
    SetDayparts,
    checks_of,
    dayparts,
    segments,
)
from comptoir.domain.dayparts import NAMES, Daypart
from comptoir.domain.money import plain
from comptoir.web import csv_table, figures
from comptoir.web.access import FieldRefused, carry_out, command_id, house
from comptoir.web.labels import called
from comptoir.web.own_screen import at_the_till
from comptoir.web.screens.floor import go
from comptoir.web.screens.manager.charts import lengths
from comptoir.web.screens.manager.door import managers
from comptoir.web.screens.manager.people import names, tables
from comptoir.web.screens.manager.period import PERIODS, WEEK, chosen, days_of
from comptoir.web.screens.office import forms
from comptoir.web.services import services

blueprint = managers("manager_segments", __name__)
SUBJECTS = {ORDER_TYPE: "order_type", DAYPART: "daypart", CUSTOMER: "customer"}


def _segments(found: Sales, way: str, period: str) -> list[Segment]:
    s = services()
    return segments(s.journal, found, way, days_of(period), s.desk.business_date())


@blueprint.get("/manager/segments")
def show() -> str:
    """Show what each segment sold, its guests, its average check and its margin."""
    period, found = chosen(WEEK), figures.sales()
    ways = {}
    for way in WAYS:
        rows = _segments(found, way, period)
        ways[way] = list(zip(rows, lengths([one.sold.amount for one in rows]), strict=True))
    parts = {part.id: part.begin_minute for part in dayparts(services().journal).parts}
    return render_template(
        "manager/segments.html",
        here="segments",
        period=period,
        periods=PERIODS,
        behind=found.refresh(),
        ways=ways,
        subjects=SUBJECTS,
        begins={name: _clock(parts[name]) if name in parts else "" for name in NAMES},
        kiosk=at_the_till(),
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@blueprint.get("/manager/segments.csv")
def table() -> Response:
    """Return the same as a table."""
    period, found, currency = chosen(WEEK), figures.sales(), house().currency
    head = ("by", "segment", "name", "sales", "checks", "guests", "average_check", "margin",
            "lines_with_margin")  # fmt: skip
    rows = (
        (
            way,
            one.key,
            called(one.key, SUBJECTS[way]),
            plain(one.sold.amount, currency),
            one.sold.count,
            one.guests,
            plain(one.average, currency),
            plain(one.margin.amount, currency) if one.margin.count else "",
            one.margin.count,
        )
        for way in WAYS
        for one in _segments(found, way, period)
    )
    days = days_of(period)
    return csv_table.answer(f"segments-{days.first}-{days.last}", head, rows)


@blueprint.get("/manager/segments/checks")
def checks() -> str:
    """Show the checks behind a segment."""
    period, found = chosen(WEEK), figures.sales()
    way, key = request.args.get("by", ""), request.args.get("key", "")
    if way not in WAYS:
        raise FieldRefused("by")
    segment = next((one for one in _segments(found, way, period) if one.key == key), None)
    if segment is None:
        raise FieldRefused("key")
    return render_template(
        "manager/checks.html",
        here="segments",
        title=called(key, SUBJECTS[way]),
        whole=segment.sold,
        checks=checks_of(found, way, segment, days_of(period)),
        period=PERIODS.get(period, period),
        names=names(),
        tables=tables(),
    )


@blueprint.post("/manager/segments/dayparts")
def set_parts() -> AnyResponse:
    """Write when the parts of the day begin; one without a time is none of this house's."""
    typed = {name: forms.text(name) for name in NAMES}
    begun = [name for name in NAMES if typed[name]]
    parts = [Daypart(name, forms.minute(name, called(name, "daypart"))) for name in begun]
    carry_out(SetDayparts(command_id(), tuple(parts)))
    return go("/manager/segments")
