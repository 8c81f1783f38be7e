"""R8: two terminals take the money of one check at the same moment, hearing each other or not."""

import threading
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
KNOWN_S, ASKED_S, TRIED_MAX = 30.0, 15.0, 8


def connected(sitting: Sitting) -> None:
    """Race while the terminals hear each other; if both take money, all say so."""
    for _ in range(sitting.rounds):
        check, due, pair = _open(sitting)
        _all_told(sitting, check, _race(sitting, check, due, pair))


def parted(sitting: Sitting) -> None:
    """Race while they do not: both moved money, and afterwards all say that it was too much."""
    house = sitting.house
    for _ in range(sitting.rounds):
        check, due, pair = _open(sitting)
        house.lan.part([pair[0].number])
        paid = _race(sitting, check, due, pair)
        house.lan.heal()
        _all_told(sitting, check, paid)


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


def _all_told(sitting: Sitting, check: str, paid: int) -> None:
    """Wait until every terminal lists the check as overpaid, when two took its money."""
    for box in sitting.house.boxes if paid > 1 else ():
        try:
            sitting.house.until(partial(_overpaid, sitting, box, check), KNOWN_S)
        except NotReady:
            sitting.verdict.fault(f"{check}: two took its money and {box.id} tells nobody")


def _overpaid(sitting: Sitting, box: Box, check: str) -> bool:
    found = sitting.house.ask(box, "/api/v1/payments/overpaid")
    return bool(found) and any(one["check"] == check for one in found["overpayments"])


def _race(sitting: Sitting, check: str, due: int, pair: list[Box]) -> int:
    """Let both take all of the money at once; returns how many were told that it was taken."""
    payers = [Payer(box, sitting.house.ledger, check, due) for box in pair]
    for payer in payers:
        payer.thread.start()
    for payer in payers:
        payer.thread.join(ASKED_S)
    return sum(payer.paid for payer in payers)


@dataclass
class Payer:
    """A guest with cash in front of one terminal."""

    box: Box
    ledger: Ledger
    check: str
    due: int = 0
    paid: bool = False

    def __post_init__(self) -> None:
        self.payment = uuid.uuid4().hex
        self.thread = threading.Thread(target=self._pay, name=f"payer at {self.box.id}")
        self._client: TillClient = self.box.client(TOKEN)

    def close(self) -> None:
        self._client.close()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Send a command; its answer when it was done, nothing when it was refused."""
        try:
            answer = self._client.post(path, body, uuid.uuid4().hex)
        except TillUnreachable:
            return {}
        if not answer.ok:
            return {}
        self.ledger.answered(answer.body["events"], answer.body["safety"])
        return answer.body

    def _pay(self) -> None:
        one = f"{CHECKS}/{self.check}/payments"
        self.ledger.asks(self.payment, self.check, self.due)
        body = {"payment": self.payment, "tender": "cash", "amount": self.due}
        if self.post(one, body) and self.post(f"{one}/{self.payment}/take", {"tendered": self.due}):
            self.ledger.pays(self.payment, self.check, self.due)
            self.paid = True
        self.close()
