"""Controls of runs with real programs: the simulation's defences, one off at a time."""

from tests.faults.controls import CONTROLS

__all__ = ["CONTROLS"]
