from imagebuilder.flashing.book import Book, Line, Noted
from imagebuilder.flashing.plan import Place
from imagebuilder.flashing.roster import Roster


def places(*names: str) -> list[Place]:
    return [Place("r", "R", name, name, "A", b"{}") for name in names]


def note(book: Book, result: Noted, serial: str, terminal: str) -> None:
    book.write(Line("", result, serial, terminal=terminal))


def took(roster: Roster, serial: str) -> str | None:
    place = roster.take(serial)
    return place.terminal_id if place else None


def test_each_unit_gets_another_place_in_order_until_none_is_left() -> None:
    roster = Roster(places("t1", "t2"), Book())
    assert [took(roster, serial) for serial in ("s1", "s2", "s3")] == ["t1", "t2", None]


def test_the_place_of_a_unit_that_failed_goes_to_the_next() -> None:
    roster = Roster(places("t1", "t2"), book := Book())
    place = roster.take("s1")
    assert place
    note(book, Noted.FAILED, "s1", "t1")
    roster.give_back(place)
    assert took(roster, "s2") == "t1"


def test_the_place_of_a_unit_in_doubt_waits_for_that_unit() -> None:
    book = Book()
    note(book, Noted.IN_DOUBT, "s1", "t1")
    roster = Roster(places("t1", "t2"), book)
    assert took(roster, "s2") == "t2"
    assert took(roster, "s1") == "t1"


def test_what_is_good_already_is_not_given_again() -> None:
    book = Book()
    note(book, Noted.GOOD, "s1", "t1")
    roster = Roster(places("t1", "t2"), book)
    assert (took(roster, "s2"), roster.good, roster.total) == ("t2", 1, 2)
