"""The menu's draft: what waits, by whom; published now or at a moment, or dropped."""

from collections.abc import Mapping
from datetime import date, timedelta

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands.menu_draft import DiscardDraft, PlanDraft, PublishDraft, drafted
from comptoir.domain.menu_draft import RECORDS, Drafted
from comptoir.domain.price_lists import Moment, instant
from comptoir.web.access import carry_out, command_id, field, house
from comptoir.web.own_screen import at_the_till
from comptoir.web.screens.floor import go
from comptoir.web.screens.manager.door import managers
from comptoir.web.screens.manager.people import names
from comptoir.web.screens.office import forms
from comptoir.web.screens.office.differences import shown, shown_moment
from comptoir.web.services import services

blueprint = managers("office_draft", __name__)
EDITS_MAX = 5000


def _record(one: Drafted) -> tuple[str, str]:
    """Return the kind and the id of the record that an edit is about."""
    kind, _part = RECORDS.get(one.edit.becomes, ("", ""))
    body = one.edit.body
    said = body[kind] if kind and isinstance(body.get(kind), Mapping) else body
    return kind or str(body.get("kind", "")), str(said.get("id", ""))


@blueprint.get("/office/menu/draft")
def show() -> str:
    """Show what waits, record by record."""
    s = services()
    found = drafted(s.journal)
    by: dict[tuple[str, str], list[Drafted]] = {}
    for one in found.draft.edits:
        by.setdefault(_record(one), []).append(one)
    people = names()
    tomorrow = date.fromisoformat(s.desk.business_date()) + timedelta(days=1)
    return render_template(
        "office/draft.html",
        here="menu",
        tab="draft",
        changes=[
            (shown(one), by.get((one.kind, one.id), []), _authors(by, one.kind, one.id, people))
            for one in found.differences
        ],
        flaws=found.flaws,
        ids=found.draft.ids,
        planned=shown_moment(found.draft.at_ms) if found.draft.at_ms else "",
        tomorrow=tomorrow.isoformat(),
        opening=f"{house().cutoff_minutes // 60:02}:{house().cutoff_minutes % 60:02}",
        kiosk=at_the_till(),
    )


def _authors(
    by: dict[tuple[str, str], list[Drafted]], kind: str, name: str, people: dict[str, str]
) -> str:
    found = dict.fromkeys(people.get(one.by, one.by) for one in by.get((kind, name), []))
    return ", ".join(found)


def _edits() -> tuple[str, ...]:
    """Return the edits that the page showed; what came since stays where it is."""
    return tuple(request.form.getlist("edit")[:EDITS_MAX])


@blueprint.post("/office/menu/draft/publish")
def publish() -> AnyResponse:
    """Let what the page showed count on every terminal."""
    carry_out(PublishDraft(command_id(), _edits()))
    return go("/office/menu/history")


@blueprint.post("/office/menu/draft/discard")
def discard() -> AnyResponse:
    """Drop what the page showed."""
    carry_out(DiscardDraft(command_id(), _edits()))
    return go("/office/menu/draft")


@blueprint.post("/office/menu/draft/plan")
def plan() -> AnyResponse:
    """Say when the draft counts by itself, or that it does not."""
    at_ms = 0
    if field("what", "") != "never":
        try:
            day = date.fromisoformat(forms.text("date")).isoformat()
        except ValueError:
            raise forms.FormRefused(_("Day: type it as 2026-12-24.")) from None
        at_ms = instant(Moment(day, forms.minute("time", _("Time"))), house().timezone)
    carry_out(PlanDraft(command_id(), at_ms))
    return go("/office/menu/draft")
