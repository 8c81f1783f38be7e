"""What stations are called on the screens: by the house in the reader's language, else by us."""

from flask import g

from comptoir.commands import queries
from comptoir.web.labels import called, spoken
from comptoir.web.services import services


def station_name(station: str) -> str:
    """Return a station's name in the reader's language."""
    if "stations" not in g:
        plan = queries.printing(services().journal)
        g.stations = {one.id: one.names for one in plan.stations if one.names}
    names = g.stations.get(station)
    if names:
        return spoken(names)
    return called(station, "station")
