from comptoir.commands import Command, SetQuantity, VoidLine
from comptoir.domain.check import FIRED, UNSENT, Check, Line
from comptoir.web.screens.rows import grouped, row_of, rows, set_row


def line(name: str, item: str = "beer", qty: int = 1000, **more: object) -> Line:
    return Line(name, item, {"en": item}, qty, 500, **more)  # type: ignore[arg-type]


def test_equal_dishes_share_a_row_and_stay_lines_of_their_own() -> None:
    found = grouped([line("a"), line("b", "tea"), line("c")])
    assert [[one.id for one in row.lines] for row in found] == [["a", "c"], ["b"]]
    assert (found[0].qty_milli, found[0].amount, found[0].id) == (2000, 1000, "a")


def test_what_differs_in_anything_a_guest_can_see_is_another_row() -> None:
    lines = [line("a"), line("b", note="cold"), line("c", status=FIRED), line("d", voided=True)]
    assert len(grouped(lines)) == 4


def test_a_line_undone_before_it_was_sent_leaves_no_row() -> None:
    check = Check("c", lines=(line("a", voided=True), line("b", status=FIRED, voided=True)))
    assert [row.id for row in rows(check)] == ["b"]


def test_a_row_is_found_by_any_of_its_lines() -> None:
    check = Check("c", lines=(line("a"), line("b")))
    found = row_of(check, "b")
    assert found is not None
    assert found.id == "a"
    assert row_of(check, "z") is None


def wanted(qty_milli: int, *lines: Line) -> list[Command]:
    return list(set_row("c", grouped(lines)[0], qty_milli, "cmd"))


def test_more_is_put_on_the_first_line() -> None:
    assert wanted(5000, line("a"), line("b")) == [SetQuantity("cmd-0", "c", "a", 4000)]


def test_less_takes_whole_lines_from_the_end_then_a_part() -> None:
    assert wanted(1000, line("a", qty=3000), line("b")) == [
        VoidLine("cmd-0", "c", "b", "undone"),
        SetQuantity("cmd-1", "c", "a", 1000),
    ]


def test_none_undoes_every_line() -> None:
    assert [type(command) for command in wanted(0, line("a"), line("b"))] == [VoidLine, VoidLine]


def test_the_same_quantity_asks_for_nothing() -> None:
    assert wanted(1000, line("a", status=UNSENT)) == []
