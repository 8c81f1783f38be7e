"""Operations of reports: figures of any days by any cut, the checks behind them, their events."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from flask import request
from msgspec import Meta

from comptoir.commands import queries
from comptoir.commands.anomalies import Anomalies, SetCashLimits, anomalies
from comptoir.commands.sales import Period
from comptoir.commands.segments import ORDER_TYPE, WAYS, SetDayparts, segments
from comptoir.domain import sales
from comptoir.domain.dayparts import Daypart
from comptoir.domain.errors import DomainError
from comptoir.domain.hlc import milliseconds
from comptoir.domain.records import dump
from comptoir.web import figures
from comptoir.web.api import answers
from comptoir.web.api.bodies import Amount, Body
from comptoir.web.api.caller import actor, carry_out, command_id
from comptoir.web.api.operation import Query, Registry
from comptoir.web.services import services

reports = Registry("reports")
KEY_CHARACTERS_MAX = 256
DAYS_MAX = 3660
Times = Annotated[int, Meta(ge=0, le=1000)]
CUTS = (
    sales.SALES, sales.HOUR, sales.ITEM, sales.SERVER, sales.ORDER_TYPE, sales.TAX, sales.SERVICE,
    sales.TENDER, sales.TIP, sales.ACCOUNT, sales.CORRECTION, sales.MARGIN, sales.COST,
    sales.OPENED, sales.CUSTOMER,
    *(sales.loss(kind, way) for kind in sales.LOSSES for way in ("", "by", "approved", "at")),
)  # fmt: skip
DAYS = (
    Query("first", "first business day, ISO 8601; today when left out"),
    Query("last", "last business day, included; the first when left out"),
)
CUT = Query("cut", f"what is told apart: {', '.join(CUTS)}")


class ReportRefused(DomainError):
    """Days or a cut that no report has."""

    code = "report-refused"
    status = 422


class SliceView(answers.Answer, frozen=True):
    """A slice of a figure; amounts in minor units, taxes in, quantities in thousandths."""

    key: str
    names: dict[str, str]
    count: int
    qty_milli: int
    amount: int


class ReportView(answers.Answer, frozen=True):
    """A cut over days; ``behind`` counts events that it does not know yet."""

    cut: str
    first: str
    last: str
    slices: tuple[SliceView, ...]
    by_day: dict[str, int]
    behind: int


class PartView(answers.Answer, frozen=True):
    """A check behind a figure, with its part of it."""

    check: str
    number: str
    business_date: str
    count: int
    qty_milli: int
    amount: int


class PartsView(answers.Answer, frozen=True):
    """The checks behind a slice, newest first."""

    checks: tuple[PartView, ...]


class EventView(answers.Answer, frozen=True):
    """An event as it stands in the journal."""

    terminal: str
    epoch: int
    seq: int
    at_ms: int
    actor: str
    approver: str
    kind: str
    body: dict[str, Any]


class HistoryView(answers.Answer, frozen=True):
    """Everything that happened to a check, in folding order."""

    events: tuple[EventView, ...]


def _asked() -> tuple[str, Period]:
    """Return the cut and the days asked for; raises NotAllowed for who is no manager."""
    figures.managers_only(actor().role)
    cut = request.args.get("cut", sales.SALES)
    if cut not in CUTS:
        raise ReportRefused(f"There is no cut {cut!r}. Use one of {', '.join(CUTS)}.")
    return cut, asked_days(request.args)


def asked_days(args: Mapping[str, str]) -> Period:
    """Return the days that a caller asks for; raises ReportRefused."""
    today = services().desk.business_date()
    first = args.get("first", today)
    last = args.get("last", first)
    try:
        days = (date.fromisoformat(last) - date.fromisoformat(first)).days
    except ValueError:
        raise ReportRefused(f"{first!r} to {last!r} are no days such as 2026-12-24.") from None
    if not 0 <= days <= DAYS_MAX:
        raise ReportRefused(f"{first} to {last} is no span of at most {DAYS_MAX} days.")
    return Period(first, last)


@reports.reads("/reports/sales", ReportView, query=(CUT, *DAYS))
def read_report() -> ReportView:
    """Read a figure by its slices and by day: dishes, servers, hours, voids, tenders."""
    cut, period = _asked()
    found = figures.sales()
    slices = (
        SliceView(one.key, dict(one.names), one.sum.count, one.sum.qty_milli, one.sum.amount)
        for one in found.slices(cut, period)
    )
    by_day = {day: one.amount for day, one in found.days(cut, period).items() if one.count}
    return ReportView(cut, period.first, period.last, tuple(slices), by_day, found.refresh())


@reports.reads(
    "/reports/checks",
    PartsView,
    query=(CUT, Query("key", "the slice: an item, a person, a reason"), *DAYS),
)
def read_report_checks() -> PartsView:
    """Read the checks behind a slice of a figure."""
    cut, period = _asked()
    key = request.args.get("key", "")[:KEY_CHARACTERS_MAX]
    return PartsView(
        tuple(
            PartView(
                check.id, check.number, check.business_date, part.count, part.qty_milli, part.amount
            )
            for check, part in figures.sales().checks(cut, key, period)
        )
    )


class SegmentView(answers.Answer, frozen=True):
    """What a segment sold; amounts in minor units.

    ``margin`` is without taxes, of ``lines_with_margin`` lines of which it is known what they cost.
    """

    segment: str
    sales: int
    checks: int
    guests: int
    average_check: int
    margin: int
    lines_with_margin: int


class SegmentsView(answers.Answer, frozen=True):
    """The segments of a period; together they are all sales."""

    segments: tuple[SegmentView, ...]


@reports.reads(
    "/reports/segments",
    SegmentsView,
    query=(Query("by", f"how sales are put in segments: {', '.join(WAYS)}"), *DAYS),
)
def read_segments() -> SegmentsView:
    """Read sales, guests, average check and margin by segment."""
    figures.managers_only(actor().role)
    period, by = asked_days(request.args), request.args.get("by", ORDER_TYPE)
    if by not in WAYS:
        raise ReportRefused(f"There are no segments by {by!r}. Use one of {', '.join(WAYS)}.")
    s = services()
    found = segments(s.journal, figures.sales(), by, period, s.desk.business_date())
    return SegmentsView(
        tuple(
            SegmentView(
                one.key,
                one.sold.amount,
                one.sold.count,
                one.guests,
                one.average,
                one.margin.amount,
                one.margin.count,
            )
            for one in found
        )
    )


class NewDayparts(Body, frozen=True):
    """The parts of the house's day: breakfast, lunch, afternoon, dinner, night, or some of them."""

    parts: Annotated[tuple[Daypart, ...], Meta(min_length=1, max_length=5)]


@reports.commands("/reports/dayparts", answers.Done, method="PUT", body=NewDayparts)
def set_dayparts(body: NewDayparts) -> answers.Done:
    """Tell these parts of the day apart from now on, of past days too."""
    return answers.done(*carry_out(SetDayparts(command_id(), body.parts)))


@reports.reads("/reports/anomalies", Anomalies, query=DAYS)
def read_anomalies() -> Anomalies:
    """Read drawers over or short, openings without a sale, voids after the bill was printed."""
    _cut, period = _asked()
    return anomalies(services().journal, figures.sales(), period)


class NewCashLimits(Body, frozen=True):
    """What is marked: minor units over or short; counts by person and day."""

    over_short: Amount
    no_sales: Times
    voids: Times


@reports.commands("/reports/anomalies/limits", answers.Done, method="PUT", body=NewCashLimits)
def set_cash_limits(body: NewCashLimits) -> answers.Done:
    """Mark from now on what is beyond these."""
    command = SetCashLimits(command_id(), body.over_short, body.no_sales, body.voids)
    return answers.done(*carry_out(command))


@reports.reads("/checks/<check>/events", HistoryView)
def read_check_events(check: str) -> HistoryView:
    """Read everything that happened to a check."""
    figures.managers_only(actor().role)
    journal = services().journal
    queries.check(journal, check)
    return HistoryView(
        tuple(
            EventView(
                event.envelope.terminal,
                event.envelope.epoch,
                event.envelope.seq,
                milliseconds(event.envelope.hlc),
                event.envelope.actor,
                event.envelope.approver or "",
                event.envelope.kind,
                dump(event.body) if event.body else dict(event.envelope.body),
            )
            for event in journal.events(f"check:{check}")
        )
    )
