"""R8: two terminals take the money of one check at the same moment, hearing each other or not."""

import threading
import time
import uuid
from dataclasses import dataclass
from functools import partial
from typing import Any

from comptoir.api_client import TillClient, TillUnreachable
from tests.faults.netns.box import Box
from tests.faults.netns.case import Sitting
from tests.faults.netns.house import TOKEN, NotReady
from tests.faults.netns.ledger import Ledger

CHECKS = "/api/v1/checks"
KNOWN_S, ASKED_S, TRIED_MAX = 30.0, 25.0, 8
PATIENT_S = 10.0  # a terminal asks its peers for 3 s before it takes money without them


def connected(sitting: Sitting) -> None:
    """Race while the terminals hear each other: for a check, for a part of it, for two parts."""
    for _ in range(sitting.rounds):
        check, due, pair = _open(sitting)
        payers = _race(sitting, check, [(box, due, "") for box in pair])
        _taken_by(sitting, check, payers, 1)
        _all_told(sitting, check, payers)
        check, due, pair = _open(sitting)
        part, amount = _halves(sitting, check, pair)[0]
        _taken_by(sitting, check, _race(sitting, check, [(box, amount, part) for box in pair]), 1)
        check, due, pair = _open(sitting)
        both = zip(pair, _halves(sitting, check, pair), strict=True)
        each = [(box, amount, part) for box, (part, amount) in both]
        _taken_by(sitting, check, _race(sitting, check, each), 2)


def _taken_by(sitting: Sitting, check: str, payers: "list[Payer]", wanted: int) -> None:
    """Find a fault unless so many took money; who took it says how long that was."""
    for payer in payers:
        if payer.paid:
            sitting.measured("taken after", payer.seconds)
    paid = sum(payer.paid for payer in payers)
    if paid != wanted:
        told = "; ".join(f"{payer.box.id}: {payer.refused or 'took it'}" for payer in payers)
        sitting.verdict.fault(f"{check}: {paid} took money where {wanted} should ({told})")


def _halves(sitting: Sitting, check: str, pair: list[Box]) -> list[tuple[str, int]]:
    """Split a check in two; returns both parts with what is due, once both terminals know."""
    parts = [{"id": uuid.uuid4().hex} for _ in pair]
    client = Payer(pair[0], sitting.house.ledger, check)
    body = {"split": uuid.uuid4().hex, "how": "even", "parts": parts}
    client.post(f"{CHECKS}/{check}/splits", body)
    client.close()

    def found(box: Box) -> list[tuple[str, int]]:
        told = sitting.house.ask(box, f"{CHECKS}/{check}")
        return [(one["id"], one["due"]) for one in told["bill"]["parts"]] if told else []

    sitting.house.until(lambda: len(found(pair[0])) == len(found(pair[1])) == len(parts), KNOWN_S)
    return found(pair[0])


def parted(sitting: Sitting) -> None:
    """Race while they do not: both moved money, and afterwards all say that it was too much."""
    house = sitting.house
    house.lan.internet(on=False)  # one would hear of the other's money by the cloud
    for _ in range(sitting.rounds):
        check, due, pair = _open(sitting)
        house.lan.part([pair[0].number])
        payers = _race(sitting, check, [(box, due, "") for box in pair])
        house.lan.heal()
        _taken_by(sitting, check, payers, 2)
        _all_told(sitting, check, payers)
    house.lan.internet(on=True)


def _open(sitting: Sitting) -> tuple[str, int, list[Box]]:
    """Open a check with a dish; returns it, what is due, and two terminals that know both."""
    house = sitting.house
    pair = house.dice.sample(house.boxes, 2)
    check = uuid.uuid4().hex
    client = Payer(pair[0], house.ledger, check)
    client.post(CHECKS, {"check": check})
    due = 0
    for item in house.dice.sample(house.room.items(), TRIED_MAX):
        body = {"line": uuid.uuid4().hex, "item": item["id"]}
        if not due and (done := client.post(f"{CHECKS}/{check}/lines", body)):
            due = done["check"]["due"]  # some dishes want more to be said, and are refused
    client.close()
    house.until(lambda: _due(sitting, pair[1], check) == due, KNOWN_S)
    return check, due, pair


def _due(sitting: Sitting, box: Box, check: str) -> int | None:
    found = sitting.house.ask(box, f"{CHECKS}/{check}")
    return found["due"] if found else None


def _all_told(sitting: Sitting, check: str, payers: "list[Payer]") -> None:
    """Wait until every terminal lists the check as overpaid, when all took its money."""
    for box in sitting.house.boxes if all(payer.paid for payer in payers) else ():
        try:
            sitting.house.until(partial(_overpaid, sitting, box, check), KNOWN_S)
        except NotReady:
            sitting.verdict.fault(f"{check}: two took its money and {box.id} tells nobody")


def _overpaid(sitting: Sitting, box: Box, check: str) -> bool:
    found = sitting.house.ask(box, "/api/v1/payments/overpaid")
    return bool(found) and any(one["check"] == check for one in found["overpayments"])


def _race(sitting: Sitting, check: str, wanted: "list[tuple[Box, int, str]]") -> "list[Payer]":
    """Let each terminal take an amount, maybe of a part, at once; returns who tried."""
    ledger = sitting.house.ledger
    payers = [Payer(box, ledger, check, amount, part) for box, amount, part in wanted]
    for payer in payers:
        payer.thread.start()
    for payer in payers:
        payer.thread.join(ASKED_S)
    return payers


@dataclass
class Payer:
    """A guest with cash in front of one terminal."""

    box: Box
    ledger: Ledger
    check: str
    due: int = 0
    part: str = ""
    paid: bool = False
    refused: str = ""
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.payment = uuid.uuid4().hex
        self.thread = threading.Thread(target=self._pay, name=f"payer at {self.box.id}")
        self._client: TillClient = self.box.client(TOKEN, PATIENT_S)

    def close(self) -> None:
        self._client.close()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Send a command; its answer when it was done, nothing when it was refused."""
        try:
            answer = self._client.post(path, body, uuid.uuid4().hex)
        except TillUnreachable as error:
            self.refused = str(error)
            return {}
        if not answer.ok:
            self.refused = answer.detail
            return {}
        self.ledger.answered(answer.body["events"], answer.body["safety"])
        return answer.body

    def _pay(self) -> None:
        one = f"{CHECKS}/{self.check}/payments"
        self.ledger.asks(self.payment, self.check, self.due)
        body = {"payment": self.payment, "tender": "cash", "amount": self.due, "part": self.part}
        begin_s = time.monotonic()
        if self.post(one, body) and self.post(f"{one}/{self.payment}/take", {"tendered": self.due}):
            self.ledger.pays(self.payment, self.check, self.due)
            self.paid, self.seconds = True, time.monotonic() - begin_s
        self.close()
