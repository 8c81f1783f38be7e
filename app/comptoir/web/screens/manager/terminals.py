"""The terminals, for a manager: who takes part, report one stolen, decide, adopt what came late."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import g, render_template
from werkzeug.wrappers import Response as AnyResponse

from comptoir.commands import RetireTerminal, queries
from comptoir.commands.passphrase import SetPassphrase
from comptoir.commands.terminals import AdoptEvent, DecideTerminals, adoptable, beyond_half
from comptoir.domain.clock import RunsAhead
from comptoir.domain.events import Event
from comptoir.domain.hlc import milliseconds
from comptoir.domain.house import Restaurant, Terminal
from comptoir.journal import reading
from comptoir.web import passphrases, system_update
from comptoir.web.access import carry_out, command_id, field
from comptoir.web.presentation import local_time
from comptoir.web.screens import away, cloud_paper
from comptoir.web.screens.floor import go
from comptoir.web.screens.manager import newcomers, updates, visit
from comptoir.web.screens.manager.door import managers
from comptoir.web.screens.manager.told import Told, told
from comptoir.web.screens.office import forms
from comptoir.web.services import services

blueprint = managers("terminals", __name__)
PAGE = "/manager/terminals"
HERE, LIVE, SILENT, SUSPENDED, OUT = "here", "live", "silent", "suspended", "out"
REASONS = ("stolen", "broken", "replaced")
AHEAD_SHOWN_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Row:
    """A terminal as a line."""

    id: str
    name: str
    letter: str
    state: str
    since: str
    rivals: tuple[str, ...]
    ahead: str


@dataclass(frozen=True, slots=True)
class Late:
    """What a retired terminal wrote after its cut-off."""

    terminal: str
    hash: str
    event: Event
    at: str
    told: Told
    adoptable: bool


@blueprint.get(PAGE)
def show() -> str:
    """Show who takes part, and what waits for a decision."""
    return render_template("terminals/page.html", here="terminals", **_found())


@blueprint.get(f"{PAGE}/<name>/report")
def report(name: str) -> str | AnyResponse:
    """Return the sheet that asks why a terminal goes; the page again for one that nobody knows."""
    row = next((row for row in _rows() if row.id == name), None)
    if row is None:
        return go(PAGE)
    asks = beyond_half(name, g.staff.id, services().desk)
    return render_template("terminals/report.html", row=row, reasons=REASONS, asks=asks)


@blueprint.post(f"{PAGE}/<name>/retire")
def retire(name: str) -> AnyResponse:
    """Put a terminal out, for ever."""
    passphrase = forms.text("passphrase")
    carry_out(RetireTerminal(command_id(), name, field("reason"), passphrase))
    return go(PAGE)


@blueprint.get(f"{PAGE}/passphrase")
def ask_passphrase() -> str:
    """Return the sheet that says what a passphrase is for, and asks for the old one."""
    return render_template("terminals/passphrase.html", has_one=_has_passphrase(), made="")


@blueprint.post(f"{PAGE}/passphrase")
def make_passphrase() -> str:
    """Give the house a passphrase, and show it this once."""
    made = passphrases.made(command_id())
    carry_out(SetPassphrase(command_id(), made, forms.text("old")))
    return render_template("terminals/passphrase.html", has_one=True, made=passphrases.kept(made))


@blueprint.post(f"{PAGE}/<name>/keep")
def keep(name: str) -> AnyResponse:
    """Keep one of two that retired each other."""
    carry_out(DecideTerminals(command_id(), name, field("out")))
    return go(PAGE)


@blueprint.post(f"{PAGE}/<name>/adopt")
def adopt(name: str) -> AnyResponse:
    """Take over one event."""
    carry_out(AdoptEvent(command_id(), name, field("hash")))
    return go(PAGE)


def _found() -> dict[str, object]:
    journal = services().journal
    people = {one.id: one.name for one in journal.states("staff")}
    rows = _rows()
    late = [one for row in rows if row.state in {OUT, SUSPENDED} for one in _late(row.id)]
    names = {row.id: row.name for row in rows}
    has_one = _has_passphrase()
    round_ = updates.now(services())
    return {
        "round": round_,
        "hour": f"{round_.minutes // 60:02}:{round_.minutes % 60:02}",
        "rows": rows,
        "has_one": has_one,
        "late": late,
        "visit": visit.now(services()),
        "newcomers": newcomers.now(),
        "names": names,
        "people": people,
        "paper": cloud_paper.now(services()),
        **_last_update(),
    }


def _last_update() -> dict[str, object]:
    s = services()
    update = system_update.last(s.settings.update_note)
    zone = s.journal.state("restaurant:it").timezone
    at = f"{local_time(update.at_ms, zone):%d/%m %H:%M}" if update else ""
    return {"update": update, "updated": at}


def _has_passphrase() -> bool:
    house: Restaurant = services().journal.state("restaurant:it")
    return bool(house.passphrase_hash)


def _rows() -> list[Row]:
    s = services()
    peers = s.safety.standing(s.journal.vector()).peers
    return [_row(one, peers) for one in queries.terminals(s.journal)]


def _row(one: Terminal, peers: Collection[str]) -> Row:
    s = services()
    since = away.clock(s, one.retired_ms) if one.retired else ""
    name, letter = (one.card.name, one.card.letter) if one.card else (one.id, "")
    rivals = tuple(sorted(set(one.retired_by))) if one.suspended else ()
    return Row(one.id, name, letter, _state(one, peers), since, rivals, _ahead(one))


def _ahead(one: Terminal) -> str:
    """Return when a terminal's clock was last seen ahead, if that was lately."""
    s = services()
    clock: RunsAhead = s.journal.state(f"ahead:{one.id}")
    at_ms = max((seen.at_ms for seen in clock.sightings), default=0)
    return away.clock(s, at_ms) if at_ms > s.clock.now_ms() - AHEAD_SHOWN_MS else ""


def _state(one: Terminal, peers: Collection[str]) -> str:
    if one.retired:
        return SUSPENDED if one.suspended else OUT
    if one.id == services().identity.terminal:
        return HERE
    return LIVE if one.id in peers else SILENT


def _late(name: str) -> list[Late]:
    s = services()
    adopted = s.journal.state(f"terminal:{name}").adopted
    found = []
    for digest, event in reading.late(s.journal, name).items():
        at = away.clock(s, milliseconds(event.envelope.hlc))
        if digest not in adopted:
            found.append(Late(name, digest, event, at, _told(event), adoptable(event)))
    return found


def _told(event: Event) -> Told:
    check = getattr(event.body, "check", "")
    return told(event, services().journal.state(f"check:{check}"))
