from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from comptoir.domain import events as ev
from comptoir.domain.check import FIRED, OPEN, OVERPAID, READY, SETTLED, UNSENT, Check
from comptoir.domain.envelope import Envelope
from comptoir.domain.fold import fold
from comptoir.domain.house import Card
from comptoir.domain.menu import Category, Item
from comptoir.domain.parts import EVEN, Plan
from comptoir.domain.records import dump
from comptoir.domain.tax import TaxRate

TEN = TaxRate("ten", "TVA", 100_000)
OPENED = ev.CheckOpened("c", "A1-1", "eat_in", "7", 2)


def event(body: ev.Body, hlc: int, terminal: str = "t1", seq: int = 1) -> ev.Event:
    envelope = Envelope(
        "r", terminal, 1, seq, hlc << 16, "2026-11-22", "anna", body.KIND, 1, dump(body), ""
    )
    return ev.Event(envelope, body)


def folded(*bodies: ev.Body) -> Check:
    state = fold("check:c", [event(body, hlc) for body, hlc in zip(bodies, count(1))])
    assert isinstance(state, Check)
    return state


def line(name: str = "l1", price: int = 500) -> ev.LineAdded:
    return ev.LineAdded("c", name, "soup", {"en": "Soup"}, 1000, price)


def taken(name: str, amount: int, part: str = "") -> ev.PaymentTaken:
    return ev.PaymentTaken("c", name, "cash", amount, amount, 0, part=part)


def changed(name: str, change: str) -> ev.LineChanged:
    return ev.LineChanged("c", name, change, "duck", {"en": "Duck"}, 1000, 900, fired=True)


def split(name: str, of: tuple[str, ...]) -> ev.CheckSplit:
    plans = (Plan(f"{name}.1"), Plan(f"{name}.2"))
    return ev.CheckSplit("c", name, EVEN, plans, of)


def test_an_opened_check_has_its_number_table_and_server() -> None:
    check = folded(OPENED)
    assert (check.number, check.table, check.covers, check.server) == ("A1-1", "7", 2, "anna")
    assert check.state == OPEN


def test_void_beats_edit_in_either_order() -> None:
    void, edit = ev.LineVoided("c", "l1", "dropped"), ev.LineQtySet("c", "l1", 3000)
    for order in ([void, edit], [edit, void]):
        check = folded(OPENED, line(), *order)
        assert check.total == 0
        assert check.lines[0].void_reason == "dropped"


def test_the_most_advanced_kitchen_status_wins() -> None:
    bumped = ev.LinesBumped("c", ("l1",), READY)
    fired = ev.LinesFired("c", ("l1",))
    assert folded(OPENED, line(), bumped, fired).lines[0].status == READY
    assert folded(OPENED, line(), fired).lines[0].status == FIRED
    assert folded(OPENED, line()).unsent[0].status == UNSENT


def test_a_recalled_line_is_cooked_again_until_it_is_bumped_again() -> None:
    """X7: what was recalled is not bumped; a bump that was written later counts."""
    bumped, back = ev.LinesBumped("c", ("l1",), READY), ev.LinesRecalled("c", ("l1",))
    fired = ev.LinesFired("c", ("l1",))
    (again,) = folded(OPENED, line(), fired, bumped, back).lines
    assert (again.status, again.bumped_ms) == (FIRED, 0)
    (done,) = folded(OPENED, line(), fired, bumped, back, bumped).lines
    assert (done.status, done.bumped_ms) == (READY, 6)
    assert folded(OPENED, line(), fired, back).lines[0].status == FIRED
    assert folded(OPENED, line(), back).lines[0].status == UNSENT


def test_a_fact_about_a_line_waits_for_the_line() -> None:
    check = folded(OPENED, ev.LinesFired("c", ("l1",)), line())
    assert check.lines[0].status == FIRED


def test_a_check_is_settled_when_what_was_taken_is_what_is_owed() -> None:
    assert folded(OPENED, line(), taken("p1", 200)).state == OPEN
    assert folded(OPENED, line(), taken("p1", 200), taken("p2", 300)).state == SETTLED


def test_two_payments_of_one_check_are_both_kept_and_flagged() -> None:
    check = folded(OPENED, line(), taken("p1", 500), taken("p2", 500))
    assert check.state == OVERPAID
    assert check.due == -500
    assert check.active


def test_a_late_cancel_cannot_undo_money_that_moved() -> None:
    intent = ev.PaymentIntended("c", "p1", "cash", 500)
    check = folded(OPENED, line(), intent, taken("p1", 500), ev.PaymentCancelled("c", "p1", "late"))
    assert check.state == SETTLED


def test_a_change_of_a_fired_dish_says_what_it_was_and_waits_to_be_seen() -> None:
    """X22: CHANGE old to new, acknowledged; of two at once the later one is the dish."""
    fired = ev.LinesFired("c", ("l1",))
    check = folded(OPENED, line(), fired, changed("l1", "x1"))
    (change,) = check.lines[0].unseen
    assert (change.was.names["en"], change.now.names["en"], check.total) == ("Soup", "Duck", 900)
    seen = folded(OPENED, line(), fired, changed("l1", "x1"), ev.ChangesSeen("c", ("x1",)))
    assert seen.lines[0].unseen == ()
    assert seen.lines[0].changes[0].seen_by == "anna"


def test_a_change_before_the_kitchen_has_the_dish_is_nobodys_business() -> None:
    body = replace(changed("l1", "x1"), fired=False)
    assert folded(OPENED, line(), body).lines[0].changes == ()


def test_void_beats_a_change_in_either_order() -> None:
    void = ev.LineVoided("c", "l1", "dropped")
    for order in ([void, changed("l1", "x1")], [changed("l1", "x1"), void]):
        assert folded(OPENED, line(), *order).total == 0


def test_allergies_of_two_waiters_at_once_unite() -> None:
    """X22: allergies per seat; a dish of nobody in particular bears them all."""
    check = folded(
        OPENED,
        replace(line(), seats=(1,)),
        line("l2"),
        ev.AllergySet("c", 1, "peanuts"),
        ev.AllergySet("c", 2, "shellfish"),
        ev.AllergySet("c", 0, "sesame"),
    )
    first, everybody = check.lines
    assert check.allergies_of(first) == ("peanuts", "sesame")
    assert check.allergies_of(everybody) == ("peanuts", "sesame", "shellfish")
    gone = folded(
        OPENED, line(), ev.AllergySet("c", 1, "nuts"), ev.AllergySet("c", 1, "nuts", present=False)
    )
    assert gone.allergies == ()


def test_the_next_course_is_the_first_that_has_something_to_send() -> None:
    """X1."""
    duck, sorbet = replace(line("l2"), course=2), replace(line("l3"), course=3)
    check = folded(OPENED, line(), sorbet, duck, ev.LinesFired("c", ("l1",)))
    assert [one.id for one in check.next_course] == ["l2"]
    later = folded(OPENED, line(), sorbet, duck, ev.LinesCourseSet("c", ("l3",), 1))
    assert [one.id for one in later.next_course] == ["l1", "l3"]


def test_table_and_server_are_the_last_writers() -> None:
    moved = [ev.CheckMoved("c", "8"), ev.CheckMoved("c", "9"), ev.CheckHanded("c", "bob")]
    check = folded(OPENED, *moved, ev.CoversSet("c", 5))
    assert (check.table, check.server, check.covers) == ("9", "bob", 5)


def test_a_newer_event_marks_the_check_and_changes_nothing_else() -> None:
    newer = Envelope("r", "t1", 1, 3, 99 << 16, "2026-11-22", "anna", "check.new", 1, {}, "")
    known = [event(OPENED, 1), event(line(), 2)]
    check = fold("check:c", [*known, ev.Event(newer, None, {})])
    assert check.newer_version
    assert check.total == fold("check:c", known).total


def test_a_menu_counts_when_all_its_parts_are_there() -> None:
    soup = Item("soup", "starters", {"en": "Soup"}, 500)
    old = ev.MenuPublished("v1", 1, 1, items=(soup,))
    first = ev.MenuPublished("v2", 1, 2, categories=(Category("starters", {"en": "Starters"}),))
    second = ev.MenuPublished("v2", 2, 2, items=(soup,))
    half = fold("menu:it", [event(old, 1), event(second, 2)])
    whole = fold("menu:it", [event(old, 1), event(second, 2), event(first, 3)])
    assert (half.version, whole.version) == ("v1", "v2")
    assert whole.categories
    assert whole.item("soup") == soup


def test_the_cut_off_of_a_retired_terminal_is_the_highest_attested() -> None:
    card = Card("t9", "C", "Bar", "", "")
    state = fold(
        "terminal:t9",
        [
            event(ev.TerminalAdmitted(card), 1),
            event(ev.TerminalRetired("t9", "stolen"), 2),
            event(ev.TerminalLastSeen("t9", 1, 7, "aa"), 3, "t1"),
            event(ev.TerminalLastSeen("t9", 1, 9, "bb"), 4, "t2"),
        ],
    )
    assert state.retired
    assert state.cutoff(1) == 9
    assert state.cutoff(2) == 0


bodies = st.lists(
    st.one_of(
        st.builds(line, st.sampled_from(["l1", "l2", "l3"]), st.integers(0, 9999)),
        st.builds(ev.LineQtySet, st.just("c"), st.sampled_from(["l1", "l2"]), st.integers(1, 9000)),
        st.builds(ev.LineVoided, st.just("c"), st.sampled_from(["l1", "l2"]), st.just("why")),
        st.builds(ev.LinesFired, st.just("c"), st.just(("l1", "l2"))),
        st.builds(ev.LinesBumped, st.just("c"), st.just(("l2",)), st.sampled_from(["ready"])),
        st.builds(ev.LinesRecalled, st.just("c"), st.sampled_from([("l1",), ("l1", "l2")])),
        st.builds(taken, st.sampled_from(["p1", "p2"]), st.integers(1, 9999)),
        st.builds(ev.PaymentIntended, st.just("c"), st.just("p1"), st.just("cash"), st.just(5)),
        st.builds(ev.PaymentCancelled, st.just("c"), st.just("p1"), st.just("no")),
        st.builds(ev.LineSeatsSet, st.just("c"), st.just("l1"), st.sampled_from([(1,), (1, 2)])),
        st.builds(ev.LineComped, st.just("c"), st.just("l2"), st.just("why"), st.booleans()),
        st.builds(ev.LinesHeld, st.just("c"), st.just(("l1",)), st.booleans()),
        st.builds(ev.LinesCourseSet, st.just("c"), st.just(("l2",)), st.integers(1, 3)),
        st.builds(changed, st.sampled_from(["l1", "l2"]), st.sampled_from(["x1", "x2"])),
        st.builds(ev.ChangesSeen, st.just("c"), st.just(("x1",))),
        st.builds(ev.AllergySet, st.just("c"), st.just(1), st.just("nuts"), st.booleans()),
        st.builds(ev.CheckMoved, st.just("c"), st.sampled_from(["8", "9"])),
        st.builds(ev.DiscountSet, st.just("c"), st.just("l1"), st.integers(0, 900_000)),
        st.builds(split, st.sampled_from(["s1", "s2"]), st.sampled_from([(), ("s1.1", "s1.2")])),
        st.builds(ev.SplitsUndone, st.just("c"), st.sampled_from([("s1",), ("s1", "s2")])),
        st.builds(taken, st.sampled_from(["p3", "p4"]), st.integers(1, 999), st.just("s1.1")),
        st.builds(ev.BillAsked, st.just("c"), st.booleans()),
        st.builds(
            ev.OrderTypeSet,
            st.just("c"),
            st.just("take_away"),
            st.just(("l1", "l3")),
            st.sampled_from([((), ()), ((TEN,), (TEN,))]),
        ),
        st.builds(ev.ChecksMerged, st.sampled_from(["c", "d"]), st.sampled_from(["c", "e"])),
        st.builds(ev.ChecksUnmerged, st.sampled_from(["c", "d"]), st.sampled_from(["c", "e"])),
    ),
    max_size=25,
)


@given(bodies, st.randoms(use_true_random=False))
def test_any_arrival_order_folds_to_the_same_check(made: Sequence[ev.Body], random: object) -> None:
    events = [event(b, i // 3, f"t{i % 3}", i + 1) for i, b in enumerate([OPENED, *made])]
    arrived = list(events)
    random.shuffle(arrived)  # type: ignore[attr-defined]
    ordered = sorted(arrived, key=lambda e: e.envelope.order)
    assert fold("check:c", ordered) == fold(
        "check:c", sorted(events, key=lambda e: e.envelope.order)
    )
    assert fold("check:c", ordered).subtotal >= 0
