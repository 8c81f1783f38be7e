"""R12: a terminal with an empty disk joins a restaurant that has sold for months."""

import shutil
import time
import uuid
from pathlib import Path

from comptoir import identity
from comptoir.bootstrap.desk import open_desk
from comptoir.bootstrap.terminal import migrate, open_journal
from comptoir.domain.envelope import LogId
from comptoir.journal import Journal, joining
from tests.fakes.past import open_checks, write_past
from tests.faults.netns.box import Box
from tests.faults.netns.case import Sitting
from tests.faults.netns.deaths import catch_up, told
from tests.faults.netns.house import READY_S, House
from tests.faults.netns.kitchen import DISHES_MAX
from tests.faults.netns.races import CHECKS, Payer

EVENTS = 500_000
TABLE = open_checks()[-1]
WHOLE_S = 1200.0


def joins(sitting: Sitting) -> None:
    """Empty a terminal's disk; it must sell at a table long before it knows the past."""
    house = sitting.house
    old, copy, new = house.boxes
    house.lan.internet(on=False)  # what the cloud sends back is another case
    for n in range(sitting.rounds):
        house.send_home()
        catch_up(sitting, told(sitting), "all hold all before, after")
        for box in house.boxes:
            box.kill()
        if n == 0:
            _sell_for_months(house, old)
            _empty_disk(copy)
            shutil.copy(old.settings.journal_file, copy.settings.journal_file)
        _empty_disk(new)
        for box in (old, copy):
            box.switch_on()
        house.until(lambda: all(map(house.sells, (old, copy))), READY_S)
        house.seat_at([old, copy])
        _join(sitting, new, house.vector(old))


def _join(sitting: Sitting, new: Box, past: dict[LogId, int]) -> None:
    """Measure until it has sold at a table, and until it has folded everything."""
    house, begin_s = sitting.house, time.monotonic()
    new.switch_on()
    house.until(lambda: _sells_at_table(house, new), WHOLE_S)
    sitting.measured("sells at a table after", time.monotonic() - begin_s)
    if _holds(house, new, past):
        sitting.verdict.fault(f"{new.id} sells at a table only once it holds everything")
    house.seat_at(house.boxes)
    journal = Journal(Path(new.settings.journal_file))
    house.until(lambda: _holds(house, new, past) and joining.settled(journal), WHOLE_S)
    sitting.measured("has folded everything after", time.monotonic() - begin_s)
    journal.close()


def _sells_at_table(house: House, box: Box) -> bool:
    """Try to add a dish to a check that another terminal opened last."""
    client = Payer(box, house.ledger, TABLE)
    dishes = house.dice.sample(house.room.items(), DISHES_MAX)  # some want more to be said
    sold = any(
        client.post(f"{CHECKS}/{TABLE}/lines", {"line": uuid.uuid4().hex, "item": dish["id"]})
        for dish in dishes
    )
    client.close()
    return sold


def _holds(house: House, box: Box, past: dict[LogId, int]) -> bool:
    vector = house.vector(box)
    return all(vector.get(log, 0) >= seq for log, seq in past.items())


def _sell_for_months(house: House, box: Box) -> None:
    journal = open_journal(box.settings)
    desk = open_desk(journal, identity.read(box.settings.identity_dir))
    desk.log.open(peers_answered=True)  # all hold the same
    for paid in write_past(desk.log, EVENTS):
        house.ledger.asks(paid.payment, paid.check, paid.amount)
    desk.log.close()
    journal.close()


def _empty_disk(box: Box) -> None:
    shutil.rmtree(box.settings.data_dir)
    box.settings.data_dir.mkdir()
    migrate(box.settings)
