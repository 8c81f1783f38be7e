"""F3: the terminal that should print a kitchen ticket dies between the order and the paper."""

import json
import time
import uuid
from collections import Counter
from functools import partial

from comptoir.domain.tickets import all_tickets
from tests.fakes.printer import FakePrinter, Piece
from tests.faults.netns.box import Box
from tests.faults.netns.case import Sitting
from tests.faults.netns.house import READY_S, TOKEN, House, NotReady
from tests.faults.netns.lan import ROUTER
from tests.faults.netns.ledger import SAFE_LEVELS
from tests.faults.netns.oracle import Disks
from tests.faults.netns.races import CHECKS, KNOWN_S, Payer

PRINTER, MARKED = "kitchen", "POSSIBLE DUPLICATE"
DEAD_S_MAX = 0.25  # after the order, so before, in and after the paper
ID_LETTERS = 6  # of a ticket's id, at its foot
DISHES_MAX = 8
LEFT_MIN = 2  # one to die, one to print


def printing_dies(sitting: Sitting) -> None:
    """Send an order and kill its terminal; a ticket that others know must come out elsewhere."""
    house = sitting.house
    printer = FakePrinter(host=ROUTER)
    try:
        _publish(house, printer.port)
        for _ in range(sitting.rounds):
            house.wait(house.dice.uniform(0.3, 1.0))
            house.until(lambda: len(_selling(house)) >= LEFT_MIN, READY_S)
            box = house.dice.choice(_selling(house))
            ticket, safe = _order(sitting, box)
            time.sleep(house.dice.uniform(0.0, DEAD_S_MAX))
            box.kill()
            begin_s = time.monotonic()
            if safe:
                _require_paper(sitting, printer, ticket, begin_s)
            box.switch_on()
        house.until(lambda: len(_selling(house)) == len(house.boxes), READY_S)
        house.send_home()
        _judge(sitting, printer)
    finally:
        printer.switch_off()


def _selling(house: House) -> list[Box]:
    return [box for box in house.boxes if house.sells(box)]


def _publish(house: House, port: int) -> None:
    """Let all stations' tickets come out of this printer, and wait until all terminals know."""
    client = house.boxes[0].client(TOKEN)
    stations = client.get("/api/v1/printing").body["unrouted"]
    plan = {
        "printers": [
            {"id": PRINTER, "name": "Kitchen", "host": ROUTER, "port": port, "mode": "text"}
        ],
        "stations": [{"id": one, "name": one, "printer": PRINTER} for one in stations],
    }
    data = json.dumps(plan).encode()
    answer = client.put("/api/v1/printing", data, "application/json", uuid.uuid4().hex)
    client.close()
    house.ledger.answered(answer.body["events"], answer.body["safety"])
    house.until(lambda: all(_ready(house, box) for box in house.boxes), KNOWN_S)


def _ready(house: House, box: Box) -> bool:
    told = house.ask(box, "/api/v1/printing")
    return bool(told) and [one["state"] for one in told["now"]] == ["ready"]


def _order(sitting: Sitting, box: Box) -> tuple[str, bool]:
    """Send some dishes to the kitchen; returns the ticket, and whether a peer has it."""
    house, check = sitting.house, uuid.uuid4().hex
    client = Payer(box, house.ledger, check)
    client.post(CHECKS, {"check": check})
    for item in house.dice.sample(house.room.items(), DISHES_MAX):
        if client.post(f"{CHECKS}/{check}/lines", {"line": uuid.uuid4().hex, "item": item["id"]}):
            break  # some dishes want more to be said, and are refused
    answer = client.post(f"{CHECKS}/{check}/fire", {})
    client.close()
    return check, bool(answer) and answer["safety"] in SAFE_LEVELS


def _require_paper(sitting: Sitting, printer: FakePrinter, check: str, begin_s: float) -> None:
    house = sitting.house
    alive = house.living[0]
    try:
        house.until(partial(_printed, house, alive, printer, check), sitting.patience_s)
        sitting.measured("printed by another after", time.monotonic() - begin_s)
    except NotReady:
        sitting.verdict.fault(f"{check}: its ticket came out nowhere")


def _printed(house: House, box: Box, printer: FakePrinter, check: str) -> bool:
    told = house.ask(box, f"{CHECKS}/{check}/papers")
    names = [one["ticket"] for one in told["papers"]] if told else []
    return bool(names) and all(_pieces(printer)[name[:ID_LETTERS]] for name in names)


def _pieces(printer: FakePrinter, *, unmarked: bool = False) -> Counter[str]:
    """Count the papers of each ticket, by the end of its foot; or those without a mark."""
    return Counter(
        piece.text.split()[-1]
        for piece in list(printer.pieces)
        if not (unmarked and _marked(piece))
    )


def _marked(piece: Piece) -> bool:
    return MARKED in " ".join(piece.text.split())  # large letters are broken into lines


def _judge(sitting: Sitting, printer: FakePrinter) -> None:
    """Find every ticket that guests' orders made on paper, and at most once without a mark."""
    wanted = _tickets(sitting)
    try:
        sitting.house.until(lambda: not wanted - _pieces(printer).keys(), sitting.patience_s)
    except NotReady:
        gone = sorted(wanted - _pieces(printer).keys())
        sitting.verdict.fault(f"{len(gone)} of {len(wanted)} tickets came out nowhere: {gone[:3]}")
    bare = {name: n for name, n in _pieces(printer, unmarked=True).items() if n > 1}
    if bare:
        sitting.verdict.fault(f"{len(bare)} tickets came out twice and did not say so: {bare}")
    count = _pieces(printer)
    sitting.counted("tickets", len(wanted))
    sitting.counted("papers marked", sum(map(_marked, printer.pieces)))
    sitting.counted("tickets printed twice", sum(n > 1 for n in count.values()))


def _tickets(sitting: Sitting) -> set[str]:
    house = sitting.house
    disks = Disks(house, house.boxes, cloud=False)
    try:
        return {
            ticket.id[:ID_LETTERS]
            for journal in disks.journals.values()
            for check in journal.states("check")
            for ticket in all_tickets(
                journal.events(f"check:{check.id}"), journal.state(f"tickets:{check.id}")
            )
        }
    finally:
        disks.close()
