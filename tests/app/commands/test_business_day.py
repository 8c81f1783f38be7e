from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from comptoir.commands.business_day import business_date
from comptoir.domain.house import Restaurant

PARIS = Restaurant("r", "Chez", "EUR", "Europe/Paris", ("fr",), 240)


@pytest.mark.parametrize(
    ("local", "date"),
    [
        ("2026-11-22T12:00", "2026-11-22"),
        ("2026-11-23T00:30", "2026-11-22"),
        ("2026-11-23T03:59", "2026-11-22"),
        ("2026-11-23T04:00", "2026-11-23"),
        ("2026-03-29T03:30", "2026-03-28"),  # the clocks went forward at 2
        ("2026-03-29T04:00", "2026-03-29"),
        ("2026-10-25T03:59", "2026-10-24"),  # the clocks went back at 3
        ("2026-10-25T04:00", "2026-10-25"),
    ],
)
def test_the_day_ends_at_the_cut_off_in_wall_time(local: str, date: str) -> None:
    moment = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Europe/Paris"))
    assert business_date(int(moment.timestamp()) * 1000, PARIS) == date


def test_an_unknown_time_zone_counts_as_utc() -> None:
    nowhere = Restaurant("r", timezone="Mars/Olympus", cutoff_minutes=0)
    assert business_date(0, nowhere) == "1970-01-01"
