"""Rights of the head office: what is not given is refused."""

import dataclasses

from comptoir.domain.head_office import EVERY, User

ANN = User("ann", restaurants=("lyon", "nice"), publishes=True)


def test_a_regional_manager_sees_their_restaurants_alone() -> None:
    assert ANN.theirs(["paris", "nice", "lyon"]) == ["lyon", "nice"]
    assert not ANN.sees("paris")


def test_who_sees_every_one_sees_those_to_come() -> None:
    assert dataclasses.replace(ANN, restaurants=(EVERY,)).sees("opened-tomorrow")


def test_prices_change_only_where_one_sees_and_may() -> None:
    assert ANN.may_publish("lyon")
    assert not ANN.may_publish("paris")
    assert not dataclasses.replace(ANN, publishes=False).may_publish("lyon")


def test_who_left_sees_nothing() -> None:
    gone = dataclasses.replace(ANN, restaurants=(EVERY,), active=False)
    assert gone.theirs(["paris", "lyon"]) == []
    assert not gone.may_publish("lyon")


def test_a_new_person_has_no_rights() -> None:
    assert User("bob").theirs(["paris"]) == []
