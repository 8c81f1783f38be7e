"""Tickets: the same ids and the same state on every terminal, in any order of arrival (X8)."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from comptoir.domain import events as ev
from comptoir.domain.envelope import Envelope
from comptoir.domain.fold import fold
from comptoir.domain.printing import Printer, Printing, Redirection, Station
from comptoir.domain.records import dump
from comptoir.domain.tickets import (
    ALLERGY,
    CHANGE,
    FIRE,
    VOID,
    Tickets,
    all_tickets,
    kitchen_tickets,
    overlapping,
    ticket_id,
)

TEA = {"en": "Tea"}


def event(body: ev.Body, hlc: int, terminal: str = "t1", command: str | None = None) -> ev.Event:
    envelope = Envelope(
        "r", terminal, 1, hlc + 1, hlc << 16, "2026-11-22", "anna", body.KIND, 1, dump(body), "",
        command=command,
    )  # fmt: skip
    return ev.Event(envelope, body)


def line(name: str, station: str = "kitchen") -> ev.LineAdded:
    return ev.LineAdded("c", name, "tea", TEA, 1000, 100, station=station)


def changed(name: str, change: str) -> ev.LineChanged:
    return ev.LineChanged("c", name, change, "tea", TEA, 2000, 100, station="kitchen", fired=True)


def test_a_send_makes_one_ticket_for_each_station() -> None:
    made = kitchen_tickets(
        [event(line("a"), 1), event(line("b", "bar"), 2), event(ev.LinesFired("c", ("a", "b")), 3)]
    )
    assert [(ticket.kind, ticket.station, ticket.lines) for ticket in made] == [
        (FIRE, "kitchen", ("a",)),
        (FIRE, "bar", ("b",)),
    ]


def test_the_same_command_on_two_terminals_makes_one_ticket() -> None:
    fired = ev.LinesFired("c", ("a",))
    twice = [
        event(line("a"), 1), event(fired, 2, "t1", "cmd"), event(fired, 3, "t2", "cmd"),
    ]  # fmt: skip
    (ticket,) = kitchen_tickets(twice)
    assert ticket.id == ticket_id("c", "cmd", ["a"])
    assert ticket.terminal == "t1"


def test_two_people_who_send_the_same_line_are_told_that_it_may_be_double() -> None:
    fired = ev.LinesFired("c", ("a",))
    events = [event(line("a"), 1), event(fired, 2, "t1", "k1"), event(fired, 3, "t2", "k2")]
    first, second = kitchen_tickets(events)
    claimed = fold("tickets:c", [event(ev.TicketClaimed("c", first.id, "hot"), 4)])
    assert overlapping(second, (first, second), claimed)
    assert not overlapping(second, (first, second), Tickets("c"))


def test_a_send_waits_until_its_lines_are_known() -> None:
    fired = event(ev.LinesFired("c", ("a", "b")), 3)
    assert kitchen_tickets([event(line("a"), 1), fired]) == ()
    assert len(kitchen_tickets([event(line("a"), 1), event(line("b"), 2), fired])) == 1


def test_a_void_and_a_change_tell_the_kitchen_only_after_fire() -> None:
    events = [
        event(line("a"), 1), event(changed("a", "early"), 2), event(ev.LinesFired("c", ("a",)), 3),
        event(changed("a", "late"), 4), event(ev.LineVoided("c", "a", "dropped"), 5),
        event(ev.LineVoided("c", "a", "again"), 6),
    ]  # fmt: skip
    made = kitchen_tickets(events)
    assert [ticket.kind for ticket in made] == [FIRE, CHANGE, VOID]
    assert (made[1].change, made[2].reason) == ("late", "dropped")


def test_x22_an_allergy_noted_after_the_send_tells_each_station_that_cooks_for_the_seat() -> None:
    noted = [
        ev.AllergySet("c", 3, "peanuts"), ev.AllergySet("c", 0, "milk"),
        ev.AllergySet("c", 9, "soy"), ev.AllergySet("c", 3, "peanuts", present=False),
    ]  # fmt: skip
    lines = [line("a"), line("b", "bar"), line("later")]
    seats = [ev.LineSeatsSet("c", "a", (1, 3)), ev.LineSeatsSet("c", "b", (2,))]
    fired = ev.LinesFired("c", ("a", "b"))
    bodies: list[ev.Body] = [*lines, *seats, ev.AllergySet("c", 3, "early"), fired, *noted]
    made = [one for one in kitchen_tickets(in_turn(bodies)) if one.kind == ALLERGY]
    assert [(one.reason, one.station, one.lines) for one in made] == [
        ("peanuts", "kitchen", ("a",)),
        ("milk", "kitchen", ("a",)),
        ("milk", "bar", ("b",)),
    ]
    everybody = kitchen_tickets(in_turn([*lines, fired, *noted]))
    found = [(one.reason, one.station) for one in everybody if one.kind == ALLERGY]
    assert found == [(what, at) for what in ("peanuts", "milk", "soy") for at in ("kitchen", "bar")]
    assert len({one.id for one in everybody}) == len(everybody)


def in_turn(bodies: Sequence[ev.Body]) -> list[ev.Event]:
    return [event(body, number) for number, body in enumerate(bodies)]


def test_a_redirection_never_runs_in_a_circle() -> None:
    printers = tuple(Printer(name, name, "h") for name in "abc")
    ways = (Redirection("a", "b"), Redirection("b", "c"), Redirection("c", "a"))
    plan = Printing(printers, (), ways)
    assert plan.stand_in("a") == printers[2]
    assert Printing(printers, (), ways[:1]).stand_in("a") == printers[1]


tickets = st.sampled_from(["x", "y", "z"])
bodies = st.lists(
    st.one_of(
        st.builds(line, st.sampled_from("abc"), st.sampled_from(["kitchen", "bar"])),
        st.builds(ev.LinesFired, st.just("c"), st.sampled_from([("a",), ("a", "b"), ("c",)])),
        st.builds(ev.LineVoided, st.just("c"), st.sampled_from("abc"), st.just("why")),
        st.builds(changed, st.sampled_from("abc"), st.sampled_from(["1", "2"])),
        st.builds(ev.AllergySet, st.just("c"), st.integers(0, 2), st.sampled_from(["soy", "milk"])),
        st.builds(
            ev.LineSeatsSet, st.just("c"), st.sampled_from("abc"), st.sampled_from([(), (1,)])
        ),
        st.builds(ev.TicketClaimed, st.just("c"), tickets, st.just("hot")),
        st.builds(ev.TicketPrinted, st.just("c"), tickets, st.just("hot"), st.booleans()),
        st.builds(ev.TicketDismissed, st.just("c"), tickets),
        st.builds(
            ev.TicketRequested, st.just("c"), tickets, st.sampled_from(["receipt", "reprint"]),
            tickets,
        ),
        st.builds(ev.PrinterRedirected, st.sampled_from("ab"), st.sampled_from(["", "a", "b"])),
        st.just(ev.PrintingPublished(tuple(Printer(n, n, "h") for n in "ab"), ())),
    ),
    max_size=25,
)  # fmt: skip


@given(bodies, st.randoms(use_true_random=False))
def test_any_arrival_order_gives_the_same_tickets(made: Sequence[ev.Body], random: object) -> None:
    events = [event(body, i // 3, f"t{i % 3}", f"k{i // 2}") for i, body in enumerate(made)]
    arrived = list(events)
    random.shuffle(arrived)  # type: ignore[attr-defined]
    one, other = (sorted(some, key=lambda e: e.envelope.order) for some in (arrived, events))
    for aggregate in ("tickets:c", "printing:it"):
        assert fold(aggregate, one) == fold(aggregate, other)
    record = fold("tickets:c", one)
    found = all_tickets(one, record)
    assert found == all_tickets(other, record)
    assert len({ticket.id for ticket in found}) == len(found)


def test_a_station_prints_what_was_sent_since_it_has_a_printer() -> None:
    hot, old = Printer("hot", "Hot", "h"), Station("kitchen", "K", "hot")
    with_one = ev.PrintingPublished((hot,), (old,))
    without = ev.PrintingPublished((hot,), (Station("kitchen", "K"),))
    events = [event(with_one, 5), event(with_one, 7)]
    assert fold("printing:it", events).since == {"kitchen": 5}
    assert fold("printing:it", [*events, event(without, 8), event(with_one, 9)]).since == {
        "kitchen": 9
    }
