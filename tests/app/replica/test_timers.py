"""Timers: at once, then at their interval, never in a burst."""

import pytest

from comptoir.replica.timers import Timers


def test_an_action_runs_at_once_and_then_at_its_interval() -> None:
    timers, ran = Timers(), []
    timers.every(2.0, lambda: ran.append("x"))
    for now_s in (10.0, 11.9, 12.0):
        timers.run(now_s)
    assert ran == ["x", "x"]


def test_a_late_action_is_not_made_up_for() -> None:
    timers, ran = Timers(), []
    timers.every(1.0, lambda: ran.append("x"))
    timers.run(0.0)
    timers.run(9.0)
    timers.run(9.1)
    assert ran == ["x", "x"]


def test_the_wait_is_until_the_first_that_is_due() -> None:
    timers = Timers()
    timers.every(5.0, lambda: None)
    timers.every(2.0, lambda: None)
    timers.run(10.0)
    assert timers.wait_s(11.0) == pytest.approx(1.0)
    assert timers.wait_s(30.0) == 0.0
