"""Operations of serving: names of courses, the bill asked for, eaten in or taken away."""

from typing import Annotated, Literal

from msgspec import Meta

from comptoir.commands.serving import AskBill, NameCourses, SetOrderType
from comptoir.domain.courses import Courses
from comptoir.web.api import answers, bodies
from comptoir.web.api.caller import carry_out, command_id
from comptoir.web.api.operation import Registry
from comptoir.web.api.service import on_check
from comptoir.web.services import services

serving = Registry("serving")


class CourseNames(bodies.Body, frozen=True):
    """What courses are called: for each, the first one first, its name by language."""

    names: Annotated[tuple[dict[str, bodies.Text], ...], Meta(max_length=20)]


class Asked(bodies.Body, frozen=True):
    """Whether the guests want their bill."""

    asked: bool = True


class NewOrderType(bodies.Body, frozen=True):
    """Eaten in or taken away."""

    order_type: Literal["eat_in", "take_away"]


class CoursesView(answers.Answer, frozen=True):
    """What courses are called, by language, the first one first."""

    names: tuple[dict[str, str], ...]


@serving.reads("/courses", CoursesView)
def read_courses() -> CoursesView:
    """Read what courses are called."""
    state: Courses = services().journal.state("courses:it")
    return CoursesView(tuple(dict(names) for names in state.names))


@serving.commands("/courses", answers.Done, method="PUT", body=CourseNames)
def name_courses(body: CourseNames) -> answers.Done:
    """Say what courses are called; those beyond the list have a number."""
    return answers.done(*carry_out(NameCourses(command_id(), body.names)))


@serving.commands("/checks/<check>/bill-asked", answers.Done, method="PUT", body=Asked)
def ask_bill(check: str, body: Asked) -> answers.Done:
    """Note that the guests want to pay, or not yet after all."""
    return on_check(AskBill(command_id(), check, body.asked), check)


@serving.commands("/checks/<check>/order-type", answers.Done, method="PUT", body=NewOrderType)
def set_order_type(check: str, body: NewOrderType) -> answers.Done:
    """Let a check be eaten in or taken away; its taxes follow."""
    return on_check(SetOrderType(command_id(), check, body.order_type), check)
