"""The fold: the state of an aggregate as a pure function of its verified events.

Events come sorted by (hlc, terminal, epoch, seq); any arrival order therefore gives the same state.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from comptoir.domain import events as ev
from comptoir.domain.accounts import Account, fold_account
from comptoir.domain.anomalies import CashLimits, fold_limits
from comptoir.domain.availability import Availability, Count, fold_availability, fold_count
from comptoir.domain.cash import Drawer, OpenDrawers
from comptoir.domain.check import Check
from comptoir.domain.clock import RunsAhead, ToldTime, fold_ahead, fold_told_time
from comptoir.domain.courses import Courses, fold_courses
from comptoir.domain.day import fold_days
from comptoir.domain.figures import ClosedDays
from comptoir.domain.fiscal import Sale, fold_sale
from comptoir.domain.fold_added import with_line
from comptoir.domain.fold_cash import fold_drawer, fold_open_drawers
from comptoir.domain.fold_check import fold_check
from comptoir.domain.fold_menu import fold_menu
from comptoir.domain.fold_printing import fold_printing
from comptoir.domain.fold_terminal import fold_terminal
from comptoir.domain.house import Client, Floor, Restaurant, Staff, Terminal
from comptoir.domain.menu import Menu
from comptoir.domain.menu_draft import Draft, fold_draft
from comptoir.domain.offline import Away, Offline, fold_away, fold_offline
from comptoir.domain.printing import Printing
from comptoir.domain.scales import ScaleCodes, fold_scales
from comptoir.domain.segments import Dayparts, fold_dayparts
from comptoir.domain.shift import Timesheet, fold_shifts
from comptoir.domain.stock import StockLimits, fold_tolerance
from comptoir.domain.terms import HouseTerms, TipPresets, fold_terms, fold_tips
from comptoir.domain.tickets import Tickets, fold_tickets
from comptoir.domain.updates import Updates, fold_updates
from comptoir.domain.visit import Visit, fold_visit

State = Any
Folder = Callable[[str, Sequence[ev.Event]], State]


def _restaurant(_: str, events: Sequence[ev.Event]) -> Restaurant:
    state = Restaurant()
    said: ev.RestaurantChanged | None = None
    passphrase = ""
    for event in events:
        match event.body:
            case ev.RestaurantFounded() as body:
                state = Restaurant(
                    event.envelope.restaurant,
                    body.name,
                    body.currency,
                    body.timezone,
                    body.languages,
                    body.cutoff_minutes,
                )
            case ev.RestaurantChanged() as body:
                said = body
            case ev.PassphraseSet() as body:
                passphrase = body.hash
            case _:
                pass
    state = replace(state, passphrase_hash=passphrase)
    return state if said is None else replace(state, name=said.name, languages=said.languages)


def _floor(_: str, events: Sequence[ev.Event]) -> Floor:
    published = [event.body for event in events if isinstance(event.body, ev.FloorPublished)]
    return Floor(published[-1].areas) if published else Floor()


def _staff(staff: str, events: Sequence[ev.Event]) -> Staff:
    state = Staff(staff)
    for event in events:
        if isinstance(body := event.body, ev.StaffSet):
            state = Staff(
                staff,
                body.name,
                body.role,
                body.pin_hash,
                body.language,
                body.active,
                body.badge_hash,
                body.left_handed,
            )
    return state


def _client(client: str, events: Sequence[ev.Event]) -> Client:
    state = Client(client)
    for event in events:
        if isinstance(body := event.body, ev.ClientSet):
            state = Client(client, body.name, body.token_hash, body.role, body.active)
    return state


FOLDS: Mapping[str, Folder] = {
    "restaurant": _restaurant,
    "floor": _floor,
    "menu": fold_menu,
    "draft": fold_draft,
    "terms": fold_terms,
    "tips": fold_tips,
    "limits": fold_limits,
    "tolerance": fold_tolerance,
    "dayparts": fold_dayparts,
    "scales": fold_scales,
    "account": fold_account,
    "courses": fold_courses,
    "item": fold_availability,
    "count": fold_count,
    "staff": _staff,
    "client": _client,
    "terminal": fold_terminal,
    "offline": fold_offline,
    "away": fold_away,
    "check": fold_check,
    "drawer": fold_drawer,
    "drawers": fold_open_drawers,
    "sale": fold_sale,
    "day": fold_days,
    "shift": fold_shifts,
    "printing": fold_printing,
    "tickets": fold_tickets,
    "clock": fold_told_time,
    "ahead": fold_ahead,
    "updates": fold_updates,
    "visit": fold_visit,
}
STATES: Mapping[str, type] = {
    "restaurant": Restaurant,
    "floor": Floor,
    "menu": Menu,
    "draft": Draft,
    "terms": HouseTerms,
    "tips": TipPresets,
    "limits": CashLimits,
    "tolerance": StockLimits,
    "dayparts": Dayparts,
    "scales": ScaleCodes,
    "account": Account,
    "courses": Courses,
    "item": Availability,
    "count": Count,
    "staff": Staff,
    "client": Client,
    "terminal": Terminal,
    "offline": Offline,
    "away": Away,
    "check": Check,
    "drawer": Drawer,
    "drawers": OpenDrawers,
    "sale": Sale,
    "day": ClosedDays,
    "shift": Timesheet,
    "printing": Printing,
    "tickets": Tickets,
    "clock": ToldTime,
    "ahead": RunsAhead,
    "updates": Updates,
    "visit": Visit,
}


def fold(aggregate: str, events: Sequence[ev.Event]) -> State:
    """Return the state of an aggregate (``check:9f…``) from its events in order."""
    kind, _, name = aggregate.partition(":")
    return FOLDS[kind](name, events)


def fold_on(aggregate: str, before: State, events: Sequence[ev.Event]) -> State:
    """Return the fold of the events; ``before`` is the fold of all but the last, a short way."""
    short = with_line(before, events) if isinstance(before, Check) else None
    return fold(aggregate, events) if short is None else short
