from comptoir.web.tender import next_notes


def test_notes_above_what_is_due_are_offered() -> None:
    assert next_notes(2930, "EUR", 2) == [3000, 4000, 5000, 10_000]


def test_the_exact_amount_is_not_offered_twice() -> None:
    assert next_notes(2000, "EUR", 2) == [5000, 10_000, 20_000]


def test_currencies_have_their_own_notes() -> None:
    assert next_notes(1234, "USD", 2) == [1300, 1500, 2000, 5000]
    assert next_notes(780, "JPY", 0) == [1000, 2000, 5000, 10_000]


def test_an_unlisted_currency_still_gets_round_amounts() -> None:
    assert next_notes(1, "CHF", 2) == [500, 1000, 2000, 5000]
