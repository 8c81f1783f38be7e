"""The kitchen's ticket: two languages a dish, allergies in red, changes old and new (X22)."""

from dataclasses import replace

from comptoir.domain.check import Allergy, Check
from comptoir.domain.courses import Courses
from comptoir.domain.line import Change, Line
from comptoir.domain.paper.kitchen import Heading, ticket
from comptoir.domain.paper.rows import HUGE, LARGE, Paper, Text
from comptoir.domain.tickets import ALLERGY, CHANGE, FIRE, VOID, Ticket

DUCK = Line(
    "l1", "duck", {"en": "Peking duck", "zh-Hans": "北京烤鸭"}, 1000, 4850, course=2, seats=(1, 3)
)
TOFU = Line("l2", "tofu", {"en": "Mapo tofu", "zh-Hans": "麻婆豆腐"}, 1500, 1250, note="no oil")
CHECK = Check("c", "A1-7", covers=4, lines=(DUCK, TOFU), allergies=(Allergy(3, "peanuts"),))
HEAD = Heading("Kitchen", "7", "Anna", "20:15", ("zh-Hans", "en"))
ORDER = Ticket("t" * 32, "c", FIRE, "f", ("l1", "l2"), "t1", 0)


def rows(paper: Paper) -> dict[str, Text]:
    return {row.text: row for row in paper.rows if isinstance(row, Text)}


def test_each_dish_stands_in_both_languages_the_first_one_large() -> None:
    found = rows(ticket(ORDER, CHECK, HEAD))
    assert found["1× 北京烤鸭"].size == LARGE
    assert found["Peking duck"].indent == 1
    assert "1.5 麻婆豆腐" in found
    assert "» no oil" in found
    assert found["桌 Table 7"].size == HUGE


def test_x22_an_allergy_is_red_on_the_dishes_of_its_seat() -> None:
    found = rows(ticket(ORDER, CHECK, HEAD))
    warning = found["过敏 ALLERGY: peanuts"]
    assert warning.red
    assert warning.bold
    assert warning.size == LARGE
    apart = replace(CHECK, lines=(replace(DUCK, seats=(1,)),))
    assert "过敏 ALLERGY: peanuts" not in rows(ticket(ORDER, apart, HEAD))


def test_x22_an_allergy_that_comes_after_the_send_names_the_dishes_it_is_about() -> None:
    late = replace(ORDER, kind=ALLERGY, reason="peanuts")
    apart = replace(CHECK, lines=(DUCK, replace(TOFU, seats=(1,))))
    paper = ticket(late, apart, HEAD)
    first = paper.rows[0]
    assert isinstance(first, Text)
    assert (first.text, first.inverse) == ("过敏 ALLERGY", True)
    assert rows(paper)["过敏 ALLERGY: peanuts"].red
    assert {"1× 北京烤鸭"} == {"1× 北京烤鸭", "1.5 麻婆豆腐"} & set(rows(paper))


def test_courses_are_headed_in_their_order() -> None:
    texts = list(rows(ticket(ORDER, CHECK, HEAD)))
    courses = [text for text in texts if "Course" in text]
    assert courses == ["第几道 Course 1", "第几道 Course 2"]
    assert texts.index("1× 北京烤鸭") > texts.index("第几道 Course 2")


def test_courses_and_dishes_have_the_names_that_the_house_gave_the_kitchen() -> None:
    courses = Courses(({"en": "Starters", "zh-Hans": "前菜"}, {"en": "Mains"}))
    short = replace(DUCK, kitchen={"zh-Hans": "烤鸭"})
    found = rows(ticket(ORDER, replace(CHECK, lines=(short, TOFU)), replace(HEAD, courses=courses)))
    assert {"前菜 Starters", "Mains", "1× 烤鸭"} <= set(found)
    assert "1× 北京烤鸭" not in found


def test_void_reprint_and_possible_duplicate_are_in_reverse_on_top() -> None:
    order = replace(ORDER, kind=VOID, reprint=True, reason="dropped", lines=("l2",))
    paper = ticket(order, CHECK, replace(HEAD, duplicate=True))
    top = [row for row in paper.rows[:3] if isinstance(row, Text) and row.inverse]
    assert [row.text for row in top] == [
        "取消 VOID", "重印 REPRINT", "可能重复 POSSIBLE DUPLICATE",
    ]  # fmt: skip
    assert "» dropped" in rows(paper)


def test_a_change_shows_what_was_and_what_is_now() -> None:
    now = replace(TOFU.dish, names={"en": "Kung Pao chicken"}, qty_milli=1000)
    changed = replace(TOFU, changes=(Change("ch1", TOFU.dish, now),))
    order = replace(ORDER, kind=CHANGE, lines=("l2",), change="ch1")
    texts = list(rows(ticket(order, replace(CHECK, lines=(changed,)), HEAD)))
    assert texts[0] == "更改 CHANGE"
    was, is_now = texts.index("原 was"), texts.index("改为 now")
    assert was < texts.index("1.5 麻婆豆腐") < is_now < texts.index("1× Kung Pao chicken")
    assert texts.index("过敏 ALLERGY: peanuts") > is_now


def test_a_ticket_of_one_language_says_nothing_twice() -> None:
    texts = list(rows(ticket(ORDER, CHECK, replace(HEAD, languages=("en",)))))
    assert "1× Peking duck" in texts
    assert "Peking duck" not in texts
