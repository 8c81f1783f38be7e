import io

from rich.console import Console

from imagebuilder.flashing.bars import LiveBars, PlainBars, make_bars
from imagebuilder.flashing.digits import big


def test_the_score_can_be_read_across_a_room() -> None:
    lines = big("7/24").splitlines()
    assert len(lines) == 5
    assert lines[0] == "██████      ██  ██████  ██  ██"
    assert lines[4] == "    ██  ██      ██████      ██"


def test_plain_lines_say_each_step_once() -> None:
    bars = PlainBars(out := io.StringIO())
    bars.begin("sda", "8 GB")
    for share in (0.1, 0.2):
        bars.told("sda", "write", share)
    bars.end("sda", "unplugged", good=False)
    bars.score(7, 24)
    assert out.getvalue().splitlines() == [
        "sda: 8 GB",
        "sda: write",
        "sda: FAILED: unplugged",
        "7/24",
    ]


def test_a_terminal_shows_a_bar_per_unit_and_the_score() -> None:
    out = io.StringIO()
    bars = LiveBars(Console(file=out, force_terminal=True, width=100))
    bars.score(7, 24)
    for unit in ("sda", "sdb"):
        bars.begin(unit, "8 GB")
        bars.told(unit, "write", 0.5)
    bars._live.refresh()
    bars.end("sda", "good", good=True)
    bars.close()
    shown = out.getvalue()
    assert "sda" in shown
    assert " 50%" in shown
    assert big("7/24").splitlines()[0] in shown
    assert "✔ sda: good" in shown


def test_a_file_gets_plain_lines() -> None:
    assert isinstance(make_bars(io.StringIO()), PlainBars)
