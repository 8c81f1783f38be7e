"""What the writer remembers must never differ from what a reader of the file would find."""

import contextlib
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.commands import Desk
from comptoir.domain import events as ev
from comptoir.domain.check import Check
from comptoir.domain.hlc import AHEAD_MS_MAX
from comptoir.domain.house import Card
from comptoir.journal import Journal, OwnLog, Signer, Stamp, Writing, projections
from tests.fakes.box import Box, StandingClock

CHECKS = ("c1", "c2")
LINES = ("l1", "l2", "l3")
NAMES = {"en": "Soup", "zh": "汤"}


class Refused(Exception):
    """Ends a command after it has written."""


@contextlib.contextmanager
def boxes() -> Iterator[tuple[Box, Box]]:
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        made = []
        for name, letter in (("t1", "A"), ("t2", "B")):
            journal = Journal(Path(folder) / f"{name}.db")
            stack.callback(journal.close)
            journal.migrate()
            signer, clock = Signer.generate(), StandingClock()
            log = OwnLog(journal, signer, clock, restaurant="r1", terminal=name)
            log.open(peers_answered=False)
            card = Card(name, letter, name, signer.public, "")
            desk = Desk(log, clock, letter=letter)
            made.append(Box(name, journal, log, desk, clock, card, signer))
        yield made[0], made[1]


bodies = st.one_of(
    st.builds(ev.CheckOpened, st.sampled_from(CHECKS), st.just("A1-1"), st.just("eat_in")),
    st.builds(
        ev.LineAdded,
        st.sampled_from(CHECKS),
        st.sampled_from(LINES),
        st.just("soup"),
        st.just(NAMES),
        st.integers(1, 5000),
        st.integers(0, 900),
    ),
    st.builds(ev.LineQtySet, st.sampled_from(CHECKS), st.sampled_from(LINES), st.integers(1, 9)),
    st.builds(ev.LinesFired, st.sampled_from(CHECKS), st.lists(st.sampled_from(LINES)).map(tuple)),
    st.builds(ev.LineVoided, st.sampled_from(CHECKS), st.sampled_from(LINES), st.just("dropped")),
)
steps = st.one_of(
    st.tuples(st.sampled_from(["own", "theirs", "refused"]), st.lists(bodies, max_size=3)),
    st.tuples(
        st.sampled_from(["admit", "other process admits", "rebuild", "their clock runs ahead"])
    ),
)


def write(box: Box, events: list[ev.Body], *, refuse: bool = False) -> None:
    with contextlib.suppress(Refused), box.log.writing(Stamp("anna", "2026-11-22")) as writing:
        for body in events:
            writing.append(body)
            assert same(writing, body)
        if refuse:
            raise Refused


def same(writing: Writing, body: ev.Body) -> bool:
    """Tell whether a command sees in its own transaction what a reader would find after it."""
    (name,) = body.aggregates()
    seen = writing.state(name)
    return bool(seen == in_file(writing._db, name))


def in_file(db: Any, aggregate: str) -> Check:
    (row,) = db.execute("SELECT state FROM projection WHERE aggregate = ?", (aggregate,))
    return msgspec.json.decode(zlib.decompress(row[0]), type=Check)


def take(step: tuple[Any, ...], here: Box, there: Box) -> None:
    for box in (here, there):
        box.clock.ms += 7
    match step:
        case ("own" | "refused" as how, events):
            write(here, events, refuse=how == "refused")
        case ("theirs", events):
            write(there, events)
        case ("admit",):
            here.journal.admit(there.sealed(), restaurant="r1", trust={"t2": there.card})
        case ("other process admits",):
            other = Journal(here.journal.path)
            other.admit(there.sealed(), restaurant="r1", trust={"t2": there.card})
            other.close()
        case ("rebuild",):
            here.journal.rebuild()
        case _:
            there.clock.ms += 2 * AHEAD_MS_MAX


@settings(max_examples=40, deadline=None)
@given(st.lists(steps, max_size=12))
def test_what_is_remembered_is_what_the_events_fold_to(taken: list[tuple[Any, ...]]) -> None:
    with boxes() as (here, there):
        for step in taken:
            take(step, here, there)
            db = here.journal.reader()
            assert projections.stale(db) == []
            for name in CHECKS:
                state = here.journal.state(f"check:{name}")
                if state.changed_ms:
                    assert state == in_file(db, f"check:{name}")


def test_what_another_process_wrote_is_seen_by_the_next_command() -> None:
    with boxes() as (here, there):
        write(here, [ev.CheckOpened("c1", "A1-1", "eat_in")])
        write(there, [ev.LineAdded("c1", "l9", "soup", NAMES, 1000, 500)])
        other = Journal(here.journal.path)
        other.admit(there.sealed(), restaurant="r1", trust={"t2": there.card})
        other.close()
        with here.log.writing(Stamp("anna", "2026-11-22")) as writing:
            assert [line.id for line in writing.state("check:c1").lines] == ["l9"]


def test_an_epoch_that_froze_gets_nothing_more_and_its_remembered_check_goes_on() -> None:
    with boxes() as (here, _):
        write(here, [ev.CheckOpened("c1", "A1-1", "eat_in")])
        with here.journal.transaction() as db:
            db.execute("INSERT INTO frozen VALUES ('t1', 1, 2)")
        write(here, [ev.LineAdded("c1", "l1", "soup", NAMES, 1000, 500)])
        assert {log: head.seq for log, head in here.journal.vector().items()} == {
            ("t1", 1): 1,
            ("t1", 2): 1,
        }
        assert [line.id for line in here.journal.state("check:c1").lines] == ["l1"]
        assert projections.stale(here.journal.reader()) == []


def test_an_event_older_than_the_newest_of_its_check_is_not_put_at_the_end() -> None:
    with boxes() as (here, there):
        there.clock.ms += 2 * AHEAD_MS_MAX
        write(there, [ev.LineAdded("c1", "l9", "soup", NAMES, 1000, 500)])
        here.journal.admit(there.sealed(), restaurant="r1", trust={"t2": there.card})
        write(here, [ev.CheckOpened("c1", "A1-1", "eat_in")])
        write(here, [ev.LineAdded("c1", "l1", "soup", NAMES, 1000, 500)])
        assert [line.id for line in here.journal.state("check:c1").lines] == ["l1", "l9"]
        assert projections.stale(here.journal.reader()) == []
