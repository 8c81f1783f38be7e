"""What a terminal tells the cloud of itself is what its programs and its disk say, as of now."""

from pathlib import Path

import pytest

from comptoir.bus.wire import (
    PRINTERS_MAX,
    AskMark,
    Health,
    MessageRefused,
    PrinterNow,
    PrintersNow,
    pack,
    pack_json,
    unpack_upload,
)
from comptoir.replica.condition import SILENT_S_MAX, Condition


def health(condition: Condition, now_s: float = 0.0) -> Health:
    return condition.health(now_s, waiting=0, off_ms=0, time_known=True)


def say(condition: Condition, *printers: PrinterNow, now_s: float = 0.0) -> None:
    condition.heard_printers(pack_json(PrintersNow(list(printers), 1)), now_s)


def test_printers_are_told_until_their_program_falls_silent() -> None:
    condition = Condition(None)
    assert health(condition).printers is None
    say(condition, PrinterNow("bar", "off", "Does not answer.", waiting=3))
    told = health(condition, SILENT_S_MAX - 1).printers
    assert told is not None
    assert (told[0].printer, told[0].state, told[0].waiting) == ("bar", "off", 3)
    assert health(condition, SILENT_S_MAX).printers is None


def test_a_disk_is_told_where_it_is_known(tmp_path: Path) -> None:
    assert health(Condition(None)).disk_size == 0
    assert 0 < health(Condition(tmp_path)).disk_free < health(Condition(tmp_path)).disk_size


def test_nothing_that_programs_say_makes_the_question_for_the_mark_unreadable() -> None:
    condition = Condition(None)
    say(condition, *[PrinterNow("p", "s" * 99, "") for _ in range(PRINTERS_MAX + 1)])
    asked = AskMark(health(condition))
    assert unpack_upload(pack(asked)) == asked


def test_what_is_no_report_is_refused() -> None:
    with pytest.raises(MessageRefused):
        Condition(None).heard_printers(b"{}", 0.0)
