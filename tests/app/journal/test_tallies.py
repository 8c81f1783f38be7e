"""A report reads what it is about: the plans of its questions, and the work that they take."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from comptoir.journal import tallies

DISHES, DAYS, FIRST_DAY = 10, 200, 738_000
LAST_DAY = FIRST_DAY + DAYS - 1
OPS_A_DISH = 60  # steps of SQLite's machine for one dish's one day; 200 days would take thousands


@pytest.fixture
def sums() -> Iterator[sqlite3.Connection]:
    """Yield sums of many days of two cuts, with one check behind each dish and day."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(tallies.TABLES)
        figures = [(cut, f"{cut}{n}") for n in range(DISHES) for cut in ("item", "server")]
        db.executemany("INSERT INTO figure (cut, key) VALUES (?, ?)", figures)
        ids = range(1, len(figures) + 1)
        days = range(FIRST_DAY, LAST_DAY + 1)
        db.executemany("INSERT INTO total VALUES (?, ?, 1, 1000, 5)", _pairs(ids, days))
        db.executemany("INSERT INTO subject VALUES (?, ?, ?)", [(d, f"check:{d}", d) for d in days])
        db.executemany("INSERT INTO fact VALUES (?1, ?2, ?1, 1, 1000, 5)", _pairs(days, ids))
        yield db


def _pairs(ones: range, others: range) -> list[tuple[int, int]]:
    return [(one, other) for one in ones for other in others]


def plan(db: sqlite3.Connection, query: str, *values: object) -> list[str]:
    return [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {query}", values)]


def work(db: sqlite3.Connection, query: str, *values: object) -> int:
    """Return how many steps of SQLite's machine an answer takes: the same on every computer."""
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    db.set_progress_handler(step, 1)
    db.execute(query, values).fetchall()
    db.set_progress_handler(None, 1)
    return steps


ASKED = {
    "rows": (tallies.ROWS, ("item", LAST_DAY, LAST_DAY)),
    "total": (tallies.TOTAL, ("item", LAST_DAY, LAST_DAY)),
    "by day": (tallies.BY_DAY, ("item", LAST_DAY, LAST_DAY)),
    "newest": (tallies.NEWEST, ("item", LAST_DAY, LAST_DAY)),
    "subjects": (tallies.SUBJECTS, ("item", "item3", LAST_DAY, LAST_DAY, 200)),
}


@pytest.mark.parametrize("name", ASKED)
def test_no_report_reads_a_table_from_end_to_end(sums: sqlite3.Connection, name: str) -> None:
    query, values = ASKED[name]
    found = plan(sums, query, *values)
    assert any(step.startswith("SEARCH") for step in found)
    assert not [step for step in found if step.startswith("SCAN")]


@pytest.mark.parametrize("name", ["rows", "total", "newest", "subjects"])
def test_no_report_of_slices_sorts_what_it_adds_up(sums: sqlite3.Connection, name: str) -> None:
    query, values = ASKED[name]
    assert not [step for step in plan(sums, query, *values) if "TEMP B-TREE" in step]


@pytest.mark.parametrize("name", ASKED)
def test_a_day_costs_a_day_however_many_days_there_are(sums: sqlite3.Connection, name: str) -> None:
    query, values = ASKED[name]
    assert work(sums, query, *values) < OPS_A_DISH * DISHES


def test_the_measure_of_work_sees_a_year(sums: sqlite3.Connection) -> None:
    year = work(sums, tallies.ROWS, "item", FIRST_DAY, LAST_DAY)
    assert year > OPS_A_DISH * DISHES


def test_a_lost_index_would_be_seen(sums: sqlite3.Connection) -> None:
    sums.execute("DROP INDEX fact_figure")
    query, values = ASKED["subjects"]
    assert [step for step in plan(sums, query, *values) if step.startswith("SCAN")]


def test_the_sums_are_those_of_the_days_asked_for(sums: sqlite3.Connection) -> None:
    found = sums.execute(tallies.ROWS, ("item", FIRST_DAY, FIRST_DAY + 9)).fetchall()
    assert {row[2:] for row in found} == {(10, 10_000, 50)}
    assert [row[0] for row in found] == sorted(f"item{n}" for n in range(DISHES))
