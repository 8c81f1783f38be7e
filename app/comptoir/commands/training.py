"""Training: a desk of its own, furnished like the house, on a journal that nobody else reads."""

from dataclasses import asdict

from comptoir.commands import queries
from comptoir.commands.desk import Actor, Desk
from comptoir.commands.house import PublishFloor, PublishMenu
from comptoir.commands.terms import SetTerms
from comptoir.domain import events as ev
from comptoir.domain.house import SYSTEM, Floor, Staff
from comptoir.journal import Journal, Stamp

TEACHER = Actor("training", SYSTEM)


def furnish(desk: Desk, house: Journal) -> None:
    """Give a new desk the menu, the floor, the people and the terms of a house, and no sale."""
    about = queries.restaurant(house)
    founded = ev.RestaurantFounded(
        about.name, about.currency, about.timezone, about.languages, about.cutoff_minutes
    )
    people: list[Staff] = house.states("staff")
    with desk.log.writing(Stamp(TEACHER.id, desk.business_date(), "found")) as writing:
        writing.append(founded)
        for person in people:
            known = asdict(person)
            writing.append(ev.StaffSet(known.pop("id"), **known))
    plan: Floor = house.state("floor:it")
    terms = queries.terms(house)
    rounding = terms.terms.rounding
    for command in (
        PublishMenu("menu", queries.menu(house)),
        PublishFloor("floor", plan.areas),
        SetTerms("terms", rounding.mode, rounding.scope, terms.terms.cash_rounding),
    ):
        desk.run(command, TEACHER)
