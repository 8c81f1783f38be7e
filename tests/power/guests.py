"""Somebody who waits for a booted till and sells at it until its power is gone."""

import threading
import time

from comptoir.api_client import TillUnreachable
from tests.power.plugged import PluggedBox
from tests.system.box import TILL_S_MAX

LOOK_AGAIN_S = 0.5


class Guests(threading.Thread):
    """``sold`` are checks; ``trouble`` is why it ended, if not because the power went."""

    def __init__(self, box: PluggedBox) -> None:
        super().__init__(name="guests")
        self._box = box
        self.found_till = False
        self.sold = 0
        self.trouble = ""

    def run(self) -> None:
        try:
            self._wait()
            while self._box.has_power:
                self._sell()
        except AssertionError as refused:
            self.trouble = str(refused)

    def _wait(self) -> None:
        end = time.monotonic() + TILL_S_MAX
        while self._box.has_power and not self.found_till:
            assert time.monotonic() < end, f"no till: {self._box.told()}"
            time.sleep(LOOK_AGAIN_S)
            self.found_till = self._box.healthy()

    def _sell(self) -> None:
        try:
            self._box.sign_in()
            while True:
                self._box.sell()
                self.sold += 1
        except TillUnreachable:
            time.sleep(LOOK_AGAIN_S)  # the power is gone, or the computer is very busy
