import pytest

from comptoir.domain.versions import is_older, known, precedes

IN_ORDER = ["0.9", "1.0dev1", "1.0a1", "1.0rc1", "1.0-rc2", "1", "1.0.1", "1.2", "1.10", "2.0"]


@pytest.mark.parametrize("place", range(1, len(IN_ORDER)))
def test_a_version_precedes_the_next_and_not_the_other_way(place: int) -> None:
    before, after = IN_ORDER[place - 1], IN_ORDER[place]
    assert is_older(before, after)
    assert not is_older(after, before)


def test_noughts_at_the_end_make_no_other_version() -> None:
    assert not is_older("1", "1.0.0")
    assert not is_older("1.0.0", "1")


@pytest.mark.parametrize("text", ["", "x", "1.", "1..2", "1.0+b", "9" * 40, "1.0rc"])
def test_what_is_no_version_is_not_compared(text: str) -> None:
    assert not known(text)
    with pytest.raises(ValueError, match="no version"):
        is_older(text, "1")
    assert not precedes(text, "1")
    assert not precedes("1", text)
    assert precedes("0.9", "1")
