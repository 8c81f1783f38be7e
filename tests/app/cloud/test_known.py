"""What the cloud knows of terminals is what terminals know of each other (K20)."""

import pytest

from comptoir.cloud.known import Known
from comptoir.domain.events import Event
from comptoir.journal import event_of
from tests.app.commands.test_terminals import four, in_two_halves, of, retire, settle
from tests.fakes.box import Box

__all__ = ["four"]


def facts(box: Box, of_terminals: list[Box]) -> list[Event]:
    """Return the events about terminals that one holds, as the cloud reads them back."""
    logs = [box.journal.range((one.name, 1), 1, 1000, 1 << 20) for one in of_terminals]
    events = [event_of(sealed.payload) for log in logs for sealed in log]
    return [event for event in events if event.envelope.kind.startswith("terminal.")]


def test_two_that_retired_each_other_wait_for_a_decision(four: list[Box]) -> None:
    in_two_halves(four)
    known = Known(facts=facts(four[2], four))
    assert known.terminal("t1") == of(four[2], "t1")
    assert known.terminal("t1").suspended
    assert known.terminal("t2").suspended


@pytest.mark.parametrize("stolen", ["t2", "t3"])
def test_one_that_was_retired_is_out(four: list[Box], stolen: str) -> None:
    retire(four[0], stolen)
    settle([box for box in four if box.name != stolen], four)
    terminal = Known(facts=facts(four[0], four)).terminal(stolen)
    assert terminal.retired
    assert not terminal.suspended
