import pytest

from comptoir.demo.prompt import HELP, NotUnderstood, Order, lines, read


@pytest.mark.parametrize(
    ("line", "order"),
    [
        ("kill 2", Order("kill", number=2)),
        (" STEAL  3 ", Order("steal", number=3)),
        ("cut 1", Order("cut", number=1)),
        ("plug 1", Order("plug", number=1)),
        ("internet off", Order("internet", on=False)),
        ("internet on", Order("internet", on=True)),
        ("heal", Order("heal")),
        ("status", Order("status")),
        ("wait 2.5", Order("wait", seconds=2.5)),
        ("quit", Order("quit")),
    ],
)
def test_a_command_is_read(line: str, order: Order) -> None:
    assert read(line) == order


@pytest.mark.parametrize(
    "line",
    ["", "kill", "kill two", "heal 2", "internet", "wait", "wait long", "wait 9999", "rm -rf"],
)
def test_what_is_no_command_is_refused_with_the_commands_there_are(line: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        read(line)
    assert HELP in str(refused.value)


def test_a_script_may_have_comments_and_blank_lines() -> None:
    assert lines("# first\nkill 2  # a power cut\n\nwait 3\n") == ["kill 2", "wait 3"]
