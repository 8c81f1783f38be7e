"""R14: a terminal's certificate is used to flood its peers; how much slower do they become?"""

import json
import time
import uuid
from functools import partial
from pathlib import Path

from comptoir.demo.programs import Program
from comptoir.identity import read
from tests.faults.netns.box import RESTAURANT, Box
from tests.faults.netns.case import Sitting
from tests.faults.netns.cuts import require_sales
from tests.faults.netns.deaths import catch_up, come_back, told
from tests.faults.netns.flooder import COUNT
from tests.faults.netns.lan import at
from tests.faults.netns.races import CHECKS, Payer

ASKED = 60  # of each peer, in the calm and in the flood
PAUSE_S = 0.05
SLOWER_MAX = 2.0


def flood(sitting: Sitting) -> None:
    """Measure the answers of two terminals in the calm, and flooded by the third's certificate."""
    house = sitting.house
    for _ in range(sitting.rounds):
        box = house.dice.choice(house.boxes)
        peers = [one for one in house.boxes if one is not box]
        box.kill()
        house.wait(2.0)  # until they know
        calm = _answers(sitting, peers, "answered, calm, after")
        flooder = _flooder(box, peers)
        flooder.start()
        house.until(partial(_sent, box), sitting.patience_s)
        flooded = _answers(sitting, peers, "answered, flooded, after")
        require_sales(sitting, peers)
        flooder.require_alive()
        flooder.kill()
        sitting.counted("messages of the flood", _sent(box))
        if flooded > SLOWER_MAX * calm:
            sitting.counted("floods in which the middle answer took more than twice as long", 1)
        come_back(sitting, [box])
        catch_up(sitting, told(sitting), "all hold all again after")


def _answers(sitting: Sitting, peers: list[Box], name: str) -> float:
    """Seat guests at the peers, one after the other; returns the middle of the answers' times."""
    times = []
    for box in peers:
        guest = Payer(box, sitting.house.ledger, "")
        for _ in range(ASKED):
            begin_s = time.monotonic()
            guest.post(CHECKS, {"check": uuid.uuid4().hex})
            times.append(time.monotonic() - begin_s)
            sitting.measured(name, times[-1])
            time.sleep(PAUSE_S)
        if guest.refused:
            sitting.verdict.fault(f"{box.id}: {guest.refused}")
        guest.close()
    return sorted(times)[len(times) // 2]


def _flooder(box: Box, peers: list[Box]) -> Program:
    known = {one.id: (at(one.number), one.settings.lan_port, _certificate(one)) for one in peers}
    what = {"me": box.id, "restaurant": RESTAURANT.id, "peers": known}
    (box.folder / "flood.json").write_text(json.dumps(what), encoding="utf-8")
    (box.folder / COUNT).unlink(missing_ok=True)
    return box.other_program("tests.faults.netns.flooder", str(box.folder))


def _certificate(box: Box) -> str:
    return read(box.settings.identity_dir).card.lan_cert


def _sent(box: Box) -> int:
    file: Path = box.folder / COUNT
    return int(file.read_text(encoding="ascii") or 0) if file.exists() else 0
