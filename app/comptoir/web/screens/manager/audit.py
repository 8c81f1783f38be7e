"""From a figure to the checks behind it, from a check to its events, each with who and when."""

from flask import render_template, request, url_for
from flask_babel import gettext as _

from comptoir.commands import queries
from comptoir.domain import sales
from comptoir.domain.clock import RunsAhead
from comptoir.domain.events import Event
from comptoir.domain.hlc import milliseconds
from comptoir.domain.house import Terminal
from comptoir.web import figures
from comptoir.web.access import FieldRefused
from comptoir.web.screens.manager.door import managers
from comptoir.web.screens.manager.people import label, names, tables
from comptoir.web.screens.manager.period import PERIODS, chosen, days_of
from comptoir.web.screens.manager.told import told
from comptoir.web.services import services

blueprint = managers("manager_audit", __name__)
WAYS = {sales.loss(kind, way) for kind in sales.LOSSES for way in ("", "by", "approved", "at")}
CUTS = WAYS | {
    sales.SALES, sales.HOUR, sales.ITEM, sales.SERVER, sales.ORDER_TYPE, sales.TAX, sales.SERVICE,
    sales.TENDER, sales.TIP, sales.ACCOUNT, sales.CORRECTION, sales.MARGIN, sales.COST,
    sales.OPENED, sales.CUSTOMER,
}  # fmt: skip
KEY_CHARACTERS_MAX = 256


@blueprint.get("/manager/checks")
def checks() -> str:
    """Show the checks behind a figure."""
    cut, period = request.args.get("cut", sales.SALES), chosen()
    key = request.args.get("key", "")[:KEY_CHARACTERS_MAX]
    if cut not in CUTS:
        raise FieldRefused("cut")
    found = figures.sales()
    slices = {one.key: one for one in found.slices(cut, days_of(period))}
    title = label(cut, slices[key], names()) if key in slices else key
    if (cut, key) == (sales.SALES, ""):
        title = str(_("Checks"))
    return render_template(
        "manager/checks.html",
        here="",
        title=title,
        cut=cut,
        whole=slices[key].sum if key in slices else sales.Sum(),
        checks=found.checks(cut, key, days_of(period)),
        period=PERIODS.get(period, period),
        names=names(),
        tables=tables(),
        this=url_for("manager_audit.checks", cut=cut, key=key, period=period),
    )


def _ahead(event: Event) -> tuple[str, int] | None:
    """Return by whose clock an event was held before its time came, and when by that."""
    at, journal = event.envelope, services().journal
    clock: RunsAhead = journal.state(f"ahead:{at.terminal}")
    seen = clock.mark(at.epoch, at.seq, at.hlc)
    if seen is None:
        return None
    terminal: Terminal = journal.state(f"terminal:{seen.by}")
    return terminal.card.name if terminal.card else seen.by, seen.at_ms


@blueprint.get("/manager/checks/<name>")
def history(name: str) -> str:
    """Show everything that ever happened to a check."""
    s = services()
    check = queries.check(s.journal, name)
    events = s.journal.events(f"check:{name}")
    told_all = [told(event, check) for event in events]
    return render_template(
        "manager/history.html",
        here="",
        audited=check,
        events=[
            (event.envelope, milliseconds(event.envelope.hlc), one, _ahead(event))
            for event, one in zip(events, told_all, strict=True)
        ],
        names=names(),
        table=tables().get(check.table, check.table),
    )
