"""The power is cut while the till sells: what it acknowledged is still there, everywhere."""

import random
import threading
import time
import uuid

import pytest

from comptoir.api_client import TillUnreachable
from tests.system.conftest import Street

pytestmark = pytest.mark.system

SELL_S = (5.0, 15.0)


class Guests(threading.Thread):
    """Opens checks without a pause until the till is gone."""

    def __init__(self, street: Street) -> None:
        super().__init__(name="guests")
        self._box = street.box
        self.refused: AssertionError | None = None

    def run(self) -> None:
        while True:
            name = uuid.uuid4().hex
            try:
                self._box.post("/checks", {"check": name, "table": "1", "covers": 1}, name)
            except TillUnreachable:
                return
            except AssertionError as error:
                self.refused = error
                return


def test_nothing_acknowledged_is_missing_after_a_power_cut(street: Street) -> None:
    box, seed = street.box, random.randrange(1 << 32)
    before = len(box.acknowledged)
    guests = Guests(street)
    guests.start()
    time.sleep(random.Random(seed).uniform(*SELL_S))
    box.kill()
    guests.join()
    acknowledged = len(box.acknowledged) - before
    assert guests.refused is None, guests.refused
    assert acknowledged > 0, f"seed {seed}: nothing was sold before the cut"

    box.start()
    held = box.journal()
    missing = [(epoch, seq) for epoch, seq in box.acknowledged if held.get(epoch, 0) < seq]
    assert missing == [], f"seed {seed}: of {acknowledged} acknowledged {len(missing)} are lost"
    street.wait_shared()
    box.sell()
    street.wait_shared()
