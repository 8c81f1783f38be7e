"""R14: a terminal's certificate is used to flood its peers; how much slower do they become?"""

import json
import time
import uuid
from functools import partial
from pathlib import Path

from comptoir.demo.programs import Program
from comptoir.identity import read
from tests.faults.netns.box import RESTAURANT, Box, firewall_defaults
from tests.faults.netns.case import Sitting
from tests.faults.netns.cuts import require_sales
from tests.faults.netns.deaths import catch_up, come_back, told
from tests.faults.netns.flooder import COUNT
from tests.faults.netns.lan import at
from tests.faults.netns.races import CHECKS, Payer

ASKED = 60  # of each peer, in the calm and in the flood
PAUSE_S = 0.05
SLOWER_MAX = 2.0
KIB, MIB = 1024, 1024 * 1024


def flood(sitting: Sitting) -> None:
    """Measure the answers of two terminals in the calm, and flooded by the third's certificate."""
    house = sitting.house
    for _ in range(sitting.rounds):
        box = house.dice.choice(house.boxes)
        peers = [one for one in house.boxes if one is not box]
        box.kill()
        house.wait(2.0)  # until they know
        house.seat_at(peers)
        calm = _answers(sitting, peers, "answered, calm, after")
        flooder = _flooder(box, peers)
        flooder.start()
        begin_s = time.monotonic()
        house.until(partial(_begun, box), sitting.patience_s)
        flooded = _answers(sitting, peers, "answered, flooded, after")
        require_sales(sitting, peers)
        flooder.require_alive()
        flooder.kill()
        _require_bounds(sitting, _taken(box), len(peers), time.monotonic() - begin_s)
        if flooded > SLOWER_MAX * calm:
            sitting.counted("floods in which the middle answer took more than twice as long", 1)
        come_back(sitting, [box])
        catch_up(sitting, told(sitting), "all hold all again after")
        house.seat_at(house.boxes)


def _require_bounds(sitting: Sitting, taken: tuple[int, int], peers: int, seconds: float) -> None:
    """Find a fault when more of the flood was taken than the role's firewall lets pass."""
    messages, size = taken
    sitting.counted("messages of the flood", messages)
    sitting.counted("MiB of the flood", round(size / MIB))
    limit = firewall_defaults()["firewall_limits"][0]
    allowed = peers * KIB * (limit["kbytes_burst"] + limit["kbytes_per_second"] * seconds)
    if size > allowed:
        passed, most = size / MIB, allowed / MIB
        sitting.verdict.fault(f"{passed:.0f} MiB of the flood were taken, {most:.0f} may pass")


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


def _begun(box: Box) -> bool:
    return _taken(box)[0] > 0


def _taken(box: Box) -> tuple[int, int]:
    """Return how many messages, and how many bytes in them, the brokers took."""
    file: Path = box.folder / COUNT
    if not file.exists():
        return 0, 0
    messages, size = json.loads(file.read_text(encoding="ascii"))
    return messages, size
