from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from comptoir.commands.business_day import business_date
from comptoir.domain.figures import next_day
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


NIGHT = replace(PARIS, cutoff_minutes=150)


@pytest.mark.parametrize(
    ("utc", "date"),
    [
        ("2026-03-29T00:59", "2026-03-28"),  # 1:59, a minute before the clocks go to 3
        ("2026-03-29T01:00", "2026-03-29"),
        ("2026-10-25T00:29", "2026-10-24"),  # 2:29 for the first time
        ("2026-10-25T00:30", "2026-10-25"),
        ("2026-10-25T01:00", "2026-10-25"),  # 2:00 for the second time: yesterday is over
        ("2026-10-25T01:29", "2026-10-25"),
        ("2026-10-25T01:30", "2026-10-25"),
    ],
)
def test_a_cut_off_in_the_hour_that_the_clocks_skip_or_repeat_comes_once(
    utc: str, date: str
) -> None:
    moment = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert business_date(int(moment.timestamp()) * 1000, NIGHT) == date


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/New_York", "America/Havana"])
@pytest.mark.parametrize("cutoff", [0, 30, 90, 150, 240, 1439])
@pytest.mark.parametrize("begin", ["2026-03-05", "2026-10-20"])
def test_the_business_day_goes_on_and_never_back(zone: str, cutoff: int, begin: str) -> None:
    house = replace(PARIS, timezone=zone, cutoff_minutes=cutoff)
    first_ms = int(datetime.fromisoformat(begin).replace(tzinfo=UTC).timestamp()) * 1000
    found = [business_date(first_ms + half * 1_800_000, house) for half in range(28 * 48)]
    assert found == sorted(found)
    dates = sorted(set(found))
    assert [next_day(date) for date in dates[:-1]] == dates[1:], "none is left out"


def test_an_unknown_time_zone_counts_as_utc() -> None:
    nowhere = Restaurant("r", timezone="Mars/Olympus", cutoff_minutes=0)
    assert business_date(0, nowhere) == "1970-01-01"
