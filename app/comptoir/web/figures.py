"""The figures behind the manager's screens and the API's reports, one set per application."""

from flask import Flask, current_app, g

from comptoir.commands.sales import Period, Sales, Slice
from comptoir.domain.errors import NotAllowed
from comptoir.domain.house import MANAGER, SYSTEM
from comptoir.journal import Journal

EXTENSION = "comptoir.sales"


def setup(app: Flask, journal: Journal) -> None:
    """Keep the sums of this journal for the application's life."""
    app.extensions[EXTENSION] = Sales(journal)


def of(app: Flask) -> Sales:
    """Return the figures of an application, for whoever keeps them up to date."""
    found: Sales = app.extensions[EXTENSION]
    return found


def sales() -> Sales:
    """Return the figures, as near to the journal's end as a page can wait for."""
    found = of(current_app)
    found.refresh()
    return found


def slices(cut: str, period: Period) -> list[Slice]:
    """Return a cut's slices over a period, asked for once by a page however often it needs them."""
    asked: dict[tuple[str, Period], list[Slice]] = g.setdefault("slices", {})
    if (cut, period) not in asked:
        asked[cut, period] = sales().slices(cut, period)
    return asked[cut, period]


def managers_only(role: str) -> None:
    """Raise NotAllowed for everybody but managers and the house's own programs."""
    if role not in {MANAGER, SYSTEM}:
        raise NotAllowed("The figures and the back office are a manager's. Ask one.")
