from pathlib import Path

import pytest

from imagebuilder.errors import BuildError
from imagebuilder.flashing.book import Book, Line, Noted


def opened(path: Path) -> Book:
    """Return the log as the next command finds it."""
    book = Book(path)
    book.close()
    return book


def line(result: Noted, serial: str = "s1", terminal: str = "t1", reason: str = "") -> Line:
    return Line("2030-01-01T12:00:00+01:00", result, serial, terminal=terminal, reason=reason)


def test_what_was_noted_is_there_when_the_log_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    opened(path).write(line(Noted.FAILED, reason='a "word", and\nanother'))
    opened(path).write(line(Noted.GOOD))
    book = opened(path)
    assert [(ln.result, ln.reason) for ln in book.lines] == [
        ("failed", 'a "word", and another'),
        ("good", ""),
    ]
    assert book.done_serials() == {"s1"}


def test_a_line_cut_by_a_power_failure_does_not_count_and_the_next_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    opened(path).write(line(Noted.GOOD))
    path.write_text(path.read_text() + "2030-01-01T12:00:00+01:00,good,s2")
    book = opened(path)
    assert book.done_serials() == {"s1"}
    book.write(line(Noted.GOOD, "s3"))
    assert opened(path).done_serials() == {"s1", "s3"}


@pytest.mark.parametrize(
    ("results", "holder"),
    [
        ([], None),
        ([Noted.FAILED], None),
        ([Noted.ENROLLING], "s1"),
        ([Noted.ENROLLING, Noted.IN_DOUBT], "s1"),
        ([Noted.ENROLLING, Noted.FAILED], None),
        ([Noted.ENROLLING, Noted.GOOD], "s1"),
    ],
)
def test_a_unit_that_may_have_an_identity_keeps_it(
    results: list[Noted], holder: str | None
) -> None:
    book = Book()
    for result in results:
        book.write(line(result))
    assert book.holder("t1") == holder


def test_a_file_that_is_no_log_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "menu.csv"
    path.write_text("dish,price\nsoup,5\n")
    with pytest.raises(BuildError, match="no log of image/flash"):
        Book(path)


def test_a_log_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="cannot be written"):
        Book(tmp_path / "no folder" / "log.csv")


def test_two_commands_never_share_a_log(tmp_path: Path) -> None:
    first = Book(tmp_path / "log.csv")
    with pytest.raises(BuildError, match="another image/flash works with this log"):
        Book(tmp_path / "log.csv")
    first.close()
    opened(tmp_path / "log.csv")
